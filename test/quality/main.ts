import { defaultConfig } from "#core/config/config";
import { Experiment } from "./experiment";
import type { ExperimentPorts, Trial } from "./experiment";
import { collectionTable, summaryTable } from "./figuresTable";
import type { CollectionFigures, SplitFigures } from "./figuresTable";
import { frozenVectors } from "../judged/frozenVectors";
import { splitOf } from "../judged/hiddenPositives";
import { dataFolder, loadJudged } from "../judged/judgedCollection";
import type { JudgedCollection } from "../judged/judgedCollection";
import { keepFigures, keepOutput, keptFigures } from "../judged/keptOutput";
import { load, machine } from "../judged/machine";
import { methods } from "./methods";
import { trainers } from "../judged/trainers";

/** The smallest first. */
const COLLECTIONS = ["cacm", "csfcube", "cranfield", "npl", "nfcorpus"] as const;
const SPLITS = 20;
const PAGE = "docs/quality.md";
const KEPT = "quality/figures";

/** Goes on after the splits that an earlier run measured under the same settings. For a run that was stopped: it does not see changed code. */
const CONTINUE = "continue";

const asked = process.argv.slice(2);
const named = asked.filter((name) => name !== CONTINUE);
const unknown = named.filter((name) => !COLLECTIONS.some((known) => known === name));
if (unknown.length > 0) {
  console.error(`There is no collection ${unknown.join(", ")}. There are: ${COLLECTIONS.join(", ")}.`);
  process.exit(2);
}
const ports = { createVectors: await frozenVectors(), createTrainer: await trainers() };
const settings = { methods, sampler: defaultConfig.sampler, training: defaultConfig.training };
for (const name of COLLECTIONS) {
  if (named.length > 0 && !named.includes(name)) continue;
  const judged = await loadJudged(name, { relevantFrom: 1 });
  if (judged === undefined) {
    console.log(`${name}: skipped, since ${dataFolder} does not have it.`);
    continue;
  }
  const figures = await measure(judged, ports, asked.includes(CONTINUE) ? kept(name) : undefined);
  const lines = collectionTable(figures);
  console.log([`## ${name}`, "", ...lines, ""].join("\n"));
  keepOutput(PAGE, name, lines);
}
const known = COLLECTIONS.flatMap((name) => kept(name) ?? []).filter(({ splits }) => splits.length === SPLITS);
if (known.length > 0) {
  const lines = summaryTable(known);
  console.log(lines.join("\n"));
  keepOutput(PAGE, "summary", lines);
}
process.exit(0);

function kept(name: string): CollectionFigures | undefined {
  return keptFigures(KEPT, name, settings) as CollectionFigures | undefined;
}

async function measure(judged: JudgedCollection, ports: ExperimentPorts, known?: CollectionFigures): Promise<CollectionFigures> {
  const { training, test } = splitOf(judged.whole, 1);
  let figures: CollectionFigures = known ?? {
    name: judged.name,
    documents: judged.whole.documents.length,
    trainingQueries: training.length,
    testQueries: test.length,
    splits: [],
    seconds: 0,
    machine: "",
  };
  const loadBefore = load();
  const experiment = new Experiment(judged, ports);
  try {
    while (figures.splits.length < SPLITS) {
      const started = performance.now();
      const split = await measureSplit(experiment, judged, figures.splits.length + 1);
      const seconds = figures.seconds + (performance.now() - started) / 1000;
      figures = { ...figures, splits: [...figures.splits, split], seconds, machine: machine(loadBefore) };
      keepFigures(KEPT, figures, settings);
    }
    return figures;
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
