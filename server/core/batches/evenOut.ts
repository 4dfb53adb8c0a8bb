import { itemAt } from "../util/itemAt";
import type { Batches, BatchRow } from "./batchRow";

/** Batches that are asked in vain before one is left small: who may meet no row of so many hardly meets any. */
const MOST_ASKED = 32;
/** Part of a full batch that no batch should be smaller than. */
const LEAST_PART = 1 / 4;

/**
 * Fills small batches up with rows of larger ones that may meet theirs: to a quarter of a full batch and two at least, or to the mean where that is less. What fits
 * nowhere would otherwise be left alone or nearly so, without in-batch negatives and with a step of its own. The batches that give take turns, so
 * that none shrinks much.
 */
export function evenOut(rows: readonly BatchRow[], batches: Batches, size: number): Batches {
  const total = batches.reduce((sum, batch) => sum + batch.length, 0);
  const least = Math.min(Math.max(2, Math.ceil(size * LEAST_PART)), Math.floor(total / batches.length));
  const evened = batches.map((batch) => [...batch]);
  const givers = evened.filter((batch) => batch.length > least);
  let turn = 0;
  for (const batch of evened) {
    if (batch.length >= least) continue;
    const guests = new Guests(batch.map((position) => itemAt(rows, position)));
    for (let asked = 0; asked < MOST_ASKED && batch.length < least && givers.length > 0;) {
      turn = (turn + 1) % givers.length;
      const giver = itemAt(givers, turn);
      const at = giver.findLastIndex((position) => guests.mayMeet(itemAt(rows, position)));
      if (at === -1) {
        asked += 1;
        continue;
      }
      const moved = giver.splice(at, 1);
      batch.push(...moved);
      guests.add(moved.map((position) => itemAt(rows, position)));
      if (giver.length <= least) givers.splice(turn, 1);
    }
  }
  return evened;
}

/** The rows of a batch, by what decides who may join them. */
class Guests {
  readonly #positives = new Set<number>();
  readonly #documents = new Set<number>();

  constructor(rows: readonly BatchRow[]) {
    this.add(rows);
  }

  add(rows: readonly BatchRow[]): void {
    for (const { positives, documents } of rows) {
      for (const group of positives) this.#positives.add(group);
      for (const group of documents) this.#documents.add(group);
    }
  }

  mayMeet({ positives, documents }: BatchRow): boolean {
    return !documents.some((group) => this.#positives.has(group)) && !positives.some((group) => this.#documents.has(group));
  }
}
