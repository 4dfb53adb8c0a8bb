import type { SamplerConfig } from "../config/samplerSchema";
import type { Verdict } from "../marks/mark";
import { anchorOf } from "../mining/anchors";
import { fateOf, PINNED, SAMPLED, UNDECIDED } from "../mining/candidate";
import { quantile } from "../mining/simans";
import type { SourceSettings } from "../mining/sourceSettings";
import { Tally } from "../mining/tally";
import type { MiningTotals } from "../mining/tally";
import type { MinedQuery } from "../mining/miningState";
import { Histogram } from "./histogram";

/** A marked candidate, to be shown among the others. */
export interface MarkedCandidate {
  readonly verdict: Verdict;
  /** Score less the margin anchor's; NaN where unknown. */
  readonly difference: number;
  readonly positiveSimilarity: number;
  readonly query: number;
}

/** A threshold as a place on an axis. */
export interface LimitOnAxis {
  readonly parameter: string;
  readonly at: number;
  readonly drops: "above" | "below";
}

/** What a sampler comes to over the queries that it was shown. */
export interface SamplerSummary {
  readonly totals: MiningTotals;
  /** Of D, the score less the score of the margin anchor, and of s(d+, d), the highest similarity to a positive. */
  readonly difference: Histogram;
  readonly positiveSimilarity: Histogram;
  readonly differenceLimits: readonly LimitOnAxis[];
  readonly positiveSimilarityLimits: readonly LimitOnAxis[];
  readonly marks: readonly MarkedCandidate[];
}

/** No threshold is about these: the histograms leave them out. */
const OWN_POSITIVE = fateOf("own_positive");
const QUERY_TEXT = fateOf("query_text");

/** Adds up decisions of one sampler for the sampler view. */
export class SamplerSummariser {
  readonly #sampler: SamplerConfig;
  readonly #sources: readonly SourceSettings[];
  readonly #tally: Tally;
  // Cosine similarities of text encoders lie within these stretches nearly always.
  readonly #difference = new Histogram(-1, 0.5, 150);
  readonly #positiveSimilarity = new Histogram(-0.2, 1, 120);
  readonly #marks: MarkedCandidate[] = [];
  readonly #anchors: number[] = [];
  readonly #model: string | undefined;

  /** @param model fingerprint of the encoder, as marks have it */
  constructor(sampler: SamplerConfig, sources: readonly SourceSettings[], model: string | undefined) {
    this.#sampler = sampler;
    this.#sources = sources;
    this.#model = model;
    this.#tally = new Tally(sources);
  }

  add(mined: MinedQuery): void {
    const { pool, decision } = mined;
    this.#tally.add(pool, decision);
    const anchor = anchorOf(pool.positiveScores, this.#sampler.margin_anchor);
    if (!Number.isNaN(anchor)) this.#anchors.push(anchor);
    for (let row = 0; row < decision.fates.length; row += 1) {
      const fate = decision.fates[row] ?? UNDECIDED;
      if (fate === UNDECIDED || fate === OWN_POSITIVE || fate === QUERY_TEXT) continue;
      const isKept = fate === PINNED || fate === SAMPLED;
      this.#difference.add((pool.scores[row] ?? Number.NaN) - anchor, isKept);
      this.#positiveSimilarity.add(pool.positiveSimilarity[row] ?? Number.NaN, isKept);
    }
    if (mined.verdicts.marksOfGroup.size > 0) this.#addMarks(mined, anchor);
  }

  summary(): SamplerSummary {
    return {
      totals: this.#tally.totals(),
      difference: this.#difference,
      positiveSimilarity: this.#positiveSimilarity,
      differenceLimits: this.#limits(({ absolute_margin, relative_margin }) => [
        ["absolute_margin", absolute_margin === null ? null : -absolute_margin],
        // In D a relative margin lies elsewhere for each query; it is drawn where the median positive puts it.
        ["relative_margin", relative_margin === null ? null : -relative_margin * Math.abs(this.#medianAnchor())],
      ]),
      positiveSimilarityLimits: this.#limits(({ max_positive_similarity, near_duplicate_similarity }) => [
        ["max_positive_similarity", max_positive_similarity],
        ["near_duplicate_similarity", near_duplicate_similarity],
      ]),
      marks: this.#marks,
    };
  }

  /** A passage that its mark made a positive is measured against the others: against itself it would always be at 0 and 1. */
  #addMarks({ pool, facts, verdicts, query }: MinedQuery, anchor: number): void {
    const { documents } = facts.identity.collection;
    const promoted = new Set(verdicts.promoted.map((document) => documents[document]?.group));
    const listedScores = pool.positiveScores.filter((_, at) => !verdicts.promoted.includes(pool.positives[at] ?? -1));
    const listedAnchor = anchorOf(listedScores, this.#sampler.margin_anchor);
    for (const [row, group] of facts.groups.entries()) {
      const isPromoted = promoted.has(group);
      const difference = (pool.scores[row] ?? Number.NaN) - (isPromoted ? listedAnchor : anchor);
      for (const mark of verdicts.marksOfGroup.get(group) ?? []) {
        const seen = mark.model !== undefined && mark.model === this.#model ? mark.positive_similarity : undefined;
        const positiveSimilarity = isPromoted ? seen : pool.positiveSimilarity[row];
        this.#marks.push({ verdict: mark.verdict, difference, positiveSimilarity: positiveSimilarity ?? Number.NaN, query });
      }
    }
  }

  #medianAnchor(): number {
    return quantile(Float64Array.from(this.#anchors).sort(), 0.5);
  }

  /** The limits of all sources; one that sources share is there once, and one that they do not share is named with its source. */
  #limits(read: (settings: SourceSettings) => readonly (readonly [string, number | null])[]): readonly LimitOnAxis[] {
    const found = this.#sources.flatMap((settings) =>
      read(settings).flatMap(([parameter, at]) =>
        at === null || Number.isNaN(at) ? [] : [{ parameter, at, source: settings.source, drops: "above" as const }],
      ),
    );
    const isShared = (parameter: string): boolean =>
      new Set(found.filter((limit) => limit.parameter === parameter).map(({ at }) => at)).size <= 1;
    const named = found.map(({ source, ...limit }) =>
      isShared(limit.parameter) ? limit : { ...limit, parameter: `${limit.parameter} (${source})` },
    );
    return named.filter((limit, i) => named.findIndex((other) => other.parameter === limit.parameter && other.at === limit.at) === i);
  }
}
