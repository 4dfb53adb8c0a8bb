import type { SlicedCalculation } from "../process/taskQueue";
import type { VectorMover } from "./vectorMover";
import { VectorTable } from "./vectorTable";

/** Multiplications in a slice: about 10 ms. */
const PRODUCTS_PER_SLICE = 50_000_000;

/**
 * The vectors of another table as an adapter moves them. A vector is moved when it is first asked for; one that changes in the other table
 * is gone from this one at that moment, until it is asked for again.
 */
export class MovedTable {
  readonly table: VectorTable;
  readonly #source: VectorTable;
  readonly #mover: VectorMover;
  readonly #unfollow: () => void;

  constructor(source: VectorTable, mover: VectorMover) {
    this.table = new VectorTable(source.dimensions);
    this.#source = source;
    this.#mover = mover;
    this.#unfollow = source.follow((slot) => {
      if (this.table.has(slot)) this.table.drop(slot);
    });
  }

  /** Moves what is not moved yet of these slots, or of all. Gives the first slot whose vector has no direction then. */
  *bring(slots: readonly number[] | "all"): SlicedCalculation<number | undefined> {
    // Every moved vector has one in the other table.
    if (slots === "all" && this.table.size === this.#source.size) return undefined;
    const { dimensions } = this.table;
    const perSlice = Math.max(1, Math.floor(PRODUCTS_PER_SLICE / (dimensions * dimensions)));
    let done = 0;
    for (const slot of slots === "all" ? this.#source.slots() : slots) {
      if (this.table.has(slot) || !this.#source.has(slot)) continue;
      const moved = this.#mover.moved(this.#source.vector(slot));
      if (moved === undefined) return slot;
      this.table.set(slot, moved);
      if (++done % perSlice === 0) yield undefined;
    }
    return undefined;
  }

  /** No longer hears of changes. */
  close(): void {
    this.#unfollow();
  }
}
