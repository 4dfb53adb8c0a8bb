import { hash128, seededRandom, type Random } from "../util/random";

/** No vowels, so that no words come about, and no letters that are mistaken for each other. */
const LETTERS = "bcdfghjkmnpqrstvwxz23456789";
const LENGTH = 6;

/**
 * So many different ids that say nothing of what they name and occur in none of the texts: a passage cannot name another one, nor itself.
 * The same texts and seed give the same ids.
 */
export function passageIds(count: number, texts: readonly string[], seed: number): readonly string[] {
  const all = texts.join("\n");
  return absentIds(count, all, seededRandom(`${String(seed)}:${hash128(all).join(":")}:ids`));
}

/** Draws ids until there are so many that do not occur in the text, in capitals or not. */
export function absentIds(count: number, text: string, random: Random): readonly string[] {
  const lowerCase = text.toLowerCase();
  const ids = new Set<string>();
  while (ids.size < count) {
    const id = Array.from({ length: LENGTH }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join("");
    if (!lowerCase.includes(id)) ids.add(id);
  }
  return [...ids];
}
