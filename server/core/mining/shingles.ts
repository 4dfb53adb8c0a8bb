import { wordHashes } from "../lexical/wordHashes";

/** Words in a shingle. Three in a row are rarely shared by chance, and a small change of the text spoils few of them. */
const shingleLength = 3;

/**
 * 32-bit words of a set's sketch: 512 bits, each the parity of the shingles that fall on it. Where two sketches differ, the sets differ, so
 * that most pairs need not be gone through (bitmap filter, Sandes, Teodoro and Melo 2020). For an overlap of a half it is too full to tell from
 * some 350 words a text on.
 */
const sketchWords = 16;

/**
 * Texts as sets of hashes of their runs of three words (w-shingling, Broder 1997), four bytes each and 64 for the sketch. A text of fewer
 * words is one shingle, one without words is none.
 */
export class ShingleSets {
  /** The sets one after the other, each ascending. */
  #values = new Uint32Array(4096);
  #used = 0;
  /** Where each set begins; the last number is where the next one will. */
  readonly #starts: number[] = [0];
  #sketches = new Uint32Array(64 * sketchWords);

  /** Number of sets. */
  get size(): number {
    return this.#starts.length - 1;
  }

  /** Adds a text's set and gives its number, counted from 0. */
  add(text: string): number {
    const words = wordHashes(text);
    const count = words.length === 0 ? 0 : Math.max(1, words.length - shingleLength + 1);
    this.#reserve(count);
    const set = this.#values.subarray(this.#used, this.#used + count);
    for (let first = 0; first < count; first += 1) {
      set[first] = hashRun(words, first);
    }
    set.sort();
    const number = this.#starts.length - 1;
    const different = dropRepetitions(set);
    this.#sketch(number, set.subarray(0, different));
    this.#used += different;
    this.#starts.push(this.#used);
    return number;
  }

  /** Shared part of two sets (Jaccard); -1 where it is below `least`, which is found out early, or where both are empty. */
  overlap(a: number, b: number, least: number): number {
    const values = this.#values;
    let i = this.#starts[a] ?? 0;
    let j = this.#starts[b] ?? 0;
    const endOfA = this.#starts[a + 1] ?? 0;
    const endOfB = this.#starts[b + 1] ?? 0;
    const both = endOfA - i + (endOfB - j);
    // |A and B| / |A or B| >= t  <=>  |A and B| >= t (|A| + |B|) / (1 + t); the slack guards against rounding.
    const needed = Math.ceil((least * both) / (1 + least) - 1e-9);
    // How many of each may be missing in the other: below 0 already where the sizes differ too much.
    let spareOfA = endOfA - i - needed;
    let spareOfB = endOfB - j - needed;
    if (spareOfA < 0 || spareOfB < 0 || this.#differInMore(a, b, spareOfA + spareOfB)) return -1;
    let shared = 0;
    while (spareOfA >= 0 && spareOfB >= 0 && i < endOfA && j < endOfB) {
      const x = values[i] ?? 0;
      const y = values[j] ?? 0;
      if (x === y) {
        shared += 1;
        i += 1;
        j += 1;
      } else if (x < y) {
        spareOfA -= 1;
        i += 1;
      } else {
        spareOfB -= 1;
        j += 1;
      }
    }
    const overlap = shared / (both - shared);
    return overlap >= least ? overlap : -1;
  }

  /** Whether two sets surely have more shingles than this that the other has not. */
  #differInMore(a: number, b: number, most: number): boolean {
    const sketches = this.#sketches;
    const offset = (b - a) * sketchWords;
    const end = (a + 1) * sketchWords;
    let differing = 0;
    for (let at = a * sketchWords; at < end; at += 1) {
      differing += bitCount((sketches[at] ?? 0) ^ (sketches[at + offset] ?? 0));
      if (differing > most) return true;
    }
    return false;
  }

  #sketch(number: number, set: Uint32Array): void {
    const start = number * sketchWords;
    if (start + sketchWords > this.#sketches.length) this.#sketches = longer(this.#sketches, start + sketchWords);
    for (const value of set) {
      const bit = value >>> 23;
      const at = start + (bit >>> 5);
      this.#sketches[at] = (this.#sketches[at] ?? 0) ^ (1 << (bit & 31));
    }
  }

  #reserve(more: number): void {
    if (this.#used + more > this.#values.length) this.#values = longer(this.#values, this.#used + more);
  }
}

/** A copy that is half as long again, at least as long as is needed. */
function longer(array: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(least, Math.ceil(1.5 * array.length)));
  copy.set(array);
  return copy;
}

/** Number of ones in 32 bits (Warren, Hacker's Delight, 5-1). */
function bitCount(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function hashRun(words: Uint32Array, first: number): number {
  let hash = 0;
  for (let at = first; at < first + shingleLength && at < words.length; at += 1) {
    hash = Math.imul(hash ^ (words[at] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Moves the different numbers of an ascending list to its front, and tells how many there are. */
function dropRepetitions(ascending: Uint32Array): number {
  let kept = 0;
  for (let at = 0; at < ascending.length; at += 1) {
    const value = ascending[at] ?? 0;
    if (at > 0 && value === ascending[kept - 1]) continue;
    ascending[kept] = value;
    kept += 1;
  }
  return kept;
}
