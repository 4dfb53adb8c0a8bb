import type { SamplerConfig } from "../config/samplerSchema";
import { wantsSecondScores } from "./secondLook";
import type { SourceSettings } from "./sourceSettings";

/**
 * What of a sampler decides which candidates are searched for, as opposed to what is decided about them. Pools that were made for one shape
 * serve every sampler with the same key that looks no deeper.
 */
export interface SearchShape {
  readonly key: string;
  /** How far each source's list reaches at least. */
  readonly depths: readonly number[];
}

/** Below this similarity pairs of candidates are not known, unless a sampler asks for them. */
const pairFloor = 0.8;

export function searchShape(sampler: SamplerConfig, sources: readonly SourceSettings[]): SearchShape {
  const { compat, seed, bm25, hybrid, same_article, same_topic, rescore, mix, sampling_strategy } = sampler;
  const { adjacent: _, ...article } = same_article;
  const lists = sources.map((settings) => {
    const { source, range_after_filters, where, depth, n } = settings;
    // Fused ranks change with the depth of what is fused; a note on a small group says how many were wanted.
    return [source, range_after_filters, source === "random" ? where : [], source === "hybrid" ? depth : 0, isGroup(source) ? n : 0];
  });
  const similar = pairFloorOf(sources);
  // Which candidates get a second score depends on every rule before it, but for the guard, which rests on what marks have taught.
  const rescored = wantsSecondScores(sources) ? [rescore, sampler, mix, sampling_strategy] : [];
  return {
    key: JSON.stringify([compat, seed, lists, bm25, hybrid, article, same_topic, similar, rescored], withoutGuard),
    depths: sources.map(({ source, depth, n }) => (source === "random" ? 2 * n + 10 : depth)),
  };
}

function withoutGuard(name: string, value: unknown): unknown {
  return name === "max_fn_probability" ? undefined : value;
}

/** From which similarity on pairs of candidates have to be known; null where no source compares vectors. */
export function pairFloorOf(sources: readonly SourceSettings[]): number | null {
  const asked = sources.map(({ diversity_similarity }) => diversity_similarity).filter((least) => least !== null);
  return asked.length === 0 ? null : Math.min(pairFloor, ...asked);
}

/** Whether pools made for one shape hold all that another asks for. */
export function serves(made: SearchShape, asked: SearchShape): boolean {
  return made.key === asked.key && asked.depths.every((depth, position) => depth <= (made.depths[position] ?? 0));
}

function isGroup(source: string): boolean {
  return source === "same_article" || source === "same_topic";
}
