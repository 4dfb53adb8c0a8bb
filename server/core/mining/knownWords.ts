import type { IdentityContext } from "./filters/identity";
import { sharedWords, wordsSharedWithQuery } from "./wordSets";

const UNKNOWN = -1;

/** Words that a pool's rows share with the query and with its positives, as far as they were asked for: eight bytes a row. */
export class KnownWords {
  readonly #ofQuery: Float32Array;
  readonly #ofPositives: Float32Array;

  constructor(rows: number) {
    this.#ofQuery = new Float32Array(rows).fill(UNKNOWN);
    this.#ofPositives = new Float32Array(rows).fill(UNKNOWN);
  }

  /** Share of the query's different words that the row's text has; NaN for a query without words. `query` is its index. */
  ofQuery(row: number, group: number, query: number, { collection }: IdentityContext): number {
    const known = this.#ofQuery[row] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const { first, shared } = wordsSharedWithQuery(collection, query, group);
    this.#ofQuery[row] = shared / first;
    return this.#ofQuery[row] ?? Number.NaN;
  }

  /** Words in common with the most alike positive over the words of either (Jaccard), the row's own text left out; NaN where there is no other. */
  ofPositives(row: number, group: number, { collection, positiveTexts }: IdentityContext): number {
    const known = this.#ofPositives[row] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    let most = Number.NaN;
    for (const positive of positiveTexts) {
      if (positive === group) continue;
      const { first, second, shared } = sharedWords(collection, positive, group);
      const either = first + second - shared;
      const overlap = either === 0 ? 0 : shared / either;
      if (!(overlap <= most)) most = overlap;
    }
    this.#ofPositives[row] = most;
    return this.#ofPositives[row] ?? Number.NaN;
  }
}
