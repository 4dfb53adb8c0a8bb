/** How far the search for the whole file's candidates is. */
export interface MiningProgress {
  readonly done: number;
  readonly total: number;
}
