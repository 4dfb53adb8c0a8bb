import type { MinedQuery } from "../mining/miningState";
import { quantile } from "../mining/simans";
import type { SourceSettings } from "../mining/sourceSettings";
import { countClasses } from "./candidateGradients";
import type { GradientSettings } from "./gradientSettings";
import { GradientColumns, rowGradients } from "./rowGradients";
import type { RowGradients } from "./rowGradients";
import { SourceGradients } from "./sourceGradients";
import type { SourceGradient } from "./sourceGradients";

/** Quartiles, by linear interpolation. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What the emitted negatives of many queries do to the gradient. */
export interface GradientTotals {
  readonly temperature: number;
  /** Queries that count: those with a positive and vectors, less those marked bad. */
  readonly queries: number;
  /** Emitted negatives by class. */
  readonly easy: number;
  readonly useful: number;
  readonly dominant: number;
  /** Queries none of whose negatives is useful. */
  readonly queriesWithoutUseful: number;
  /** Of 1 / sum w^2 over the queries that have negatives; absent where none has. */
  readonly effectiveNegatives?: Quartiles;
  readonly sources: readonly SourceGradient[];
}

/** Adds up the gradients of mined queries one by one. */
export class GradientTally {
  readonly #settings: GradientSettings;
  readonly #sources: SourceGradients;
  readonly #columns = new GradientColumns();
  readonly #counts = { easy: 0, useful: 0, dominant: 0 };
  readonly #effective: number[] = [];
  #queries = 0;
  #withoutUseful = 0;

  constructor(settings: GradientSettings, sources: readonly SourceSettings[]) {
    this.#settings = settings;
    this.#sources = new SourceGradients(settings, sources);
  }

  /** @returns the query's gradients until the next query is added; undefined where it does not count */
  add(mined: MinedQuery): RowGradients | undefined {
    // A query that a mark takes out of the training has no gradient.
    const rows = mined.verdicts.badQuery ? undefined : rowGradients(mined, this.#settings, this.#columns);
    if (rows === undefined) return undefined;
    const { easy, useful, dominant } = countClasses(mined.decision.kept, rows);
    this.#queries += 1;
    this.#counts.easy += easy;
    this.#counts.useful += useful;
    this.#counts.dominant += dominant;
    if (useful === 0) this.#withoutUseful += 1;
    if (rows.effectiveNegatives > 0) this.#effective.push(rows.effectiveNegatives);
    this.#sources.add(mined, rows);
    return rows;
  }

  totals(): GradientTotals {
    const sorted = Float64Array.from(this.#effective).sort();
    const quartiles = { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
    return {
      temperature: this.#settings.temperature,
      queries: this.#queries,
      ...this.#counts,
      queriesWithoutUseful: this.#withoutUseful,
      ...(sorted.length === 0 ? {} : { effectiveNegatives: quartiles }),
      sources: this.#sources.totals(),
    };
  }
}
