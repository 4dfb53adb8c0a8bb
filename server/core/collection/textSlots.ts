/** What an assignment changed: slots to give vectors, and slots whose vectors can go. */
export interface SlotChange {
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/**
 * Small numbers for the texts of one side, under which their vectors are kept. A text keeps its slot as long as it is there, so that an
 * edit of one text asks for one vector; equal texts share a slot. A slot that falls free is used again, though not before the next
 * assignment: within one change no slot is both removed and added.
 */
export class TextSlots {
  readonly #slots = new Map<string, number>();
  readonly #texts: (string | undefined)[] = [];
  /** Free slots, the smallest last. */
  #free: number[] = [];

  /** Makes these the texts, repetitions allowed. Both lists of the answer are in ascending order. */
  assign(texts: Iterable<string>): SlotChange {
    const wanted = new Set(texts);
    const removed: number[] = [];
    for (const [text, slot] of this.#slots) {
      if (!wanted.has(text)) {
        this.#slots.delete(text);
        this.#texts[slot] = undefined;
        removed.push(slot);
      }
    }
    const added: number[] = [];
    for (const text of wanted) {
      if (!this.#slots.has(text)) {
        added.push(this.#add(text));
      }
    }
    this.#free = [...this.#free, ...removed].sort((a, b) => b - a);
    return { added: added.sort((a, b) => a - b), removed: removed.sort((a, b) => a - b) };
  }

  /** Throws for a text that was not assigned: asking is a bug. */
  slotOf(text: string): number {
    const slot = this.#slots.get(text);
    if (slot === undefined) {
      throw new RangeError("A text without a slot was asked for.");
    }
    return slot;
  }

  /** All slots in use, in ascending order. */
  slots(): readonly number[] {
    return [...this.#slots.values()].sort((a, b) => a - b);
  }

  /** Throws for a slot that no text has: asking is a bug. */
  textOf(slot: number): string {
    const text = this.#texts[slot];
    if (text === undefined) {
      throw new RangeError(`No text has slot ${String(slot)}.`);
    }
    return text;
  }

  /** Number of different texts. */
  get size(): number {
    return this.#slots.size;
  }

  #add(text: string): number {
    const slot = this.#free.pop() ?? this.#texts.length;
    this.#texts[slot] = text;
    this.#slots.set(text, slot);
    return slot;
  }
}
