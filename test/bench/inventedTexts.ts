import { type Random, seededRandom } from "#core/util/random";

/** About the vocabulary of as many real passages. */
const WORDS = 60_000;

export interface TextShape {
  /** Words in a text. */
  readonly least: number;
  readonly most: number;
  readonly seed: string;
}

/** Texts whose words follow Zipf's law, each with memory of its own, as if it had been read. */
export function inventedTexts(count: number, { least, most, seed }: TextShape): readonly string[] {
  const random = seededRandom(seed);
  const sentence = sentences(random);
  return Array.from({ length: count }, () => sentence(least + Math.floor(random() * (most - least))));
}

/** Gives texts of a number of words, drawn evenly in the logarithm of the word's rank, which is Zipf's law. */
export function sentences(random: Random): (length: number) => string {
  const vocabulary = Array.from({ length: WORDS }, (_, i) => inventedWord(i));
  return (length) => Array.from({ length }, () => vocabulary[Math.floor(WORDS ** random()) - 1]!).join(" ");
}

/** A word for each number, shorter for smaller ones. */
export function inventedWord(number: number): string {
  const syllables = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va"];
  return number < 16 ? `${syllables[number]!}n` : `${inventedWord(Math.floor(number / 16) - 1)}${syllables[number % 16]!}`;
}
