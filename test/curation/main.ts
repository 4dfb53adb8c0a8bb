import { defaultConfig } from "#core/config/config";
import type { SlotText, VectorSpace } from "#core/ports";
import type { Trainer } from "#core/training/trainer";
import { frozenVectors } from "../judged/frozenVectors";
import { dataFolder, loadJudged } from "../judged/judgedCollection";
import { keepFigures, keepOutput, keptFigures } from "../judged/keptOutput";
import { load, machine } from "../judged/machine";
import { trainers } from "../judged/trainers";
import { Workbench } from "../judged/workbench";
import { adapterGains, curations, GUARD } from "./adapterGains";
import type { SplitAdapters } from "./adapterGains";
import { CANDIDATES } from "./asking";
import { coverageRows } from "./coverage";
import type { CoverageRow } from "./coverage";
import { guardRates } from "./guardRates";
import type { SplitRates } from "./guardRates";
import { harvestGains } from "./harvestGains";
import type { SplitGains } from "./harvestGains";
import { distilledAdapters } from "./distilledAdapters";
import type { SplitDistilled } from "./distilledAdapters";
import { opinionGains } from "./opinionGains";
import type { SplitOpinions } from "./opinionGains";
import { askedTable, distilledTable, opinionTable } from "./opinionTables";
import { filters, guard, markedSampler, measuredSampler } from "./samplers";
import { KAPPAS } from "./standInJudge";
import {
  adapterTable,
  coverageTable,
  goalTable,
  guardTable,
  markedGoalTable,
  harvestGoalTable,
  harvestTable,
  validityTableText,
} from "./tables";
import { validityTable } from "./validity";

const PAGE = "docs/curation-quality.md";
const KEPT = "curation/figures";
/** The smallest first. */
const COLLECTIONS = ["med", "rlhn-sample", "cacm", "csfcube", "trec-dl-2019", "trec-dl-2021", "npl", "cranfield", "nfcorpus"] as const;
/** Too few test queries are left of the others, or none was judged but in a pool. */
const TRAINED: readonly string[] = ["med", "cacm", "cranfield"];
/** Splits where published verdicts stand in for a language model, or the judgements with its errors; five adapters are trained in each. */
const ASKED: Readonly<Record<string, number>> = { "rlhn-sample": 8, med: 5, cacm: 5, cranfield: 5 };
/** Splits of each part, and fewer of the collections with most queries. */
const SPLITS = { guard: 8, harvest: 2, adapters: 8 } as const;
const FEWER: Readonly<Record<string, number>> = { cranfield: 5, nfcorpus: 3 };

/** Splits of one part on one collection. */
interface Figures<T> {
  readonly name: string;
  readonly documents: number;
  readonly queries: number;
  readonly splits: readonly T[];
  readonly seconds: number;
  readonly machine: string;
}

interface Part<T> {
  readonly name: string;
  readonly splits: (collection: string) => number;
  readonly measure: (bench: Workbench, seed: number) => Promise<T>;
  /** Lines of a collection. */
  readonly table: (splits: readonly T[]) => readonly string[];
  /** What its figures rest on besides the settings of all parts. */
  readonly settings?: unknown;
}

const settings = { filters, guard, markedSampler, measured: measuredSampler(), GUARD, curations, training: defaultConfig.training };

const guardPart: Part<SplitRates> = {
  name: "guard",
  splits: (collection) => FEWER[collection] ?? SPLITS.guard,
  measure: guardRates,
  table: guardTable,
};
const harvestPart: Part<SplitGains> = {
  name: "harvest",
  splits: () => SPLITS.harvest,
  measure: harvestGains,
  table: harvestTable,
};
const coveragePart: Part<readonly CoverageRow[]> = {
  name: "coverage",
  splits: () => 1,
  measure: coverageRows,
  table: (splits) => coverageTable(splits.flat()),
};

function adapterPart(createTrainer: () => Trainer): Part<SplitAdapters> {
  return {
    name: "adapters",
    splits: (collection) => (TRAINED.includes(collection) ? SPLITS.adapters : 0),
    measure: (bench, seed) => adapterGains(bench, seed, createTrainer),
    table: adapterTable,
  };
}

/** What asking finds, and what it does for an adapter. */
interface Asked {
  readonly gains: SplitOpinions;
  readonly adapters: SplitDistilled;
}

function opinionPart(createTrainer: () => Trainer): Part<Asked> {
  return {
    name: "opinions",
    splits: (collection) => ASKED[collection] ?? 0,
    measure: async (bench, seed) => ({
      gains: await opinionGains(bench, seed),
      adapters: await distilledAdapters(bench, seed, createTrainer),
    }),
    table: (splits) => [...opinionTable(splits.map(({ gains }) => gains)), "", ...distilledTable(splits.map(({ adapters }) => adapters))],
    settings: { KAPPAS, CANDIDATES, labelling: defaultConfig.labelling },
  };
}

/** Does not measure anything, and writes the tables of what is kept anew. */
const TABLES = "tables";
const VALIDITY = "validity";
const asked = process.argv.slice(2);
const createTrainer = await trainers();
const parts = [guardPart, harvestPart, coveragePart, adapterPart(createTrainer), opinionPart(createTrainer)] as const;
const known: readonly string[] = [...COLLECTIONS, ...parts.map(({ name }) => name), VALIDITY, TABLES];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exit(2);
}
const wantsAll = (names: readonly string[]): boolean => !asked.some((name) => names.includes(name));
const partNames = [...parts.map(({ name }) => name), VALIDITY];
const isAskedPart = (name: string): boolean => wantsAll(partNames) || asked.includes(name);

if (asked.includes(TABLES)) {
  for (const part of parts) for (const collection of COLLECTIONS) rewrite(part as Part<unknown>, collection);
  summarise();
  process.exit(0);
}
if (isAskedPart(VALIDITY)) {
  const loadBefore = load();
  write("validity", [...validityTableText(validityTable()), "", machine(loadBefore)]);
}
const createVectors = await frozenVectors();
for (const collection of COLLECTIONS) {
  if (!wantsAll(COLLECTIONS) && !asked.includes(collection)) continue;
  await measureCollection(collection, createVectors);
}
process.exit(0);

async function measureCollection(collection: string, vectors: (textOf: SlotText) => VectorSpace): Promise<void> {
  const judged = await loadJudged(collection);
  if (judged === undefined) {
    console.log(`${collection}: skipped, since ${dataFolder} does not have it.`);
    return;
  }
  const bench = new Workbench(judged, vectors);
  try {
    for (const part of parts) {
      if (isAskedPart(part.name)) await measurePart(part as Part<unknown>, bench);
    }
  } finally {
    await bench.dispose();
  }
}

async function measurePart<T>(part: Part<T>, bench: Workbench): Promise<void> {
  const { name } = bench.judged;
  const wanted = part.splits(name);
  if (wanted === 0) return;
  const [loadBefore, started] = [load(), performance.now()];
  const splits: T[] = [];
  while (splits.length < wanted) {
    splits.push(await part.measure(bench, splits.length + 1));
    const seconds = (performance.now() - started) / 1000;
    console.error(`${name}, ${part.name}: ${String(splits.length)} of ${String(wanted)} splits, ${seconds.toFixed(0)} s`);
  }
  const seconds = (performance.now() - started) / 1000;
  const figures: Figures<T> = {
    name: `${part.name}-${name}`,
    documents: bench.judged.whole.documents.length,
    queries: bench.judged.whole.queries.length,
    splits,
    seconds,
    machine: machine(loadBefore),
  };
  keepFigures(KEPT, figures, settingsOf(part));
  rewrite(part, name);
  summarise();
}

/** Writes the table of a collection from what is kept. */
function rewrite<T>(part: Part<T>, collection: string): void {
  const figures = keptFigures(KEPT, `${part.name}-${collection}`, settingsOf(part)) as Figures<T> | undefined;
  if (figures === undefined) return;
  const { documents, queries, splits, seconds } = figures;
  const size = `${documents.toLocaleString("en")} documents, ${String(queries)} queries, ${String(splits.length)} splits, ${seconds.toFixed(0)} s.`;
  write(`${part.name} ${collection}`, [size, "", ...part.table(splits), "", figures.machine]);
}

function settingsOf<T>(part: Part<T>): unknown {
  return part.settings === undefined ? settings : { ...settings, ...part.settings };
}

function summarise(): void {
  const guarded = keptOf<SplitRates>(guardPart);
  if (guarded.length > 0) {
    write("goal", goalTable(guarded));
    write("marked goal", markedGoalTable(guarded));
  }
  const harvested = keptOf<SplitGains>(harvestPart);
  if (harvested.length > 0) write("harvest", harvestGoalTable(harvested));
  const answered = keptOf<Asked>(opinionPart(createTrainer));
  if (answered.length > 0) write("opinions", askedTable(answered));
}

function keptOf<T>(part: Part<T>): readonly { readonly name: string; readonly splits: readonly T[] }[] {
  return COLLECTIONS.flatMap((collection) => {
    const figures = keptFigures(KEPT, `${part.name}-${collection}`, settingsOf(part)) as Figures<T> | undefined;
    return figures === undefined ? [] : [{ name: collection, splits: figures.splits }];
  });
}

function write(section: string, lines: readonly string[]): void {
  console.log([`## ${section}`, "", ...lines, ""].join("\n"));
  keepOutput(PAGE, section, lines);
}
