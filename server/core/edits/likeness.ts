import { tokenize } from "../lexical/tokenize";

/** From this share of common words on, a text that took another's place is that text with corrections. */
const CORRECTED_FROM = 0.6;

/** Whether one text is the other with corrections: most words stayed. Case and punctuation do not count. */
export function isCorrected(before: string, after: string): boolean {
  return wordShare(before, after) >= CORRECTED_FROM;
}

/** Share of words that two texts have in common, by number (Dice's coefficient of the multisets), in [0, 1]; 0 where one has none. */
export function wordShare(a: string, b: string): number {
  const [left, right] = [tokenize(a), tokenize(b)];
  if (left.length === 0 || right.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of right) {
    const count = counts.get(word) ?? 0;
    if (count === 0) continue;
    counts.set(word, count - 1);
    common += 1;
  }
  return (2 * common) / (left.length + right.length);
}
