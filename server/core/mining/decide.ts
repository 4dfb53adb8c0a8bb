import type { Collection, Query } from "../collection/collection";
import type { SamplerConfig } from "../config/config";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { Candidate, CandidateSource, Decision, DropRule, KeepRule } from "./candidate";
import { choose } from "./choose";
import type { FilterContext, FilteredHit } from "./filters/filter";
import { duplicateRules, firstDrop, identityRules, scoreRules, windowRules } from "./filters/rules";
import type { Pool } from "./pool";

export interface DecisionContext {
  readonly collection: Collection;
  readonly sampler: SamplerConfig;
  readonly verdicts: QueryVerdicts;
}

interface Ruling {
  readonly rule: KeepRule | DropRule;
  readonly reason: string;
  readonly probability?: number;
}

/** The candidates of one query while they are being decided about. */
interface Round {
  readonly context: FilterContext;
  readonly hits: readonly FilteredHit[];
  /** Filled step by step; complete in the end. */
  readonly rulings: Map<FilteredHit, Ruling>;
}

/**
 * Decides about every candidate of one query: first the rules in their order, then the sampling strategy among those that no rule drops.
 * A pure function of its arguments. Passages marked true negatives are taken before any other and whatever the rules on rank and score
 * say. Too few survivors are reported as `short`, and never made up for.
 */
export function decide(pool: Pool, { collection, sampler, verdicts }: DecisionContext): Decision {
  const query = collection.queries[pool.query];
  if (query === undefined) {
    throw new RangeError(`The collection has no query ${String(pool.query)}.`);
  }
  const known = pool.positiveScores.filter((score) => !Number.isNaN(score));
  const anchor = known.length === 0 ? Number.NaN : Math.min(...known);
  const context = { collection, query, sampler, verdicts, pool, anchor, ...positiveNames(pool, query, collection) };
  const hits = hitsOf(pool, context);
  const round: Round = { context, hits, rulings: new Map() };
  const pinned = applyRules(round);
  const left = sampler.num_negatives - keepPinned(round, pinned);
  const effectiveCandidates = sample(round, left);
  const kept = hits.filter((hit) => isKept(round.rulings.get(hit))).length;
  return {
    candidates: inOrder(round).map((hit) => candidateOf(round, hit)),
    positiveScores: pool.positiveScores,
    anchor,
    short: verdicts.badQuery ? 0 : Math.max(0, sampler.num_negatives - kept),
    effectiveCandidates,
  };
}

/** Texts and ids of positives: the listed ones in force, the promoted ones, and those of queries with the same text. */
function positiveNames(pool: Pool, query: Query, collection: Collection): Pick<FilterContext, "positiveGroups" | "positiveIds"> {
  const positiveGroups = new Map<number, number>();
  const positiveIds = new Set<string>();
  for (const position of [...pool.positives, ...query.twinPositives]) {
    const document = collection.documents[position];
    if (document !== undefined) {
      positiveIds.add(document.id);
      if (!positiveGroups.has(document.group)) {
        positiveGroups.set(document.group, position);
      }
    }
  }
  return { positiveGroups, positiveIds };
}

/** Each document once. "random" draws from the whole corpus, so that the nearest documents are no candidates of it. */
function hitsOf(pool: Pool, { collection, sampler }: FilterContext): readonly FilteredHit[] {
  const retrieved = sampler.sampling_strategy === "random" ? [] : pool.hits;
  const hits = new Map<number, FilteredHit>();
  for (const { document, rank, score, positiveSimilarity } of [...retrieved, ...pool.drawn]) {
    const group = collection.documents[document]?.group;
    if (group !== undefined && !hits.has(document)) {
      hits.set(document, { document, rank, score, positiveSimilarity, group });
    }
  }
  return [...hits.values()];
}

/** Asks the rules about every candidate, and gives back those that are pinned. */
function applyRules(round: Round): readonly FilteredHit[] {
  const { context, hits } = round;
  const { sampler, pool, verdicts } = context;
  const pinnedGroups = new Set(verdicts.pinned.map((document) => context.collection.documents[document]?.group));
  const rules = [
    ...(sampler.range_after_filters ? [] : windowRules),
    ...duplicateRules,
    ...(pool.retrieval === "lexical" ? [] : scoreRules),
  ];
  const pinned: FilteredHit[] = [];
  for (const hit of hits) {
    const dropped = firstDrop(identityRules, hit, context);
    if (dropped === undefined && pinnedGroups.has(hit.group)) {
      pinned.push(hit);
      continue;
    }
    const ruling = dropped ?? firstDrop(rules, hit, context);
    if (ruling !== undefined) {
      round.rulings.set(hit, ruling);
    }
  }
  return pinned;
}

/** Keeps the pinned candidates, hardest first, as many as are wanted. Gives back their number. */
function keepPinned(round: Round, pinned: readonly FilteredHit[]): number {
  const { collection, sampler, verdicts } = round.context;
  let kept = 0;
  for (const hit of dropRepeatedTexts(round, [...pinned].sort(byScore))) {
    const authors = (verdicts.marksOfGroup.get(hit.group) ?? [])
      .filter(({ verdict }) => verdict === "true_negative")
      .map((mark) => mark.author);
    const by = authors.length === 0 ? "" : ` by ${[...new Set(authors)].sort().join(", ")}`;
    if (kept < sampler.num_negatives) {
      round.rulings.set(hit, { rule: "pinned", reason: `marked true negative${by}` });
      kept += 1;
    } else {
      const reason = `marked true negative${by}, but num_negatives ${String(sampler.num_negatives)} is reached by harder ones`;
      round.rulings.set(hit, { rule: "not_sampled", reason });
    }
  }
  // A copy of a pinned text under another id adds nothing.
  const groups = new Map(pinned.map((hit) => [hit.group, collection.documents[hit.document]?.id ?? ""]));
  for (const hit of undecided(round)) {
    const id = groups.get(hit.group);
    if (id !== undefined) {
      round.rulings.set(hit, { rule: "same_text", reason: sameTextReason(id) });
    }
  }
  return kept;
}

/** Draws among those that nothing was decided about. Gives back the effective number of candidates. */
function sample(round: Round, wanted: number): number {
  const { context, hits, rulings } = round;
  const { collection, query, sampler, pool, anchor } = context;
  const survivors = dropRepeatedTexts(round, windowed(round));
  const choice = choose({
    query,
    sampler,
    retrieval: pool.retrieval,
    anchor,
    wanted,
    survivors: survivors.map(({ document, score, group }) => ({ document, score, textKey: collection.groupKeys[group] ?? "" })),
    poolScores: hits.filter((hit) => isRival(rulings.get(hit)?.rule) && !Number.isNaN(hit.score)).map((hit) => hit.score),
  });
  const chosen = new Set(choice.chosen);
  const note = unaskedRules(context);
  for (const [position, hit] of survivors.entries()) {
    const probability = choice.probabilities?.[position];
    const ruling: Ruling = chosen.has(position)
      ? { rule: "sampled", reason: choice.taken(position) + note }
      : { rule: "not_sampled", reason: choice.left(position) };
    rulings.set(hit, probability === undefined ? ruling : { ...ruling, probability });
  }
  return choice.effectiveCandidates;
}

function isRival(rule: KeepRule | DropRule | undefined): boolean {
  return rule !== "own_positive" && rule !== "query_text";
}

/** Those that are left, nearest first, after the rank window where it counts survivors (sentence-transformers' order). */
function windowed(round: Round): readonly FilteredHit[] {
  const { sampler } = round.context;
  const left = undecided(round);
  if (!sampler.range_after_filters || sampler.sampling_strategy === "random") {
    return left;
  }
  const { range_min: least, range_max: most } = sampler;
  return [...left].sort(byScore).filter((hit, index) => {
    const rank = index + 1;
    if (rank > least && rank <= most) {
      return true;
    }
    const rule = rank <= least ? "range_min" : "range_max";
    const limit = rank <= least ? `the first ${String(least)} are skipped` : `range_max is ${String(most)}`;
    round.rulings.set(hit, { rule, reason: `number ${String(rank)} of the survivors by score: ${limit}` });
    return false;
  });
}

/** Of documents with the same normalised text the first stays. */
function dropRepeatedTexts(round: Round, hits: readonly FilteredHit[]): readonly FilteredHit[] {
  const first = new Map<number, FilteredHit>();
  return hits.filter((hit) => {
    const earlier = first.get(hit.group);
    if (earlier === undefined) {
      first.set(hit.group, hit);
      return true;
    }
    const id = round.context.collection.documents[earlier.document]?.id ?? "";
    round.rulings.set(hit, { rule: "same_text", reason: sameTextReason(id) });
    return false;
  });
}

function sameTextReason(id: string): string {
  return `the same text as "${id}", which is considered once`;
}

function undecided({ hits, rulings }: Round): readonly FilteredHit[] {
  return hits.filter((hit) => !rulings.has(hit));
}

/** Which of the rules that are switched on could not be asked. */
function unaskedRules({ pool, sampler, anchor }: FilterContext): string {
  if (pool.retrieval === "lexical") {
    return "; margins and score limits do not apply to BM25 scores";
  }
  const margins = sampler.absolute_margin !== null || sampler.relative_margin !== null;
  return margins && Number.isNaN(anchor) ? "; margins do not apply, since no positive has a score" : "";
}

function isKept(ruling: Ruling | undefined): boolean {
  return ruling?.rule === "pinned" || ruling?.rule === "sampled";
}

/** Hardest first; equal scores by rank, unknown scores last, in the order of the collection. */
function byScore(a: FilteredHit, b: FilteredHit): number {
  return compareScores(a.score, b.score) || byRank(a, b);
}

function compareScores(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return b - a;
}

/** Retrieved ones by rank, then those that were drawn. */
function byRank(a: FilteredHit, b: FilteredHit): number {
  const rankOf = (hit: FilteredHit): number => (hit.rank === 0 ? Number.MAX_SAFE_INTEGER : hit.rank);
  return rankOf(a) - rankOf(b) || a.document - b.document;
}

function inOrder({ hits, rulings }: Round): readonly FilteredHit[] {
  const kept = hits.filter((hit) => isKept(rulings.get(hit)));
  const dropped = hits.filter((hit) => !isKept(rulings.get(hit)));
  return [...kept.sort(byScore), ...dropped.sort(byRank)];
}

function candidateOf({ context, rulings }: Round, hit: FilteredHit): Candidate {
  const ruling = rulings.get(hit);
  if (ruling === undefined) {
    throw new Error(`Nothing was decided about document ${String(hit.document)}.`);
  }
  const { document, rank, score, positiveSimilarity } = hit;
  return { document, rank, score, positiveSimilarity, source: sourceOf(hit, context), kept: isKept(ruling), ...ruling };
}

function sourceOf(hit: FilteredHit, { pool, query, sampler }: FilterContext): CandidateSource {
  if (hit.rank === 0 && query.negatives.includes(hit.document)) {
    return "listed";
  }
  return pool.retrieval === "lexical" && sampler.sampling_strategy !== "random" ? "bm25" : sampler.sampling_strategy;
}
