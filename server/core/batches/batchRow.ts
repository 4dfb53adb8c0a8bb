/** One query as the planning of batches sees it. Groups are those of equal normalised texts: `Collection.groups`. */
export interface BatchRow {
  /** What the row is called in plans and reports. */
  readonly id: string;
  /** Rows of one task share batches, unless these are blended. */
  readonly task: string;
  /** Absent where it is not known or not asked for. */
  readonly topic?: number;
  /** Groups of its positives in force. */
  readonly positives: readonly number[];
  /** Groups of what it brings into a batch, where other rows meet it as negatives: its positives, and the negatives that are its own. */
  readonly documents: readonly number[];
}

/** Positions in the list of rows, batch by batch. */
export type Batches = readonly (readonly number[])[];
