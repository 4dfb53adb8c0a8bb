import type { SourceSettings } from "../mining/sourceSettings";

/** |g| of the candidates at some neighbouring ranks, over all queries. */
export interface RankGradient {
  readonly from: number;
  readonly to: number;
  readonly candidates: number;
  readonly mean: number;
  /** Of the population: divided by the number of candidates. */
  readonly variance: number;
}

/** The first ranks stand alone, since nearly all of the gradient is there; the others are put in at most so many groups of one width. */
const ALONE = 20;
const GROUPS = 20;

/** Mean and variance of |g| by rank, as in figure 1 of SimANS (Zhou et al. 2022). */
export class RankGradients {
  readonly #width: number;
  readonly #counts: number[] = [];
  readonly #means: number[] = [];
  /** Sums of squared distances from the mean, by Welford's update, which loses nothing where the values are tiny. */
  readonly #squares: number[] = [];

  constructor(sources: readonly SourceSettings[]) {
    const depth = Math.max(0, ...sources.map((settings) => settings.depth));
    this.#width = Math.max(1, Math.ceil((depth - ALONE) / GROUPS));
  }

  /** @param rank from 1 */
  add(rank: number, norm: number): void {
    const bin = rank <= ALONE ? rank - 1 : ALONE + Math.floor((rank - ALONE - 1) / this.#width);
    while (this.#counts.length <= bin) {
      this.#counts.push(0);
      this.#means.push(0);
      this.#squares.push(0);
    }
    const count = (this.#counts[bin] ?? 0) + 1;
    const before = this.#means[bin] ?? 0;
    const mean = before + (norm - before) / count;
    this.#counts[bin] = count;
    this.#means[bin] = mean;
    this.#squares[bin] = (this.#squares[bin] ?? 0) + (norm - before) * (norm - mean);
  }

  /** In the order of the ranks; those without candidates are left out. */
  totals(): readonly RankGradient[] {
    return this.#counts.flatMap((candidates, bin) => {
      if (candidates === 0) return [];
      const from = bin < ALONE ? bin + 1 : ALONE + (bin - ALONE) * this.#width + 1;
      const to = bin < ALONE ? from : from + this.#width - 1;
      return [{ from, to, candidates, mean: this.#means[bin] ?? 0, variance: (this.#squares[bin] ?? 0) / candidates }];
    });
  }
}
