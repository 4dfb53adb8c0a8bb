import type { SlotText, VectorSpace } from "#core/ports";
import { frozenVectors } from "../judged/frozenVectors";
import { dataFolder, loadJudged } from "../judged/judgedCollection";
import { keepFigures, keepOutput, keptFigures } from "../judged/keptOutput";
import { load, machine } from "../judged/machine";
import { trainers } from "../judged/trainers";
import { Workbench } from "../judged/workbench";
import { COLLECTIONS, isPublished, partsOf, settingsOf } from "./parts";
import type { Part } from "./parts";
import { requestOf } from "./request";
import type { Request } from "./request";
import { validityTableText } from "./tables";
import { validityTable } from "./validity";

const PAGE = "docs/curation-quality.md";
const KEPT = "curation/figures";

/** Splits of one part on one collection. */
interface Figures<T> {
  readonly name: string;
  readonly documents: number;
  readonly queries: number;
  readonly splits: readonly T[];
  readonly seconds: number;
  readonly machine: string;
}

/** Does not measure anything, and writes the tables of what is kept anew. */
const TABLES = "tables";
const VALIDITY = "validity";
const createTrainer = await trainers();
const parts = partsOf(createTrainer);
const isAboutTables = process.argv.includes(TABLES);
const words = process.argv.slice(2).filter((word) => word !== TABLES);
const request = requestOf(words, { collections: COLLECTIONS, parts: [...parts.map(({ name }) => name), VALIDITY] });
if (typeof request === "string") {
  console.error(request);
  process.exit(2);
}
if (isAboutTables) {
  for (const part of parts as readonly Part<unknown>[]) {
    for (const collection of COLLECTIONS) rewrite(part, collection);
    summarise(part);
  }
  process.exit(0);
}
if (request.parts.has(VALIDITY)) {
  const loadBefore = load();
  write("validity", [...validityTableText(validityTable()), "", machine(loadBefore)]);
}
const createVectors = await frozenVectors();
for (const collection of request.collections) await measureCollection(collection, request, createVectors);
process.exit(0);

async function measureCollection(collection: string, wanted: Request, vectors: (textOf: SlotText) => VectorSpace): Promise<void> {
  const judged = await loadJudged(collection, isPublished(collection) ? {} : wanted.reading);
  if (judged === undefined) {
    console.log(`${collection}: skipped, since ${dataFolder} does not have it.`);
    return;
  }
  const bench = new Workbench(judged, vectors);
  try {
    for (const part of parts) {
      if (wanted.parts.has(part.name)) await measurePart(part as Part<unknown>, bench);
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
  if (isPublished(name)) {
    keepFigures(KEPT, figures, settingsOf(part));
    rewrite(part, name);
    summarise(part);
  } else {
    const summaries = part.summaries.flatMap(({ table }) => ["", ...table([{ name, splits }])]);
    print(`${part.name} ${name}`, [...tableOf(part, figures), ...summaries]);
  }
}

/** Writes the table of a collection from what is kept. */
function rewrite<T>(part: Part<T>, collection: string): void {
  const figures = keptFigures(KEPT, `${part.name}-${collection}`, settingsOf(part)) as Figures<T> | undefined;
  if (figures === undefined) return;
  write(`${part.name} ${collection}`, tableOf(part, figures));
}

function tableOf<T>(part: Part<T>, { documents, queries, splits, seconds, machine: measuredOn }: Figures<T>): readonly string[] {
  const size = `${documents.toLocaleString("en")} documents, ${String(queries)} queries, ${String(splits.length)} splits, ${seconds.toFixed(0)} s.`;
  return [size, "", ...part.table(splits), "", measuredOn];
}

/** Writes what has a row for each collection, if there is one for each. */
function summarise<T>(part: Part<T>): void {
  if (part.summaries.length === 0) return;
  const measured = COLLECTIONS.filter((collection) => part.splits(collection) > 0);
  const rows = measured.flatMap((name) => {
    const figures = keptFigures(KEPT, `${part.name}-${name}`, settingsOf(part)) as Figures<T> | undefined;
    return figures === undefined ? [] : [{ name, splits: figures.splits }];
  });
  if (rows.length === measured.length) for (const { section, table } of part.summaries) write(section, table(rows));
  else
    console.log(
      `The summary of ${part.name} stays as it is: ${String(rows.length)} of ${String(measured.length)} collections are measured.\n`,
    );
}

function print(section: string, lines: readonly string[]): void {
  console.log([`## ${section}`, "", ...lines, ""].join("\n"));
}

function write(section: string, lines: readonly string[]): void {
  print(section, lines);
  keepOutput(PAGE, section, lines);
}
