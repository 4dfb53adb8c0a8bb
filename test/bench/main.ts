import os from "node:os";
import type { Bench, Figure } from "./figure";
import { tableOf } from "./figure";
import { certificatesBench } from "./certificates.bench";
import { curationBench } from "./curation.bench";
import { falseNegativesBench } from "./falseNegatives.bench";
import { gradientsBench } from "./gradients.bench";
import { gradientsViewBench } from "./gradientsView.bench";
import { miningBench } from "./mining.bench";
import { panelBench } from "./panel.bench";
import { proposalsBench } from "./proposals.bench";
import { recordsBench } from "./records.bench";
import { rescoringBench } from "./rescoring.bench";
import { reviewBench } from "./review.bench";
import { textsBench } from "./texts.bench";
import { trainingBench } from "./training.bench";
import { vectorsBench } from "./vectors.bench";

const benches: readonly Bench[] = [
  ...recordsBench,
  ...textsBench,
  ...vectorsBench,
  ...rescoringBench,
  trainingBench,
  miningBench,
  gradientsBench,
  proposalsBench,
  reviewBench,
  panelBench,
  gradientsViewBench,
  falseNegativesBench,
  curationBench,
  certificatesBench,
];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(", ")}. There are: ${benches.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const load = (): string => `load ${(os.loadavg()[0] ?? 0).toFixed(1)}`;
console.log(
  `${String(os.availableParallelism())} processors (${os.cpus()[0]?.model.trim() ?? "unknown"}), Node ${process.versions.node}, ${load()}`,
);
const figures: Figure[] = [];
for (const { name, run } of benches) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`${name} ...`);
  figures.push(...(await run()));
}
console.log(tableOf([...figures, ...marksToCard(figures)]).join("\n"));
console.log(`At the end: ${load()}.`);
process.exit(0);

/** The way of a key is through the server and through the panel; both are measured apart. */
function marksToCard(measured: readonly Figure[]): readonly Figure[] {
  const server = measured.find(({ name }) => name === reviewBench.markAnswered);
  const panel = measured.find(({ name }) => name === panelBench.keyToCard);
  if (server === undefined || panel === undefined) return [];
  return [{ name: "key press to next card, p95 (sum of both)", value: server.value + panel.value, unit: "ms", goal: 50 }];
}
