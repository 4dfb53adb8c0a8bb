/** A key holds the place of a document in its lower bits. */
const MOST_PLACES = 2 ** 21;

/** Documents of one query with what was calculated for them; all lists have the same length. */
export interface ScoredDocuments {
  readonly slots: Int32Array;
  readonly scores: Float32Array;
  /** Highest similarity to a positive; NaN where the query has none. */
  readonly positiveSimilarity: Float32Array;
}

/** The best documents offered so far, best first, equal scores in ascending slot order. */
export class Ranking {
  readonly #depth: number;
  #length = 0;
  #documents = emptyLists(0);
  /** Where documents are put in order; then the two change places. */
  #spare = emptyLists(0);
  #keys = new Float64Array(0);

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Valid until the next change. */
  get documents(): ScoredDocuments {
    return firstOf(this.#documents, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Slots ascend, also from one call to the next. At most two million at once. */
  offer(offered: ScoredDocuments): void {
    const places = this.#length + offered.slots.length;
    if (places > this.#keys.length) this.#makeRoom(places);
    copyTo(this.#documents, offered, this.#length);
    const keys = this.#keys.subarray(0, places);
    const bits = new Int32Array(this.#documents.scores.buffer);
    for (let place = 0; place < places; place++) keys[place] = keyOf(bits[place] ?? 0, place);
    // Without a function that compares, typed arrays are sorted natively.
    keys.sort();
    this.#length = Math.min(this.#depth, places);
    this.#putInOrder(keys);
  }

  /** The documents with the highest keys in front. */
  #putInOrder(keys: Float64Array): void {
    const [from, to] = [this.#documents, this.#spare];
    for (let rank = 0; rank < this.#length; rank++) {
      const place = placeOf(keys[keys.length - 1 - rank] ?? 0);
      to.slots[rank] = from.slots[place] ?? 0;
      to.scores[rank] = from.scores[place] ?? 0;
      to.positiveSimilarity[rank] = from.positiveSimilarity[place] ?? 0;
    }
    this.#documents = to;
    this.#spare = from;
  }

  #makeRoom(places: number): void {
    const present = this.documents;
    this.#documents = emptyLists(2 * places);
    this.#spare = emptyLists(2 * places);
    this.#keys = new Float64Array(2 * places);
    copyTo(this.#documents, present, 0);
  }
}

/**
 * A number that is higher for a higher score, and for equal scores for an earlier place: the bits of a positive float order as integers do,
 * those of a negative one the other way round.
 */
function keyOf(scoreBits: number, place: number): number {
  // The bits of -0, which equals 0, are the lowest integer.
  const order = scoreBits >= 0 ? scoreBits : -(scoreBits & 0x7fffffff);
  return order * MOST_PLACES + (MOST_PLACES - 1 - place);
}

function placeOf(key: number): number {
  return MOST_PLACES - 1 - (key - Math.floor(key / MOST_PLACES) * MOST_PLACES);
}

function emptyLists(length: number): ScoredDocuments {
  return { slots: new Int32Array(length), scores: new Float32Array(length), positiveSimilarity: new Float32Array(length) };
}

function firstOf({ slots, scores, positiveSimilarity }: ScoredDocuments, length: number): ScoredDocuments {
  return {
    slots: slots.subarray(0, length),
    scores: scores.subarray(0, length),
    positiveSimilarity: positiveSimilarity.subarray(0, length),
  };
}

function copyTo(target: ScoredDocuments, source: ScoredDocuments, start: number): void {
  target.slots.set(source.slots, start);
  target.scores.set(source.scores, start);
  target.positiveSimilarity.set(source.positiveSimilarity, start);
}
