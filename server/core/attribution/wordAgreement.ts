import { tokenize } from "../lexical/tokenize";

/**
 * Token F1 of two answers (Rajpurkar et al. 2016, SQuAD): 2 · common words / (words of one + words of the other), a word counting as often as it
 * is there. In [0, 1]. Words are those of the lexical search, so that punctuation and case do not matter and scripts without blanks are cut into
 * words too. Answers without any words, such as "%", agree where they are the same.
 */
export function wordAgreement(one: string, other: string): number {
  const words = tokenize(one);
  const otherWords = tokenize(other);
  if (words.length === 0 || otherWords.length === 0) return one.trim() === other.trim() ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of words) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of otherWords) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    common += 1;
    left.set(word, count - 1);
  }
  return (2 * common) / (words.length + otherWords.length);
}
