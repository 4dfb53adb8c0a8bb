import type { Feature } from "./features";

/** Features in words for people, as they stand beside their effects. */
export const featureLabels: Readonly<Record<Feature, string>> = {
  score: "similarity to the query",
  margin_to_lowest: "how far above the lowest positive",
  margin_to_highest: "how far above the highest positive",
  ratio: "score relative to the lowest positive's",
  positive_similarity: "similarity to the most alike positive",
  mean_positive_similarity: "mean similarity to the positives",
  log_rank: "rank among the nearest",
  top_score: "how near the query is to the corpus",
  query_words: "share of the query's words",
  positive_words: "words shared with a positive",
  answer_hit: "contains the query's answer",
  same_article: "from a positive's article",
  same_topic: "from a positive's topic",
  agreement: "share of the sources that found it",
  llm_verdict: "a language model's verdict",
};

/** Why a passage is suspected or not: what a value above and below the average candidate's means. */
const featureReasons: Readonly<Record<Feature, { readonly above: string; readonly below: string }>> = {
  score: { above: "very near the query", below: "rather far from the query" },
  margin_to_lowest: { above: "about as near the query as a positive", below: "well below the positives" },
  margin_to_highest: { above: "about as near the query as its best positive", below: "well below the best positive" },
  ratio: { above: "scores about as high as a positive", below: "scores well below the positives" },
  positive_similarity: { above: "much like a positive", below: "unlike any positive" },
  mean_positive_similarity: { above: "much like the positives", below: "unlike the positives" },
  log_rank: { above: "far down the ranking", below: "among the very nearest" },
  top_score: { above: "the query is near many passages", below: "the query is near few passages" },
  query_words: { above: "has most of the query's words", below: "has few of the query's words" },
  positive_words: { above: "shares many words with a positive", below: "shares few words with a positive" },
  answer_hit: { above: "contains the answer", below: "does not contain the answer" },
  same_article: { above: "from a positive's article", below: "from another article" },
  same_topic: { above: "from a positive's topic", below: "from another topic" },
  agreement: { above: "found by several sources", below: "found by few sources" },
  llm_verdict: { above: "a language model calls it relevant", below: "a language model calls it not relevant" },
};

/** Features that say much the same share a reason: their effects are one, split by chance. */
export const featureFamilies: readonly (readonly Feature[])[] = [
  ["score", "margin_to_lowest", "margin_to_highest", "ratio", "log_rank", "top_score"],
  ["positive_similarity", "mean_positive_similarity"],
  ["query_words"],
  ["positive_words"],
  ["answer_hit"],
  ["same_article", "same_topic"],
  ["agreement"],
  ["llm_verdict"],
];

/** Cosine similarity from which a passage is called a positive's near copy. */
const nearCopy = 0.95;

/** The reason that a feature's value gives, by which side of the average candidate it is on. */
export function reasonOf(feature: Feature, value: number, isAbove: boolean): string {
  if (feature === "positive_similarity" && value >= nearCopy) return "almost the positive's text";
  if (feature === "llm_verdict" && value > 0 && value < 1) return "a language model calls it relevant in part";
  return featureReasons[feature][isAbove ? "above" : "below"];
}
