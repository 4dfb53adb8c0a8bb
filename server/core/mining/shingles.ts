import { tokenize } from "../lexical/tokenize";

/** Words in a shingle. Three in a row are rarely shared by chance, and a small change of the text spoils few of them. */
const shingleLength = 3;

/** Hashes of the different runs of three words, ascending. A text of fewer words is one shingle, an empty one none. */
export function shingles(text: string): Uint32Array {
  const words = tokenize(text).map(hashWord);
  if (words.length === 0) {
    return new Uint32Array(0);
  }
  const runs = new Uint32Array(Math.max(1, words.length - shingleLength + 1));
  for (let first = 0; first < runs.length; first += 1) {
    let hash = 0;
    for (let at = first; at < first + shingleLength && at < words.length; at += 1) {
      hash = Math.imul(hash ^ (words[at] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    runs[first] = hash;
  }
  return withoutRepetitions(runs.sort());
}

/** FNV-1a over UTF-16 code units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash;
}

function withoutRepetitions(sorted: Uint32Array): Uint32Array {
  let kept = 0;
  for (const [index, value] of sorted.entries()) {
    if (index === 0 || value !== sorted[kept - 1]) {
      sorted[kept] = value;
      kept += 1;
    }
  }
  return kept === sorted.length ? sorted : sorted.slice(0, kept);
}

/** Shared part of two shingle sets (Jaccard); -1 where it is below `least`, which is found out early. */
export function overlapAtLeast(a: Uint32Array, b: Uint32Array, least: number): number {
  // |A and B| / |A or B| >= t  <=>  |A and B| >= t (|A| + |B|) / (1 + t); the slack guards against rounding.
  const needed = (least * (a.length + b.length)) / (1 + least) - 1e-9;
  let shared = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (shared + Math.min(a.length - i, b.length - j) < needed) {
      return -1;
    }
    const difference = (a[i] ?? 0) - (b[j] ?? 0);
    if (difference === 0) {
      shared += 1;
    }
    i += difference <= 0 ? 1 : 0;
    j += difference >= 0 ? 1 : 0;
  }
  const all = a.length + b.length - shared;
  return all > 0 && shared >= needed ? shared / all : -1;
}

/**
 * How many of a set's smallest shingles must be looked at to exclude that another set overlaps with it by `least`: sets with a Jaccard
 * overlap of t share one among the first |A| - ceil(t |A|) + 1 of each (prefix filtering, Chaudhuri et al. 2006).
 */
export function prefixLength(size: number, least: number): number {
  return size === 0 ? 0 : size - Math.ceil(least * size - 1e-9) + 1;
}
