import type { Adapter } from "#core/adapter/adapter";
import type { Side } from "#core/ports";
import type { Failure } from "#core/util/failure";
import { noDirection } from "./adapterFailures";
import { MovedTable } from "./movedTable";
import type { SlicedCalculation } from "../process/taskQueue";
import { movedSides, VectorMover } from "./vectorMover";
import type { VectorTable } from "./vectorTable";

/** Slots of each side whose vectors a search reads. */
export type NeededSlots = Readonly<Record<Side, readonly number[] | "all">>;

/** An adapter with the vectors that it moves. A side that it does not move is the encoder's own table. */
export class HeldAdapter {
  readonly #name: string;
  readonly #frozen: Readonly<Record<Side, VectorTable>>;
  readonly #moved = new Map<Side, MovedTable>();

  constructor(name: string, adapter: Adapter, frozen: Readonly<Record<Side, VectorTable>>) {
    this.#name = name;
    this.#frozen = frozen;
    const sides = movedSides(adapter);
    if (sides.length === 0) return;
    const mover = new VectorMover(adapter);
    for (const side of sides) this.#moved.set(side, new MovedTable(frozen[side], mover));
  }

  get movesDocuments(): boolean {
    return this.#moved.has("document");
  }

  /** Holds the vectors asked for by `bring` and not changed since. */
  table(side: Side): VectorTable {
    return this.#moved.get(side)?.table ?? this.#frozen[side];
  }

  /** Moves what a search needs; slots without a vector are left to the search. */
  *bring(needed: NeededSlots): SlicedCalculation<Failure | undefined> {
    for (const [side, moved] of this.#moved) {
      const slot = yield* moved.bring(needed[side]);
      if (slot !== undefined) return noDirection(this.#name, side, slot);
    }
    return undefined;
  }

  close(): void {
    for (const moved of this.#moved.values()) moved.close();
  }
}
