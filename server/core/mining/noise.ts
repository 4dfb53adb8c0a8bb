import type { Collection } from "../collection/collection";
import { hash128 } from "../util/random";

const groupWords = new WeakMap<Collection, Uint32Array>();

/** The first 32 bits of each group's text key. */
function wordsOf(collection: Collection): Uint32Array {
  const known = groupWords.get(collection);
  if (known !== undefined) {
    return known;
  }
  const made = Uint32Array.from(collection.groupKeys, (key) => Number.parseInt(key.slice(0, 8), 16));
  groupWords.set(collection, made);
  return made;
}

/**
 * Noise with the standard Gumbel distribution for each group of documents. It depends on the name of the draw and on the text alone, so that a
 * mark on one candidate does not draw all others anew: the one that left makes room for the next, and the rest stays.
 *
 * @param name names the draw, for instance by seed, query and source
 */
export function gumbelNoise(collection: Collection, name: string): (group: number) => number {
  const words = wordsOf(collection);
  const [h1, h2] = hash128(name);
  return (group) => {
    const uniform = (mixed((words[group] ?? 0) ^ h1, h2) + 0.5) / 2 ** 32;
    return -Math.log(-Math.log(uniform));
  };
}

/** Two rounds of MurmurHash3's finaliser: every bit of the text and of the name moves every bit of the result. */
function mixed(word: number, other: number): number {
  return finalised(finalised(word) ^ other) >>> 0;
}

function finalised(word: number): number {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
