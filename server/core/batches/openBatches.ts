import type { BatchRow } from "./batchRow";

interface OpenBatch {
  readonly rows: number[];
  /** Groups of positives of its rows, and of the documents that they bring. Emptied when the batch is full. */
  readonly positives: Set<number>;
  readonly documents: Set<number>;
}

/**
 * Batches while they are filled. A row goes to the first that has room and holds no document that is a positive of the row, and no row that
 * one of its documents is a positive of; where there is none, to a new one. What is learnt of a group on the way is kept: batches that a group
 * cannot enter are not asked again, so that 100,000 rows take a second also where thousands share a positive.
 */
export class OpenBatches {
  readonly #size: number;
  readonly #batches: OpenBatch[] = [];
  /** For each batch one at or after it that may have room: itself while it has. Paths are shortened as they are followed. */
  readonly #roomFrom: number[] = [];
  /** Batches before the one named here have no room, or hold the group already: as a document, and as a positive. */
  readonly #afterDocument = new Map<number, number>();
  readonly #afterPositive = new Map<number, number>();

  /** @param size rows of a full batch, at least 1 */
  constructor(size: number) {
    this.#size = size;
  }

  place(position: number, row: BatchRow): void {
    let at = 0;
    for (const group of row.positives) at = Math.max(at, this.#firstWithout(group, "documents", this.#afterDocument));
    for (const group of row.documents) at = Math.max(at, this.#firstWithout(group, "positives", this.#afterPositive));
    at = this.#withRoom(at);
    while (at < this.#batches.length && !this.#fits(at, row)) at = this.#withRoom(at + 1);
    this.#add(at, position, row);
  }

  /** The batches in the order in which they were begun. */
  get batches(): readonly (readonly number[])[] {
    return this.#batches.map(({ rows }) => rows);
  }

  #add(at: number, position: number, row: BatchRow): void {
    if (at === this.#batches.length) {
      this.#batches.push({ rows: [], positives: new Set(), documents: new Set() });
      this.#roomFrom.push(at);
    }
    const batch = this.#batches[at];
    if (batch === undefined) throw new RangeError(`no batch ${String(at)}`);
    batch.rows.push(position);
    if (batch.rows.length === this.#size) {
      this.#roomFrom[at] = at + 1;
      batch.positives.clear();
      batch.documents.clear();
      return;
    }
    for (const group of row.positives) batch.positives.add(group);
    for (const group of row.documents) batch.documents.add(group);
  }

  #fits(at: number, row: BatchRow): boolean {
    const batch = this.#batches[at];
    return (
      batch === undefined ||
      (!row.positives.some((group) => batch.documents.has(group)) && !row.documents.some((group) => batch.positives.has(group)))
    );
  }

  /** The first batch that has room and does not hold the group on this side. */
  #firstWithout(group: number, side: "positives" | "documents", known: Map<number, number>): number {
    const from = known.get(group) ?? 0;
    let at = this.#withRoom(from);
    const first = at;
    while (this.#batches[at]?.[side].has(group) === true) at = this.#withRoom(at + 1);
    // Most groups are met once or twice: only those that stood in the way are remembered.
    if (at !== first) known.set(group, at);
    return at;
  }

  #withRoom(from: number): number {
    let at = from;
    while (at < this.#batches.length && this.#roomFrom[at] !== at) {
      const next = this.#roomFrom[at] ?? at + 1;
      this.#roomFrom[at] = this.#roomFrom[next] ?? next;
      at = next;
    }
    return at;
  }
}
