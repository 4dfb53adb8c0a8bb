import { hash128, seededRandom } from "../util/random";

/** No vowels, so that no words come about, and no letters that are mistaken for each other. */
const LETTERS = "bcdfghjkmnpqrstvwxz23456789";
const LENGTH = 6;

/**
 * So many different ids that say nothing of what they name and occur in none of the texts: a passage cannot name another one, nor itself.
 * The same texts and seed give the same ids.
 */
export function passageIds(count: number, texts: readonly string[], seed: number): readonly string[] {
  const random = seededRandom(`${String(seed)}:${hash128(texts.join("\n")).join(":")}:ids`);
  const all = texts.join("\n").toLowerCase();
  const ids = new Set<string>();
  while (ids.size < count) {
    const id = Array.from({ length: LENGTH }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join("");
    if (!all.includes(id)) ids.add(id);
  }
  return [...ids];
}
