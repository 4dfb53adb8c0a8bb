/** A key holds the place of a document in its lower bits. */
const MOST_PLACES = 2 ** 21;

/** The best documents offered so far, best first, equal scores in ascending slot order. */
export class Ranking {
  readonly #depth: number;
  #length = 0;
  #slots = new Int32Array(0);
  #scores = new Float32Array(0);
  #scoreBits = new Int32Array(0);
  #keys = new Float64Array(0);

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Valid until the next change. */
  get slots(): Int32Array {
    return this.#slots.subarray(0, this.#length);
  }

  get scores(): Float32Array {
    return this.#scores.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Slots ascend, also from one call to the next. At most two million at once. */
  offer(slots: Int32Array, scores: Float32Array): void {
    const places = this.#length + slots.length;
    if (places > this.#keys.length) this.#makeRoom(places);
    this.#slots.set(slots, this.#length);
    this.#scores.set(scores, this.#length);
    const keys = this.#keys.subarray(0, places);
    for (let place = 0; place < places; place++) keys[place] = this.#key(place);
    // Without a function that compares, typed arrays are sorted natively.
    keys.sort();
    this.#length = Math.min(this.#depth, places);
    this.#permute(keys);
  }

  /**
   * A number that is higher for a higher score, and for equal scores for an earlier place: the bits of a positive float order as integers do,
   * those of a negative one the other way round.
   */
  #key(place: number): number {
    const bits = this.#scoreBits[place] ?? 0;
    // The bits of -0, which equals 0, are the lowest integer.
    const order = bits >= 0 ? bits : -(bits & 0x7fffffff);
    return order * MOST_PLACES + (MOST_PLACES - 1 - place);
  }

  /** Puts the documents with the highest keys in front. */
  #permute(keys: Float64Array): void {
    const slots = this.#slots.slice(0, keys.length);
    const scores = this.#scores.slice(0, keys.length);
    for (let rank = 0; rank < this.#length; rank++) {
      const key = keys[keys.length - 1 - rank] ?? 0;
      const place = MOST_PLACES - 1 - (key - Math.floor(key / MOST_PLACES) * MOST_PLACES);
      this.#slots[rank] = slots[place] ?? 0;
      this.#scores[rank] = scores[place] ?? 0;
    }
  }

  #makeRoom(places: number): void {
    const [slots, scores] = [this.slots, this.scores];
    this.#slots = new Int32Array(2 * places);
    this.#scores = new Float32Array(2 * places);
    this.#scoreBits = new Int32Array(this.#scores.buffer);
    this.#keys = new Float64Array(2 * places);
    this.#slots.set(slots);
    this.#scores.set(scores);
  }
}
