/** Bytes of a key: a SHA-256. */
export const KEY_BYTES = 32;
const WORDS = KEY_BYTES / 4;

/** Where a cached vector lies. */
export interface CachePlace {
  readonly segment: number;
  readonly row: number;
}

/** A hash table from keys to places that takes about 60 bytes an entry; a Map of strings takes three times as much. */
export class KeyIndex {
  #keys = new Uint32Array(1024 * WORDS);
  #segments = new Uint32Array(1024);
  #rows = new Uint32Array(1024);
  /** Entry numbers plus 1; 0 is an empty bucket. Twice as many buckets as entries, a power of two. */
  #buckets = new Uint32Array(2048);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** A key that is there already keeps its first place. `key` has `KEY_BYTES` bytes. */
  add(key: Buffer, place: CachePlace): void {
    if (this.#size === this.#rows.length) this.#grow();
    const bucket = this.#bucketOf(key);
    if (this.#buckets[bucket] !== 0) return;
    const entry = this.#size++;
    for (let word = 0; word < WORDS; word++) this.#keys[entry * WORDS + word] = key.readUInt32LE(word * 4);
    this.#segments[entry] = place.segment;
    this.#rows[entry] = place.row;
    this.#buckets[bucket] = entry + 1;
  }

  find(key: Buffer): CachePlace | undefined {
    const entry = (this.#buckets[this.#bucketOf(key)] ?? 0) - 1;
    return entry < 0 ? undefined : { segment: this.#segments[entry] ?? 0, row: this.#rows[entry] ?? 0 };
  }

  /** The bucket that holds the key, or the empty one where it belongs. Keys are hashes, so their first word is as good as any. */
  #bucketOf(key: Buffer): number {
    const mask = this.#buckets.length - 1;
    let bucket = key.readUInt32LE(0) & mask;
    for (;;) {
      const entry = this.#buckets[bucket] ?? 0;
      if (entry === 0 || this.#equals(entry - 1, key)) return bucket;
      bucket = (bucket + 1) & mask;
    }
  }

  #equals(entry: number, key: Buffer): boolean {
    for (let word = 0; word < WORDS; word++) if (this.#keys[entry * WORDS + word] !== key.readUInt32LE(word * 4)) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#rows.length * 2;
    this.#keys = larger(this.#keys, capacity * WORDS);
    this.#segments = larger(this.#segments, capacity);
    this.#rows = larger(this.#rows, capacity);
    this.#buckets = new Uint32Array(capacity * 2);
    const mask = this.#buckets.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      let bucket = (this.#keys[entry * WORDS] ?? 0) & mask;
      while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
      this.#buckets[bucket] = entry + 1;
    }
  }
}

function larger(values: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(length);
  copy.set(values);
  return copy;
}
