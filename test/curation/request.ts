import fs from "node:fs";
import path from "node:path";
import { dataFolder } from "../judged/judgedCollection";
import type { Reading } from "../judged/judgedCollection";

/** What a run measures. */
export interface Request {
  /** Names of collections in the data folder, and folders of others. */
  readonly collections: readonly string[];
  readonly parts: ReadonlySet<string>;
  /** How the judgements of a collection that is not published are read. */
  readonly reading: Reading;
}

/** What there is to choose from. */
interface Choices {
  readonly collections: readonly string[];
  readonly parts: readonly string[];
}

/**
 * Reads words such as "cacm", "guard", "/data/mine", "split=dev", "relevant_from=2" and "pooled". Without a collection it is all published
 * ones, without a part all parts. A string is what is wrong.
 */
export function requestOf(words: readonly string[], choices: Choices): Request | string {
  const [collections, parts]: [string[], string[]] = [[], []];
  let reading: Reading = {};
  for (const word of words) {
    const read = readingOf(word);
    const place = placeOf(word);
    if (choices.parts.includes(word)) parts.push(word);
    else if (choices.collections.includes(word)) collections.push(word);
    else if (read !== undefined) reading = { ...reading, ...read };
    else if (place !== undefined) collections.push(place);
    else
      return `There is no ${word}. There are: ${[...choices.collections, ...choices.parts].join(", ")}, folders of ${dataFolder} and of anywhere else, split=NAME, relevant_from=GRADE and pooled.`;
  }
  return {
    collections: collections.length === 0 ? choices.collections : collections,
    parts: new Set(parts.length === 0 ? choices.parts : parts),
    reading,
  };
}

function readingOf(word: string): Reading | undefined {
  if (word === "pooled") return { isPooled: true };
  const [, name, value = ""] = /^(split|relevant_from)=(.+)$/u.exec(word) ?? [];
  if (name === "split") return { split: value };
  return name === "relevant_from" && Number.isFinite(Number(value)) ? { relevantFrom: Number(value) } : undefined;
}

/** The name of a folder of the data, or the whole path of another. */
function placeOf(word: string): string | undefined {
  return [word, path.resolve(word)].find((place) => fs.existsSync(path.resolve(dataFolder, place, "qrels")));
}
