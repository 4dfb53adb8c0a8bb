import type { IdentityContext } from "./filters/identity";
import { queryCoverage, wordOverlap } from "./wordSets";

const UNKNOWN = -1;

/** Words that a pool's rows share with the query and with its positives, as far as they were asked for: eight bytes a row. */
export class KnownWords {
  readonly #ofQuery: Float32Array;
  readonly #ofPositives: Float32Array;
  #isComplete = false;

  constructor(rows: number) {
    this.#ofQuery = new Float32Array(rows).fill(UNKNOWN);
    this.#ofPositives = new Float32Array(rows).fill(UNKNOWN);
  }

  /** Makes what is not known of any row. One text after the other is compared with all rows, which takes a third of the time. */
  complete(groups: Int32Array, query: number, identity: IdentityContext): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    for (let row = 0; row < groups.length; row += 1) this.ofQuery(row, groups[row] ?? -1, query, identity);
    const most = new Float64Array(groups.length).fill(Number.NaN);
    for (const positive of identity.positiveTexts) {
      for (let row = 0; row < groups.length; row += 1) {
        const group = groups[row] ?? -1;
        const overlap = group === positive ? Number.NaN : wordOverlap(identity.collection, positive, group);
        if (overlap > (most[row] ?? 0) || Number.isNaN(most[row])) most[row] = overlap;
      }
    }
    this.#ofPositives.set(most);
  }

  /** Share of the query's different words that the row's text has; NaN for a query without words. `query` is its index. */
  ofQuery(row: number, group: number, query: number, { collection }: IdentityContext): number {
    const known = this.#ofQuery[row] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    this.#ofQuery[row] = queryCoverage(collection, query, group);
    return this.#ofQuery[row] ?? Number.NaN;
  }

  /** Words in common with the most alike positive over the words of either (Jaccard), the row's own text left out; NaN where there is no other. */
  ofPositives(row: number, group: number, { collection, positiveTexts }: IdentityContext): number {
    const known = this.#ofPositives[row] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    let most = Number.NaN;
    for (const positive of positiveTexts) {
      if (positive === group) continue;
      const overlap = wordOverlap(collection, positive, group);
      if (!(overlap <= most)) most = overlap;
    }
    this.#ofPositives[row] = most;
    return this.#ofPositives[row] ?? Number.NaN;
  }
}
