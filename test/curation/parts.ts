import { defaultConfig } from "#core/config/config";
import type { Trainer } from "#core/training/trainer";
import type { Workbench } from "../judged/workbench";
import { adapterGains, curations, GUARD } from "./adapterGains";
import type { SplitAdapters } from "./adapterGains";
import { CANDIDATES } from "./asking";
import { coverageRows } from "./coverage";
import type { CoverageRow } from "./coverage";
import { distilledAdapters } from "./distilledAdapters";
import type { SplitDistilled } from "./distilledAdapters";
import { guardRates } from "./guardRates";
import type { SplitRates } from "./guardRates";
import { harvestGains } from "./harvestGains";
import type { SplitGains } from "./harvestGains";
import { opinionGains } from "./opinionGains";
import type { SplitOpinions } from "./opinionGains";
import { askedTable, distilledTable, opinionTable } from "./opinionTables";
import { filters, guard, markedSampler, measuredSampler } from "./samplers";
import { KAPPAS } from "./standInJudge";
import { adapterTable, coverageTable, goalTable, guardTable, harvestGoalTable, harvestTable, markedGoalTable } from "./tables";

/** The smallest first. */
export const COLLECTIONS = [
  "med",
  "rlhn-sample",
  "cacm",
  "csfcube",
  "trec-dl-2019",
  "trec-dl-2021",
  "npl",
  "cranfield",
  "nfcorpus",
] as const;
/** Too few test queries are left of the others, or none was judged but in a pool. */
const TRAINED: readonly string[] = ["med", "cacm", "cranfield"];
/** Splits where published verdicts stand in for a language model, or the judgements with its errors; five adapters are trained in each. */
const ASKED: Readonly<Record<string, number>> = { "rlhn-sample": 8, med: 5, cacm: 5, cranfield: 5 };
/** Splits of each part, and fewer of the collections with most queries. */
const SPLITS = { guard: 8, harvest: 2, adapters: 8 } as const;
const FEWER: Readonly<Record<string, number>> = { cranfield: 5, nfcorpus: 3 };

/** What was measured on a collection. */
interface Measured<T> {
  readonly name: string;
  readonly splits: readonly T[];
}

/** Rows of all collections in a section of the page. */
interface Summary<T> {
  readonly section: string;
  readonly table: (collections: readonly Measured<T>[]) => readonly string[];
}

export interface Part<T> {
  readonly name: string;
  readonly splits: (collection: string) => number;
  readonly measure: (bench: Workbench, seed: number) => Promise<T>;
  /** Lines of a collection. */
  readonly table: (splits: readonly T[]) => readonly string[];
  readonly summaries: readonly Summary<T>[];
  /** What its figures rest on besides the settings of all parts. */
  readonly settings?: unknown;
}

/** Whether the page has tables of it. */
export function isPublished(collection: string): boolean {
  return COLLECTIONS.some((name) => name === collection);
}

const settings = { filters, guard, markedSampler, measured: measuredSampler(), GUARD, curations, training: defaultConfig.training };

const guardPart: Part<SplitRates> = {
  name: "guard",
  splits: (collection) => FEWER[collection] ?? SPLITS.guard,
  measure: guardRates,
  table: guardTable,
  summaries: [
    { section: "goal", table: goalTable },
    { section: "marked goal", table: markedGoalTable },
  ],
};
const harvestPart: Part<SplitGains> = {
  name: "harvest",
  splits: () => SPLITS.harvest,
  measure: harvestGains,
  table: harvestTable,
  summaries: [{ section: "harvest", table: harvestGoalTable }],
};
const coveragePart: Part<readonly CoverageRow[]> = {
  name: "coverage",
  splits: () => 1,
  measure: coverageRows,
  table: (splits) => coverageTable(splits.flat()),
  summaries: [],
};

function adapterPart(createTrainer: () => Trainer): Part<SplitAdapters> {
  return {
    name: "adapters",
    splits: (collection) => (!isPublished(collection) || TRAINED.includes(collection) ? SPLITS.adapters : 0),
    measure: (bench, seed) => adapterGains(bench, seed, createTrainer),
    table: adapterTable,
    summaries: [],
  };
}

/** What the figures of a part rest on. */
export function settingsOf<T>(part: Part<T>): unknown {
  return part.settings === undefined ? settings : { ...settings, ...part.settings };
}

/** All parts. */
export function partsOf(createTrainer: () => Trainer) {
  return [guardPart, harvestPart, coveragePart, adapterPart(createTrainer), opinionPart(createTrainer)] as const;
}

/** What asking finds, and what it does for an adapter. */
interface Asked {
  readonly gains: SplitOpinions;
  readonly adapters: SplitDistilled;
}

function opinionPart(createTrainer: () => Trainer): Part<Asked> {
  return {
    name: "opinions",
    splits: (collection) => ASKED[collection] ?? (isPublished(collection) ? 0 : 5),
    measure: async (bench, seed) => ({
      gains: await opinionGains(bench, seed),
      adapters: await distilledAdapters(bench, seed, createTrainer),
    }),
    table: (splits) => [...opinionTable(splits.map(({ gains }) => gains)), "", ...distilledTable(splits.map(({ adapters }) => adapters))],
    summaries: [{ section: "opinions", table: askedTable }],
    settings: { KAPPAS, CANDIDATES, labelling: defaultConfig.labelling },
  };
}
