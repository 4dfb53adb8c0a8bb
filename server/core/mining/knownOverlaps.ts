const UNKNOWN = 0;
const BELOW = 1;
const SHARED = 2;

/** Overlaps of a pool's rows with some text, as far as they were looked up. Nearly all are below the floor and take a byte. */
export class KnownOverlaps {
  readonly #states: Uint8Array;
  #shares: Map<number, number> | undefined;

  constructor(rows: number) {
    this.#states = new Uint8Array(rows);
  }

  has(row: number): boolean {
    return this.#states[row] !== UNKNOWN;
  }

  /** -1 where it is below the floor. */
  get(row: number): number {
    return this.#states[row] === SHARED ? (this.#shares?.get(row) ?? -1) : -1;
  }

  set(row: number, overlap: number): void {
    this.#states[row] = overlap === -1 ? BELOW : SHARED;
    if (overlap !== -1) (this.#shares ??= new Map()).set(row, overlap);
  }
}
