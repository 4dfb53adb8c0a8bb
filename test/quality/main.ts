import os from "node:os";
import { defaultConfig } from "#core/config/config";
import { Experiment } from "./experiment";
import type { ExperimentPorts, Trial } from "./experiment";
import { collectionTable, summaryTable } from "./figuresTable";
import type { CollectionFigures, SplitFigures } from "./figuresTable";
import { frozenVectors } from "./frozenVectors";
import { splitOf } from "./hiddenPositives";
import { dataFolder, loadJudged } from "./judgedCollection";
import type { JudgedCollection } from "./judgedCollection";
import { keepFigures, keepOutput, keptFigures } from "./keptOutput";
import { methods } from "./methods";
import { trainers } from "./trainers";

/** The smallest first. */
const COLLECTIONS = ["cacm", "csfcube", "cranfield", "npl", "nfcorpus"] as const;
const SPLITS = 10;

/** Asked for alone, it measures nothing and makes the summary of what was measured before. */
const SUMMARY = "summary";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => ![...COLLECTIONS, SUMMARY].includes(name));
if (unknown.length > 0) {
  console.error(`There is no collection ${unknown.join(", ")}. There are: ${COLLECTIONS.join(", ")}, and ${SUMMARY}.`);
  process.exit(2);
}
const ports = { createVectors: await frozenVectors(), createTrainer: await trainers() };
const settings = { methods, training: defaultConfig.training, splits: SPLITS };
for (const name of COLLECTIONS) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const judged = await loadJudged(name);
  if (judged === undefined) {
    console.log(`${name}: skipped, since ${dataFolder} does not have it.`);
    continue;
  }
  const loadBefore = load();
  const figures = await measure(judged, ports);
  const lines = [...collectionTable(figures), "", machine(loadBefore)];
  console.log([`## ${name}`, "", ...lines, ""].join("\n"));
  keepOutput(name, lines);
  keepFigures(figures, settings);
}
const known = COLLECTIONS.flatMap((name) => keptFigures(name, settings) ?? []);
if (known.length > 0) {
  const lines = summaryTable(known);
  console.log(lines.join("\n"));
  keepOutput(SUMMARY, lines);
}
process.exit(0);

async function measure(judged: JudgedCollection, ports: ExperimentPorts): Promise<CollectionFigures> {
  const started = performance.now();
  const experiment = new Experiment(judged, ports);
  try {
    const splits: SplitFigures[] = [];
    for (let seed = 1; seed <= SPLITS; seed += 1) splits.push(await measureSplit(experiment, judged, seed));
    const { training, test } = splitOf(judged.whole, 1);
    return {
      name: judged.name,
      documents: judged.whole.documents.length,
      trainingQueries: training.length,
      testQueries: test.length,
      splits,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await experiment.dispose();
  }
}

async function measureSplit(experiment: Experiment, judged: JudgedCollection, seed: number): Promise<SplitFigures> {
  const split = splitOf(judged.whole, seed);
  await experiment.enter(split);
  const trials: Record<string, Trial> = {};
  for (const method of methods) trials[method.name] = await experiment.run(method, split, defaultConfig.training);
  const differences = methods.map(({ name }) => `${name} ${(trials[name]!.adapted - trials[name]!.frozen).toFixed(4)}`);
  console.error(`${judged.name}, split ${String(seed)}: ${differences.join(", ")}`);
  return trials;
}

function machine(loadBefore: string): string {
  const processors = `${String(os.availableParallelism())} processors (${os.cpus()[0]?.model.trim() ?? "unknown"})`;
  return `Measured on ${processors}, Node ${process.versions.node}, load ${loadBefore} at the start and ${load()} at the end.`;
}

/** Processes that wanted a processor, over the last minute. */
function load(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}
