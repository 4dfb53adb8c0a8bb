/**
 * What is known of a query and a passage without anybody's judgement of that very pair. Positives are those in force, the passage itself
 * left out where a mark made it one: a pair has the same features before and after it is marked.
 */
export const FEATURES = [
  /** s(q, d), cosine similarity of the passage to the query. */
  "score",
  /** s(q, d) less the lowest and the highest score of a positive. */
  "margin_to_lowest",
  "margin_to_highest",
  /** s(q, d) over the lowest score of a positive. */
  "ratio",
  /** max and mean s(d+, d), cosine similarity of the passage to the positives. */
  "positive_similarity",
  "mean_positive_similarity",
  /** Natural logarithm of the rank among the nearest; of one more than their number for a passage that is not among them. */
  "log_rank",
  /** Highest score of a passage that is no positive: how near the query is to the corpus at all. */
  "top_score",
  /** Part of the query's different words that the passage has, rare words counting more. */
  "query_words",
  /** Words in common with the most alike positive over the words of either (Jaccard), rare words counting more. */
  "positive_words",
  /** 1 where the passage contains an answer that the query's record names, 0 where it does not. */
  "answer_hit",
  /** 1 where the passage shares an article or a topic with a positive. */
  "same_article",
  "same_topic",
  /** Share of the sources of the mix that found the passage. */
  "agreement",
  /** How far a language model calls the passage relevant: 1 relevant or a duplicate of the positive, .5 in part, 0 not. */
  "llm_verdict",
] as const;

export type Feature = (typeof FEATURES)[number];

/** Features of many pairs, one pair after the other in the order of `FEATURES`; NaN where a feature is not known. */
export type FeatureTable = Float64Array;

/**
 * Mean and standard deviation of each feature over candidates of the data set, in the order of `FEATURES`; deviation 0: the feature says nothing.
 * That of language models' verdicts is fixed, see `VERDICT_SCALE`.
 */
export interface FeatureScale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/**
 * The scale of `llm_verdict` wherever there is such a verdict at all. It is not taken from the candidates: models are asked about few of them, the most
 * suspicious first, so that their mean says how far a run has come and not what a verdict is worth; and three verdicts that are all alike would
 * have no deviation, though each says much. About a fifth of hard candidates are called relevant, the partly relevant counted half.
 */
export const VERDICT_SCALE = { mean: 0.22, deviation: 0.33 } as const;

const VERDICT_PLACE = FEATURES.indexOf("llm_verdict");

/** Adds up the scale over candidates, marked or not: it knows no label. */
export class FeatureScaler {
  readonly #counts = FEATURES.map(() => 0);
  readonly #means = FEATURES.map(() => 0);
  readonly #squares = FEATURES.map(() => 0);

  /** Welford's update (1962). Unknown values are passed over. */
  add(table: FeatureTable, pair: number): void {
    for (let feature = 0; feature < FEATURES.length; feature += 1) {
      const value = table[pair * FEATURES.length + feature] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const count = (this.#counts[feature] ?? 0) + 1;
      const mean = this.#means[feature] ?? 0;
      const next = mean + (value - mean) / count;
      this.#counts[feature] = count;
      this.#means[feature] = next;
      this.#squares[feature] = (this.#squares[feature] ?? 0) + (value - mean) * (value - next);
    }
  }

  /** @param hasVerdicts whether language models have judged any pair of the data set; without, `llm_verdict` says nothing */
  scale(hasVerdicts = false): FeatureScale {
    const deviations = this.#squares.map((squares, feature) => {
      const count = this.#counts[feature] ?? 0;
      return count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    });
    const verdicts = hasVerdicts ? VERDICT_SCALE : { mean: 0, deviation: 0 };
    return { means: this.#means.with(VERDICT_PLACE, verdicts.mean), deviations: deviations.with(VERDICT_PLACE, verdicts.deviation) };
  }
}
