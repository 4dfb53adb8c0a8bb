import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { defaultConfig, type Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { SlotText } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import type { Result } from "#core/util/result";
import { sha256 } from "../../server/runtime/hash";
import { VectorClient } from "../../server/runtime/vectors/vectorClient";
import { builtModels, buildVectorProcess } from "../support/buildVectorProcess";
import { repoRoot } from "../support/repoRoot";
import { runNode } from "./childMemory";
import { clusteredData, corpusRow, rowsOf, type ClusteredData } from "./clusteredData";
import { quantile, type Bench, type Figure } from "./figure";
import { productTime } from "./vectors.bench";

const QUERIES = 10_000;
const PASSAGES = 50_000;
/** A list of 100 candidates, and what the session fetches besides, so that equal scores at its end are seen together. */
const DEPTH = 108;
const EDITS = 7;

type Sampler = Partial<SamplerConfig>;

/** Default rules, and the two margins on top. */
const margins: Sampler = { relative_margin: 0.05, absolute_margin: 0.02, num_negatives: 7 };
const samplers: Readonly<Record<"top" | "simans", Sampler>> = {
  top: { ...margins, sampling_strategy: "top" },
  simans: { ...margins, sampling_strategy: "simans" },
};

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

interface SlotSource {
  readonly row: (side: "query" | "document", slot: number) => number | undefined;
  readonly text: SlotText;
}

async function startClient({ vectors }: ClusteredData, source: SlotSource): Promise<VectorClient> {
  return new VectorClient({
    processFile: await buildVectorProcess(),
    log: () => undefined,
    settings: { modelsFolder: builtModels(), baseFolder: os.tmpdir() },
    source: { kind: "files", files: vectors, ...source },
  });
}

/** The preview while sliders move, and what an edit of one passage costs with the candidates of the whole file known. */
async function sessionFigures(data: ClusteredData): Promise<readonly Figure[]> {
  const rowOfText = new Map([...data.queries.entries(), ...data.passages.entries()].map(([row, text]) => [text, row]));
  const bench = await SessionBench.open(data, rowOfText);
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

/** Milliseconds of each edit, from the collection being built or, for the whole, from the edit. */
interface EditTimes {
  readonly carrying: readonly number[];
  readonly remining: readonly number[];
  readonly whole: readonly number[];
}

class SessionBench {
  readonly #data: ClusteredData;
  readonly #rowOfText: Map<string, number>;
  readonly #session: DatasetSession;
  /** Settles waiting for the search of a preview. */
  #searched: () => void = () => undefined;

  private constructor(data: ClusteredData, rowOfText: Map<string, number>, createVectors: (textOf: SlotText) => VectorClient) {
    this.#data = data;
    this.#rowOfText = rowOfText;
    this.#session = new DatasetSession(
      { createVectors, sha256, breathe: () => nextTurn(), stopwatch: () => performance.now() / 1000, logger: () => undefined, author: "" },
      {
        revised: () => undefined,
        statusChanged: () => undefined,
        previewAdvanced: (done, total) => {
          if (done === total) this.#searched();
        },
      },
    );
  }

  /** With vectors ready and a lexical index where the configuration asks for one, which it does not. */
  static async open(data: ClusteredData, rowOfText: Map<string, number>): Promise<SessionBench> {
    const source: { text: SlotText } = { text: () => "" };
    const client = await startClient(data, {
      row: (side, slot) => rowOfText.get(source.text(side, slot)),
      text: (side, slot) => source.text(side, slot),
    });
    const bench = new SessionBench(data, rowOfText, (textOf) => {
      source.text = textOf;
      return client;
    });
    await bench.#session.setConfig(configOf(samplers.simans));
    await bench.#session.setData(rowsOf(data));
    value(await bench.#session.prepare());
    return bench;
  }

  /** Milliseconds to the summary of a sampler. */
  async preview(sampler: Sampler): Promise<number> {
    const started = performance.now();
    for (;;) {
      const searched = new Promise<void>((resolve) => {
        this.#searched = resolve;
      });
      const step = value(await this.#session.preview(configOf(sampler)));
      if (step.kind === "summary") return performance.now() - started;
      await searched;
    }
  }

  async sliderMoves(): Promise<readonly Figure[]> {
    const moves: readonly Sampler[] = [
      ...[0.02, 0.04, 0.08, 0.1].map((relative_margin) => ({ relative_margin })),
      ...[0.6, 0.7, 0.8].map((max_positive_similarity) => ({ max_positive_similarity })),
      ...[0.25, 0.75, 1.5].map((a) => ({ simans: { ...defaultConfig.sampler.simans, a } })),
      ...[0.9, 0.7, 0.6].map((near_duplicate_overlap) => ({ near_duplicate_overlap })),
    ];
    const summary = await this.preview(samplers.simans);
    const times: number[] = [];
    for (const move of moves) times.push(await this.preview({ ...samplers.simans, ...move }));
    return [
      { name: "preview, the first that is searched for already", value: summary, unit: "ms" },
      { name: `preview, ${String(moves.length)} moves of sliders, median`, value: quantile(times, 0.5), unit: "ms", goal: 200 },
      { name: "the same, worst", value: quantile(times, 1), unit: "ms", goal: 200 },
    ];
  }

  /** One passage after another is edited, with the candidates of the whole file known. */
  async edits(): Promise<EditTimes> {
    const { files } = rowsOf(this.#data);
    const [training, corpus] = [files[0]!, files[1]!];
    await this.#session.setData({ files: [training, corpus] });
    value(await this.#session.prepare());
    const rows = [...corpus.rows];
    const times: Record<keyof EditTimes, number[]> = { carrying: [], remining: [], whole: [] };
    for (let edit = 0; edit < EDITS; edit++) {
      const passage = 5000 + edit * 7001;
      const text = `${this.#data.passages[passage]!} edited`;
      this.#rowOfText.set(text, passage + 300);
      rows[passage] = corpusRow(text, passage);
      const started = performance.now();
      await this.#session.setData({ files: [training, { ...corpus, rows: rows.slice() }] });
      const built = performance.now();
      value(await this.#session.prepare());
      times.carrying.push(performance.now() - built);
      await this.preview(samplers.simans);
      times.remining.push(performance.now() - built);
      times.whole.push(performance.now() - started);
    }
    return times;
  }

  close(): Promise<void> {
    return this.#session.dispose();
  }
}

function configOf(sampler: Sampler): Config {
  return { ...defaultConfig, sampler: { ...defaultConfig.sampler, ...sampler } };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
