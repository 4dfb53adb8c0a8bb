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

/**
 * The same for a value under a key. Under "score" or "scores" a number with a fraction is a similarity, of whatever size: logits of
 * cross-encoders go far above 1.
 */
export function relevanceUnder(key: string, value: unknown): Relevance {
  if (typeof value !== "number" && typeof value !== "boolean") return "neither";
  return isScoreKey(key) && !Number.isInteger(Number(value)) ? "neither" : relevanceOf(Number(value));
}

export function isScoreKey(key: string): boolean {
  return key === "score" || key === "scores";
}
