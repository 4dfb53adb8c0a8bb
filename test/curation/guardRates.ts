import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { VerdictMark } from "#core/marks/mark";
import type { TrainingQuery } from "../judged/hiddenPositives";
import type { Workbench } from "../judged/workbench";
import { Curator } from "./curator";
import { curationSplitOf } from "./curationSplit";
import type { CurationSplit } from "./curationSplit";
import { emissionOf } from "./emission";
import type { Emission } from "./emission";
import { rateAtHardness, rateFromHardness } from "./equalHardness";
import { markPairs } from "./marking";
import { filters, guard, LEVELS, markedSampler, measuredSampler } from "./samplers";
import type { Filter } from "./samplers";

export const ERRORS = [0, 0.05, 0.1] as const;
export const MARKS = [30, 100, 400] as const;
const MARKS_WITH_ERRORS = [100] as const;
/** Marks after which the goal is looked at. */
export const COMPARED = 100;

/** Rates of false negatives at each of the levels, by name of the row; null where no setting of the filter is as hard with enough yield. */
export type Rates = Readonly<Record<string, readonly (number | null)[]>>;

/** What was measured in one split. */
export interface SplitRates {
  /** Of the nearest five as they come, on the queries that nobody marks. */
  readonly top: Emission;
  /** Hardness of the levels on the same. */
  readonly hardness: readonly number[];
  /** On the queries that nobody marks. */
  readonly heldOut: Rates;
  /** On the queries that are marked, with the marks in force. */
  readonly marked: Rates;
  /** How many marks could be made where 400 were wanted. */
  readonly marks: number;
}

export function configOf(sampler: SamplerConfig): Config {
  return { ...defaultConfig, sampler };
}

export function guardRow(marks: number, errors: number): string {
  return `guard, ${String(marks)} marks${errors === 0 ? "" : `, ${(100 * errors).toFixed(0)} % errors`}`;
}

/** Filters and the guard at equal hardness in the split of this seed. */
export async function guardRates(bench: Workbench, seed: number): Promise<SplitRates> {
  const split = curationSplitOf(bench.judged, seed);
  const labelled = new Map([...split.marked, ...split.heldOut].map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((_, query) => labelled.get(query) ?? []));
  const sweeps = new Sweeps(bench, split);
  await sweeps.begin();
  const heldOut: Record<string, readonly (number | null)[]> = {};
  const marked: Record<string, readonly (number | null)[]> = {};
  for (const filter of filters) [heldOut[filter.name], marked[filter.name]] = await sweeps.rates(filter, []);
  [heldOut[guardRow(0, 0)], marked[guardRow(0, 0)]] = await sweeps.rates(guard, []);
  let made = 0;
  for (const errors of ERRORS) {
    const counts = errors === 0 ? MARKS : MARKS_WITH_ERRORS;
    const marks = await markSplit(bench, split, { errors, total: Math.max(...counts) });
    if (errors === 0) made = marks.length;
    for (const count of counts) {
      [heldOut[guardRow(count, errors)], marked[guardRow(count, errors)]] = await sweeps.rates(guard, marks.slice(0, count));
    }
    if (errors > 0) continue;
    for (const filter of filters.filter(({ isComparedWithMarks }) => isComparedWithMarks)) {
      [, marked[`${filter.name}, ${String(COMPARED)} marks`]] = await sweeps.rates(filter, marks.slice(0, COMPARED));
    }
  }
  return { top: sweeps.top, hardness: sweeps.levels.heldOut, heldOut, marked, marks: made };
}

async function markSplit(
  bench: Workbench,
  { seed, marked }: CurationSplit,
  { errors, total }: { readonly errors: number; readonly total: number },
): Promise<readonly VerdictMark[]> {
  return await markPairs(bench, configOf(markedSampler), {
    curator: new Curator(bench.judged, { errors, seed }),
    queries: new Set(marked.map(({ query }) => query)),
    rhythm: defaultConfig.curation,
    salt: `audit ${String(seed)}`,
    total,
  });
}

interface Levels {
  readonly heldOut: readonly number[];
  readonly marked: readonly number[];
}

/** Settings of filters one after another, in one split. */
class Sweeps {
  readonly #bench: Workbench;
  readonly #split: CurationSplit;
  #levels: Levels | undefined;
  #top: Emission | undefined;

  constructor(bench: Workbench, split: CurationSplit) {
    this.#bench = bench;
    this.#split = split;
  }

  get levels(): Levels {
    if (this.#levels === undefined) throw new Error("The levels are not known before the sweep begins.");
    return this.#levels;
  }

  get top(): Emission {
    if (this.#top === undefined) throw new Error("Nothing is known before the sweep begins.");
    return this.#top;
  }

  /** Finds how hard the levels are, without marks. */
  async begin(): Promise<void> {
    await this.#bench.use(configOf(measuredSampler()));
    await this.#bench.keepCandidates();
    this.#top = (await this.#emissions({}, [])).heldOut;
    const shifted: { readonly heldOut: Emission; readonly marked: Emission }[] = [];
    for (const range_min of LEVELS) shifted.push(await this.#emissions({ range_min }, []));
    this.#levels = {
      heldOut: shifted.map(({ heldOut }) => heldOut.hardness),
      marked: shifted.map(({ marked }) => marked.hardness),
    };
  }

  /** Rates of a filter at the levels: on the queries that nobody marks, and on those that are marked. */
  async rates(filter: Filter, marks: readonly VerdictMark[]): Promise<readonly [readonly (number | null)[], readonly (number | null)[]]> {
    const emissions: { readonly heldOut: Emission; readonly marked: Emission }[] = [];
    for (const setting of filter.settings) emissions.push(await this.#emissions(setting, marks));
    const { heldOut, marked } = this.levels;
    const [ofHeldOut, ofMarked] = [emissions.map((one) => one.heldOut), emissions.map((one) => one.marked)];
    return [
      heldOut.map((hardness) => rateAtHardness(ofHeldOut, hardness) ?? null),
      marked.map((hardness) => rateFromHardness(ofMarked, hardness) ?? null),
    ];
  }

  async #emissions(
    setting: Partial<SamplerConfig>,
    marks: readonly VerdictMark[],
  ): Promise<{ readonly heldOut: Emission; readonly marked: Emission }> {
    await this.#bench.use(configOf(measuredSampler(setting)), marks);
    const mined = await this.#bench.mineAll();
    const of = (queries: readonly TrainingQuery[]): Emission => emissionOf(mined, queries, this.#bench.judged.judged);
    return { heldOut: of(this.#split.heldOut), marked: of(this.#split.marked) };
  }
}
