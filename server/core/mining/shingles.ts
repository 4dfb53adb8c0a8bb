import type { Collection } from "../collection/collection";
import { tokenize } from "../lexical/tokenize";

/** Words in a shingle. Three in a row are rarely shared by chance, and a small change of the text spoils few of them. */
const shingleLength = 3;

/** At most this many 32-bit shingles are kept for reuse: 24 MB. */
const keptShingles = 6_000_000;

/** Hashes of the different runs of three words, ascending. A text of fewer words is one shingle, an empty one none. */
export function shingles(text: string): Uint32Array {
  const words = tokenize(text).map(hashWord);
  const last = Math.max(words.length - shingleLength, 0);
  const found = new Set<number>();
  for (let first = 0; first <= last && words.length > 0; first += 1) {
    let hash = 0;
    for (const word of words.slice(first, first + shingleLength)) {
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    found.add(hash >>> 0);
  }
  return Uint32Array.from(found).sort();
}

/** FNV-1a over UTF-16 code units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash;
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

/** Shingles of a collection's groups, made when asked for; the oldest go when there are too many. */
class ShingleStore {
  readonly #collection: Collection;
  readonly #known = new Map<number, Uint32Array>();
  #kept = 0;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  ofGroup(group: number): Uint32Array {
    const known = this.#known.get(group);
    if (known !== undefined) {
      return known;
    }
    const document = this.#collection.groups[group]?.[0];
    const made = shingles(document === undefined ? "" : (this.#collection.documents[document]?.text ?? ""));
    this.#known.set(group, made);
    this.#kept += made.length;
    for (const [oldest, dropped] of this.#known) {
      if (this.#kept <= keptShingles) {
        break;
      }
      this.#known.delete(oldest);
      this.#kept -= dropped.length;
    }
    return made;
  }
}

const stores = new WeakMap<Collection, ShingleStore>();

/** Shingles of the text of a group of documents. Remembered as long as the collection lives. */
export function shinglesOfGroup(collection: Collection, group: number): Uint32Array {
  const store = stores.get(collection) ?? new ShingleStore(collection);
  stores.set(collection, store);
  return store.ofGroup(group);
}
