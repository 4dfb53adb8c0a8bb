/** Candidates of one field of the plane. */
export interface GradientCell {
  readonly column: number;
  readonly row: number;
  readonly kept: number;
  readonly dropped: number;
  /** Its candidate with the longest gradient; the first one added of several. */
  readonly query: number;
  readonly group: number;
}

/** The plane of D (across) and log10 |g| (up) in equal fields; what lies beyond an edge is in the last field. */
export interface GradientPlane {
  readonly differenceFrom: number;
  readonly differenceTo: number;
  readonly columns: number;
  readonly logNormFrom: number;
  readonly logNormTo: number;
  readonly rows: number;
  /** Row after row from the lowest, without empty ones. */
  readonly cells: readonly GradientCell[];
}

const COLUMNS = 48;
const ROWS = 32;
/** Powers of ten below the longest possible gradient that the plane shows. */
const DECADES = 6;

/** Candidates that there is room for at first. */
const FIRST_LENGTH = 65_536;

/** Where a candidate stands. */
export interface PlacedCandidate {
  readonly query: number;
  readonly group: number;
  readonly difference: number;
  readonly norm: number;
  readonly kept: boolean;
}

/** Collects candidates in columns, since the stretch of D is known only when all are there. */
export class GradientScatter {
  #query = new Int32Array(FIRST_LENGTH);
  #group = new Int32Array(FIRST_LENGTH);
  #difference = new Float32Array(FIRST_LENGTH);
  #norm = new Float32Array(FIRST_LENGTH);
  #kept = new Uint8Array(FIRST_LENGTH);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ query, group, difference, norm, kept }: PlacedCandidate): void {
    if (this.#count === this.#query.length) this.#grow();
    const at = this.#count;
    this.#query[at] = query;
    this.#group[at] = group;
    this.#difference[at] = difference;
    this.#norm[at] = norm;
    this.#kept[at] = Number(kept);
    this.#count += 1;
  }

  plane(temperature: number): GradientPlane {
    const { from, to } = this.#stretch();
    // No gradient is longer than 2 / tau: p is at most 1, and two vectors of unit length are at most 2 apart.
    const logNormTo = Math.ceil(Math.log10(2 / temperature) * 2) / 2;
    const frame = { differenceFrom: from, differenceTo: to, columns: COLUMNS, logNormFrom: logNormTo - DECADES, logNormTo, rows: ROWS };
    const fields = COLUMNS * ROWS;
    const [kept, dropped] = [new Uint32Array(fields), new Uint32Array(fields)];
    const strongest = new Int32Array(fields).fill(-1);
    for (let at = 0; at < this.#count; at += 1) {
      const column = fieldOf(this.#difference[at] ?? 0, from, to, COLUMNS);
      const row = fieldOf(Math.log10(this.#norm[at] ?? 0), frame.logNormFrom, logNormTo, ROWS);
      const field = row * COLUMNS + column;
      const counts = this.#kept[at] === 1 ? kept : dropped;
      counts[field] = (counts[field] ?? 0) + 1;
      const known = strongest[field] ?? -1;
      if (known === -1 || (this.#norm[at] ?? 0) > (this.#norm[known] ?? 0)) strongest[field] = at;
    }
    const cells: GradientCell[] = [];
    for (const [field, at] of strongest.entries()) {
      if (at === -1) continue;
      const counts = { kept: kept[field] ?? 0, dropped: dropped[field] ?? 0 };
      const [column, row] = [field % COLUMNS, Math.floor(field / COLUMNS)];
      cells.push({ column, row, ...counts, query: this.#query[at] ?? -1, group: this.#group[at] ?? -1 });
    }
    return { ...frame, cells };
  }

  /** From the least to the greatest D, rounded outwards to twentieths. */
  #stretch(): { readonly from: number; readonly to: number } {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < this.#count; at += 1) {
      const difference = this.#difference[at] ?? 0;
      if (difference < least) least = difference;
      if (difference > greatest) greatest = difference;
    }
    if (this.#count === 0) return { from: -0.5, to: 0.5 };
    const from = Math.floor(least * 20);
    return { from: from / 20, to: Math.max(from + 1, Math.ceil(greatest * 20)) / 20 };
  }

  #grow(): void {
    const length = 2 * this.#query.length;
    this.#query = grown(this.#query, new Int32Array(length));
    this.#group = grown(this.#group, new Int32Array(length));
    this.#difference = grown(this.#difference, new Float32Array(length));
    this.#norm = grown(this.#norm, new Float32Array(length));
    this.#kept = grown(this.#kept, new Uint8Array(length));
  }
}

function grown<T extends Int32Array | Float32Array | Uint8Array>(known: T, larger: T): T {
  larger.set(known);
  return larger;
}

function fieldOf(value: number, from: number, to: number, fields: number): number {
  const field = Math.floor(((value - from) / (to - from)) * fields);
  return field < 0 ? 0 : field >= fields ? fields - 1 : field;
}
