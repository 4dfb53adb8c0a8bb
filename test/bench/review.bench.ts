import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { seededRandom } from "#core/util/random";
import { appendMark } from "#protocol/marks";
import { openReview, reviewDidChange, showQuery } from "#protocol/review";
import type { QueryView } from "#protocol/review";
import { LspHarness } from "../support/lspHarness";
import { quantile, type Bench, type Figure } from "./figure";
import { largeWorkspace, type LargeWorkspace } from "./largeWorkspace";

const PASSAGES = 100_000;
const QUERIES = 2000;
const MARKS = 200;
/** Longest pause between two marks, in milliseconds: diagnostics and lenses of the last mark then fall anywhere around the next. */
const PAUSE = 500;
/** After so many milliseconds of rest the processes have given back what they give back. */
const REST = 15_000;
const MEBIBYTE = 1024 ** 2;

/** The built server over 100,000 passages whose vectors are cached: opening, marking, opening again, memory. */
export const reviewBench: Bench & { readonly markAnswered: string } = {
  name: "review",
  markAnswered: "key press to durable mark and its answer, p95",
  run: async () => {
    const workspace = await largeWorkspace(PASSAGES, QUERIES);
    try {
      // The first opening warms the file system as an earlier session would have.
      const first = await openAndMark(workspace);
      const again = await openAgain(workspace);
      return [...first, ...again];
    } finally {
      workspace.remove();
    }
  },
};

async function openAndMark(workspace: LargeWorkspace): Promise<readonly Figure[]> {
  const editor = await Editor.start(workspace);
  try {
    await editor.open();
    const lexical = await editor.review();
    const withBm25 = editor.memory();
    await editor.dense();
    await wait(REST);
    const afterBm25 = editor.memory();
    const times = await markAll(editor);
    const afterMarks = editor.memory();
    const vectors = ((PASSAGES + QUERIES) * workspace.dimensions * 4) / MEBIBYTE;
    return [
      { name: reviewBench.markAnswered, value: quantile(times, 0.95), unit: "ms", goal: 20 },
      { name: "the same, median", value: quantile(times, 0.5), unit: "ms" },
      { name: "the same, longest", value: quantile(times, 1), unit: "ms" },
      { name: "opening 100k passages to the first candidates", value: lexical.seconds, unit: "s" },
      ...memoryFigures("while the vectors are loaded", withBm25, vectors),
      ...memoryFigures("after a rest", afterBm25, vectors),
      ...memoryFigures(`after ${String(MARKS)} marks`, afterMarks, vectors),
    ];
  } finally {
    await editor.end();
  }
}

async function openAgain(workspace: LargeWorkspace): Promise<readonly Figure[]> {
  const started = performance.now();
  const editor = await Editor.start(workspace);
  try {
    const first = await editor.review();
    const shown = performance.now();
    const dense = first.view.retrieval === "dense" ? first.view : await editor.dense();
    if (dense.retrieval !== "dense" || dense.candidates.length + dense.dropped.length === 0) throw new Error("no dense candidates");
    return [
      { name: "opening again to the first candidates", value: (shown - started) / 1000, unit: "s", goal: 2 },
      { name: "opening again to the first dense candidates", value: (performance.now() - started) / 1000, unit: "s", goal: 2 },
    ];
  } finally {
    await editor.end();
  }
}

/** Milliseconds of each mark, by somebody who goes through the queries and marks two or three candidates of each. */
async function markAll(editor: Editor): Promise<readonly number[]> {
  const random = seededRandom("pauses");
  const verdicts = ["true_negative", "false_negative", "partly_relevant"] as const;
  const times: number[] = [];
  let view = await editor.show(0);
  for (let i = 0; i < MARKS; i++) {
    const verdict = verdicts[i % verdicts.length]!;
    const candidate = view.candidates.find((one) => one.verdict === undefined);
    if (candidate === undefined || i % 5 === 0) {
      view = await editor.show(view.index + 7);
      continue;
    }
    const started = performance.now();
    view = await editor.mark(view, candidate.key, verdict);
    times.push(performance.now() - started);
    await wait(random() * PAUSE);
  }
  if (times.length < MARKS / 2) throw new Error(`only ${String(times.length)} candidates to mark`);
  return times;
}

interface Memory {
  readonly server: number;
  readonly vectors: number;
}

function memoryFigures(when: string, { server, vectors }: Memory, held: number): readonly Figure[] {
  return [
    { name: `memory ${when}, server`, value: server, unit: "MiB" },
    { name: `memory ${when}, vector process`, value: vectors, unit: "MiB" },
    { name: `memory ${when}, both`, value: server + vectors, unit: "MiB", goal: Math.round(250 + 1.3 * held) },
  ];
}

/** The server with a client that does what VS Code and the panel do after a mark: asks for lenses and the query again, and tells of the written file. */
class Editor {
  readonly #server: LspHarness;
  readonly #workspace: LargeWorkspace;
  readonly #dataset: string;
  #ready: Promise<unknown>;
  #shown = 0;
  /** State that the last answer shows: the panel does not ask for one it has. */
  #revision = 0;

  private constructor(server: LspHarness, workspace: LargeWorkspace) {
    this.#server = server;
    this.#workspace = workspace;
    this.#dataset = server.uri(workspace.training);
    this.#ready = server.ready();
    server.connection.onRequest("workspace/codeLens/refresh", () => {
      this.#ask(server.connection.sendRequest("textDocument/codeLens", { textDocument: { uri: this.#dataset } }));
      return null;
    });
  }

  static async start(workspace: LargeWorkspace): Promise<Editor> {
    return new Editor(await LspHarness.start({ workspace: workspace.folder, cacheFolder: workspace.cacheFolder }), workspace);
  }

  open(): Promise<void> {
    return this.#server.open(this.#workspace.training, this.#workspace.text);
  }

  async review(): Promise<{ readonly view: QueryView; readonly seconds: number }> {
    const started = performance.now();
    const view = await this.#server.value(openReview, { dataset: this.#dataset, line: 1 });
    return { view, seconds: (performance.now() - started) / 1000 };
  }

  /** Waits for the vectors, then shows the first query. */
  async dense(): Promise<QueryView> {
    await this.#ready;
    const view = await this.show(0);
    this.#server.connection.onNotification(reviewDidChange.method, ({ revision }: { readonly revision: number }) => {
      if (revision > this.#revision) this.#ask(this.show(this.#shown));
    });
    return view;
  }

  async show(index: number): Promise<QueryView> {
    this.#shown = index;
    const view = await this.#server.value(showQuery, { dataset: this.#dataset, index });
    this.#revision = view.revision;
    return view;
  }

  async mark(view: QueryView, document: string, verdict: "true_negative" | "false_negative" | "partly_relevant"): Promise<QueryView> {
    const answer = await this.#server.value(appendMark, {
      dataset: this.#dataset,
      index: view.index,
      query: view.key,
      document,
      verdict,
      blind: false,
      suggestionShown: false,
    });
    this.#revision = answer.view.revision;
    const changes = [{ uri: this.#server.uri(".nearmiss/marks/tester.jsonl"), type: 2 }];
    this.#ask(this.#server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes }));
    return answer.view;
  }

  memory(): Memory {
    const server = this.#server.process.pid ?? 0;
    const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
    const mebibytes = (fits: (pid: number, parent: number) => boolean): number =>
      processes.filter(([pid, parent]) => fits(pid, parent)).reduce((sum, [, , kibibytes]) => sum + kibibytes / 1024, 0);
    return { server: mebibytes((pid) => pid === server), vectors: mebibytes((_pid, parent) => parent === server) };
  }

  end(): Promise<void> {
    return this.#server.end();
  }

  /** What an editor asks without waiting; a failure ends the measurement. */
  #ask(asked: Promise<unknown>): void {
    asked.catch((error: unknown) => {
      // Answers that are under way when the server ends are lost, as in an editor.
      if (!String(error).includes("disposed")) throw error;
    });
  }
}
