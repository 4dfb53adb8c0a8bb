/** What a relevance label says about a passage. */
export type Relevance = "positive" | "negative" | "neither";

/**
 * Reads a label as qrels do: 1 and above is relevant, 0 is not. Anything else says neither: a value below 0 is used for "not
 * judged", and one between 0 and 1 is a similarity to be trained on, not a judgement.
 */
export function relevanceOf(label: number): Relevance {
  if (label >= 1) return "positive";
  return label === 0 ? "negative" : "neither";
}
