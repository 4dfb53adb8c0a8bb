import type { Collection } from "../collection/collection";

/** Which documents stand behind each slot: equal texts share one. */
export class SlotDocuments {
  /** Slots without a minable document, which a search returns all the same. */
  readonly unminableSlots: number;
  readonly #slotOf: Int32Array;
  /** Minable documents by slot, ascending: those of slot s stand from `#start[s]` to `#start[s + 1]`. */
  readonly #start: Int32Array;
  readonly #documents: Int32Array;

  constructor(collection: Collection, slotOfText: (text: string) => number) {
    const { documents } = collection;
    this.#slotOf = Int32Array.from(documents, (document) => slotOfText(document.text));
    const slots = this.#slotOf.reduce((most, slot) => Math.max(most, slot + 1), 0);
    this.#start = new Int32Array(slots + 1);
    for (const [index, slot] of this.#slotOf.entries()) {
      this.#start[slot + 1] = (this.#start[slot + 1] ?? 0) + (documents[index]?.minable === true ? 1 : 0);
    }
    for (let slot = 0; slot < slots; slot += 1) {
      this.#start[slot + 1] = (this.#start[slot + 1] ?? 0) + (this.#start[slot] ?? 0);
    }
    this.#documents = new Int32Array(this.#start[slots] ?? 0);
    const next = this.#start.slice();
    for (const [index, slot] of this.#slotOf.entries()) {
      if (documents[index]?.minable === true) {
        const at = next[slot] ?? 0;
        this.#documents[at] = index;
        next[slot] = at + 1;
      }
    }
    const used = new Uint8Array(slots);
    for (const slot of this.#slotOf) {
      used[slot] = 1;
    }
    this.unminableSlots = used.reduce(
      (sum, isUsed, slot) => sum + (isUsed === 1 && this.#start[slot] === this.#start[slot + 1] ? 1 : 0),
      0,
    );
  }

  /** Minable documents of a slot, in ascending order. */
  of(slot: number): Int32Array {
    return this.#documents.subarray(this.#start[slot] ?? 0, this.#start[slot + 1] ?? 0);
  }

  /** How many there are, and one of them: for callers that go through thousands of slots. */
  countOf(slot: number): number {
    return (this.#start[slot + 1] ?? 0) - (this.#start[slot] ?? 0);
  }

  at(slot: number, index: number): number {
    return this.#documents[(this.#start[slot] ?? 0) + index] ?? -1;
  }

  slotOf(document: number): number {
    const slot = this.#slotOf[document];
    if (slot === undefined) {
      throw new RangeError(`The collection has no document ${String(document)}.`);
    }
    return slot;
  }
}
