import fs from "node:fs";
import path from "node:path";
import { neverCancelled } from "#core/util/cancellation";
import { repoRoot } from "../support/repoRoot";
import { runNode } from "./childMemory";
import { clusteredData, type ClusteredData } from "./clusteredData";
import { quantile, type Bench, type Figure } from "./figure";
import { samplers, SessionBench, startClient, value, type Sampler } from "./sessionBench";
import { productTime } from "./vectors.bench";

const QUERIES = 10_000;
const PASSAGES = 50_000;
/** A list of 100 candidates, and what the session fetches besides, so that equal scores at its end are seen together. */
const DEPTH = 108;

/** Mining, the sampler's preview and an edit, over vectors that are given. */
export const miningBench: Bench = {
  name: "mining",
  run: async () => {
    const data = clusteredData(QUERIES, PASSAGES);
    try {
      const floor = await productTime(data.vectors);
      const search = await searchTime(data);
      const top = await mineByCli(data, samplers.top);
      const simans = await mineByCli(data, samplers.simans);
      return [
        { name: "mining 10k queries x 50k passages, top with margins", value: top.mine, unit: "s", goal: 5 },
        { name: "the exact search alone", value: search, unit: "s" },
        { name: "mining / search", value: top.mine / search, unit: "x" },
        { name: "mining / matrix product alone", value: top.mine / floor, unit: "x" },
        { name: "the whole command, with reading and writing", value: top.seconds, unit: "s" },
        ...memoryFigure(data, top.peak),
        { name: "mining with simans", value: simans.mine, unit: "s" },
        { name: "simans / top", value: simans.mine / top.mine, unit: "x", goal: 1.3 },
        ...(await sessionFigures(data)),
      ];
    } finally {
      data.remove();
    }
  },
};

function memoryFigure({ dimensions }: ClusteredData, peak: number | undefined): readonly Figure[] {
  if (peak === undefined) return [];
  const vectors = ((QUERIES + PASSAGES) * dimensions * 4) / 1e6;
  return [{ name: "both processes, at most, less the vectors", value: peak - vectors, unit: "MB", goal: 300 }];
}

interface CliTimes {
  readonly mine: number;
  readonly seconds: number;
  readonly peak: number | undefined;
}

/** The command line as people run it, and what its own report says of the stage. */
async function mineByCli(data: ClusteredData, sampler: Sampler): Promise<CliTimes> {
  const report = path.join(data.folder, "report.json");
  const { query, document } = data.vectors;
  const run = await runNode([
    ...[path.join(repoRoot, "dist/cli.cjs"), "mine", data.training, "--corpus", data.corpus],
    ...["--query-vectors", query, "--corpus-vectors", document],
    ...["--out", path.join(data.folder, "mined.jsonl"), "--report", report],
    ...Object.entries(sampler).flatMap(([name, value]) => [
      "--set",
      `sampler.${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ]),
  ]);
  const { seconds } = JSON.parse(fs.readFileSync(report, "utf8")) as { readonly seconds: { readonly mine: number } };
  return { mine: seconds.mine, seconds: run.seconds, peak: run.peak };
}

/** Seconds for the nearest documents of every query, with their similarities to the positives, in one request. */
async function searchTime(data: ClusteredData): Promise<number> {
  const client = await startClient(data, { row: (_side, slot) => slot, text: () => "" });
  try {
    value(await client.open({ id: "embedded", precision: "fp32", queryPrompt: "", corpusPrompt: "", allowDownload: false }));
    for (const [side, count] of [
      ["query", QUERIES],
      ["document", PASSAGES],
    ] as const) {
      value(await client.put(side, [...Array(count).keys()], { cancellation: neverCancelled }));
    }
    value(await client.index({ kind: "exact", m: 16, efConstruction: 200, ef: 200 }, neverCancelled));
    const jobs = data.positives.map((positives, query) => ({ query, positives, extra: [] }));
    const started = performance.now();
    value(await client.retrieve(jobs, DEPTH, neverCancelled));
    return (performance.now() - started) / 1000;
  } finally {
    await client.dispose();
  }
}

/** The preview while sliders move, and what an edit of one passage costs with the candidates of the whole file known. */
async function sessionFigures(data: ClusteredData): Promise<readonly Figure[]> {
  const bench = await SessionBench.open(data);
  try {
    const first = await bench.preview(samplers.simans);
    const moves = await bench.sliderMoves();
    const edits = await bench.edits();
    return [
      { name: "preview, the first with its search", value: first, unit: "ms" },
      ...moves,
      {
        name: "one edited passage: vectors, and candidates that it leaves alone, median",
        value: quantile(edits.carrying, 0.5),
        unit: "ms",
      },
      {
        name: "with the queries it affects and the preview of the file, median",
        value: quantile(edits.remining, 0.5),
        unit: "ms",
        goal: 200,
      },
      { name: "the same, worst", value: quantile(edits.remining, 1), unit: "ms" },
      { name: "with building the collection as well, median", value: quantile(edits.whole, 0.5), unit: "ms" },
    ];
  } finally {
    await bench.close();
  }
}
