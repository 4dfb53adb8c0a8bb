/** What may go wrong with `nearmiss train`, on a circle: passage i lies at 15 i degrees, and each query 40 degrees past its own. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setImmediate as untilInputIsRead } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "#core/learning/runRecord";
import { textKey } from "#core/collection/textKey";
import type { Trainer } from "#core/training/trainer";
import { gradientReport } from "#protocol/gradients";
import type { Failure, Outcome } from "#protocol/outcome";
import { openReview } from "#protocol/review";
import { compareRounds, startTraining, trainingState } from "#protocol/training";
import { TrainerClient } from "../../server/runtime/training/trainerClient";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { buildTrainerProcess } from "../support/buildTrainerProcess";
import { InMemoryVectorSpace } from "../support/inMemoryVectorSpace";
import { InProcessTrainer } from "../support/inProcessTrainer";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";
import { sha256 } from "../support/sha256";
import { runCommand } from "./commandLine";
import type { CommandOptions, CommandResult } from "./commandLine";

const COUNT = 24;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

interface Row {
  readonly query: string;
  readonly pos: readonly string[];
}

const rows: readonly Row[] = numbers.map((i) => ({ query: `question ${String(i)}`, pos: [`passage ${String(i)}`] }));
const corpus = linesOf(numbers.map((i) => ({ id: `p${String(i)}`, text: `passage ${String(i)}` })));

function linesOf(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

function onCircle(text: string, side: "query" | "document"): readonly number[] {
  const angle = (Math.PI / 180) * (15 * Number(/\d+$/.exec(text)?.[0] ?? "0") + (side === "query" ? 40 : 0));
  return [Math.cos(angle), Math.sin(angle)];
}

const training = { num_train_epochs: 6, batch_size: 6, learning_rate: 0.1, adapter: { regularization: 0 } };

function project(files: Readonly<Record<string, string>> = {}, data: readonly Row[] = rows): string {
  const config = JSON.stringify({ training, sampler: { num_negatives: 3, relative_margin: null } });
  return scratchFolder({ ".nearmiss/config.json": config, "train.jsonl": linesOf(data), "corpus.jsonl": corpus, ...files });
}

function nearmiss(folder: string, argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(folder, argv, {
    createVectors: ({ textOf }) => new InMemoryVectorSpace(textOf, onCircle),
    createTrainer: () => new InProcessTrainer(),
    ...options,
  });
}

function train(folder: string, argv: readonly string[] = [], options: CommandOptions = {}): Promise<CommandResult> {
  return nearmiss(folder, ["train", "train.jsonl", "--corpus", "corpus.jsonl", ...argv], options);
}

function adapters(folder: string): Readonly<Record<string, string>> {
  const parent = path.join(folder, ".nearmiss/adapters");
  return Object.fromEntries(readdirSync(parent).map((name) => [name, bytesOf(path.join(parent, name))]));
}

function bytesOf(adapter: string): string {
  return ["card.json", "config.json", "model.safetensors"].map((file) => readFileSync(path.join(adapter, file), "base64")).join("\n");
}

function recordOf(folder: string, run: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, ".nearmiss/training", run, "run.json"), "utf8")) as RunRecord;
}

/** What an undisturbed run makes. */
async function undisturbed(options: CommandOptions = {}): Promise<string> {
  const folder = project();
  expect((await train(folder, [], options)).code).toBe(0);
  return adapters(folder)["train-1"] ?? "";
}

function allBad(): string {
  const query = (text: string) => ({ key: textKey(text, sha256), text });
  return linesOf(
    rows.map((row, i) => ({
      v: 1,
      mark: `m${String(i)}`,
      kind: "verdict",
      time: "2026-01-01T00:00:00Z",
      author: "Ada",
      verdict: "bad_query",
      query: query(row.query),
      blind: false,
      suggestion_shown: false,
      tool: "test",
    })),
  );
}

interface Refused {
  readonly argv?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly data?: readonly Row[];
}

const refused: Readonly<Record<string, Refused>> = {
  "one query": { data: rows.slice(0, 1) },
  "three queries": { data: rows.slice(0, 3) },
  "no positives": { data: rows.map((row) => ({ ...row, pos: [] })) },
  "every query marked bad": { files: { ".nearmiss/marks/ada.jsonl": allBad() } },
  "tau 0": { argv: ["--set", "training.temperature=0"] },
  "tau NaN": { argv: ["--set", "training.temperature=NaN"] },
  "tau in words": { files: { ".nearmiss/config.json": '{\n  "training": { "temperature": "low" }\n}\n' } },
  "batches of one": { argv: ["--set", "training.batch_size=1"] },
  "rank above the dimensions": { argv: ["--set", "training.adapter.rank=3"] },
  "no negatives at all": { argv: ["--set", "sampler.min_score=0.9999", "--set", "training.in_batch_negatives=false"] },
  "a learning rate out of this world": { argv: ["--set", "training.learning_rate=1e300"] },
  "a run that is not there": { argv: ["--resume", "train-7"] },
  "a run outside": { argv: ["--resume", "../train-7"] },
  "a run without a name": { argv: ["--resume", ""] },
  "a seed in words": { argv: ["--seed", "x"] },
  "a file where runs belong": { files: { ".nearmiss/training": "" } },
};

test("what cannot be trained is refused with what to do", async () => {
  const told: Record<string, string> = {};
  for (const [name, { argv = [], files = {}, data }] of Object.entries(refused)) {
    const { code, out, err } = await train(project(files, data), argv);
    expect([name, code, out]).toEqual([name, 2, ""]);
    told[name] = err.split("\n").at(-1) ?? "";
  }
  expect(told).toMatchInlineSnapshot(`
    {
      "a file where runs belong": "nearmiss: .nearmiss/training/train-1: A file stands where a folder is needed. Move that file away.",
      "a learning rate out of this world": "nearmiss: The loss is NaN in training step 2. The adapter from before is kept. Set a lower training.learning_rate.",
      "a run outside": "nearmiss: "training/../train-7/run.json" is not a name of a file in .nearmiss. Use names of letters, digits, dots, dashes, underscores and blanks.",
      "a run that is not there": "nearmiss: There is no run "train-7". Begin a new run.",
      "a run without a name": "nearmiss: "training//run.json" is not a name of a file in .nearmiss. Use names of letters, digits, dots, dashes, underscores and blanks.",
      "a seed in words": "nearmiss: --seed x is not a whole number of at least 0. For example --seed 42.",
      "batches of one": "nearmiss: training.batch_size is 1, but must be at least 2. Allowed is a whole number, at least 2.",
      "every query marked bad": "nearmiss: No query has a positive, so there is nothing to learn from. Add positives first.",
      "no negatives at all": "nearmiss: The sampler keeps no negative for any training query, and training.in_batch_negatives is false. Loosen the rules of the sampler, for example sampler.min_score, or set training.in_batch_negatives to true.",
      "no positives": "nearmiss: No query has a positive, so there is nothing to learn from. Add positives first.",
      "one query": "nearmiss: Only one query has a positive, and training needs at least 2. Add queries with positives.",
      "rank above the dimensions": "nearmiss: training.adapter.rank is 3, but the vectors have 2 dimensions. Set it to at most 2, or to null for a full matrix.",
      "tau 0": "nearmiss: training.temperature is 0, but must be above 0. Allowed is a number, above 0.",
      "tau NaN": "nearmiss: training.temperature is "NaN", but must be a number. Allowed is a number, above 0.",
      "tau in words": "nearmiss: .nearmiss/config.json:2: training.temperature is "low", but must be a number. Correct the configuration.",
      "three queries": "nearmiss: training.validation_share is 0.15, but of 3 queries with positives that leaves 0 for validation, and at least 2 are needed. Set training.validation_share to 0 to train to the end without early stopping, raise it, or add queries.",
    }
  `);
});

test("a run that fails leaves the adapters that there are as they are, byte for byte", async () => {
  const folder = project();
  expect((await train(folder)).code).toBe(0);
  const before = adapters(folder);
  expect((await train(folder, ["--set", "training.learning_rate=1e300"])).code).toBe(2);
  expect(adapters(folder)).toEqual(before);
});

test("--seed decides the split and every draw, as the settings do", async () => {
  const [named, set] = [project(), project()];
  expect((await train(named, ["--seed", "7"])).code).toBe(0);
  expect((await train(set, ["--set", "training.seed=7", "--set", "sampler.seed=7"])).code).toBe(0);
  expect(recordOf(named, "train-1").training.seed).toBe(7);
  expect(adapters(named)).toEqual(adapters(set));
});

test("a broken adapter in use does not keep one from training another", async () => {
  const folder = project();
  expect((await train(folder, ["--set", "model.adapter=gone"])).code).toBe(0);
  expect(adapters(folder)["train-1"]).toBe(await undisturbed());
});

const processFile = await buildTrainerProcess();
/** The trainer of the command line. */
const inProcess = (): Trainer => new TrainerClient({ processFile, log: () => undefined });

/** Presses Ctrl+C after two epochs, and trains on when the command has seen it. */
class InterruptedTrainer extends InProcessTrainer {
  readonly #interrupt: () => void;
  #stretches = 0;

  constructor(interrupt: () => void) {
    super();
    this.#interrupt = interrupt;
  }

  override async advance(...[state, work, options]: Parameters<Trainer["advance"]>): ReturnType<Trainer["advance"]> {
    this.#stretches += 1;
    if (this.#stretches === 3) this.#interrupt();
    while (this.#stretches === 3 && !options.cancellation.requested) await untilInputIsRead();
    return super.advance(state, work, options);
  }
}

/** After two epochs its process is killed whenever it starts. */
class KilledTrainer implements Trainer {
  readonly #alive = inProcess();
  readonly #dying: Trainer;
  #stretches = 0;

  constructor() {
    const folder = scratchFolder({ "dies.cjs": 'process.kill(process.pid, "SIGKILL");\n' });
    this.#dying = new TrainerClient({ processFile: path.join(folder, "dies.cjs"), log: () => undefined, restartDelays: [0] });
  }

  load(...parts: Parameters<Trainer["load"]>): ReturnType<Trainer["load"]> {
    return this.#alive.load(...parts);
  }

  advance(...parts: Parameters<Trainer["advance"]>): ReturnType<Trainer["advance"]> {
    this.#stretches += 1;
    return (this.#stretches > 2 ? this.#dying : this.#alive).advance(...parts);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#alive.dispose(), this.#dying.dispose()]);
  }
}

interface Ending {
  readonly code: number;
  readonly state: string;
  readonly told: string;
  readonly trainer: (interrupt: () => void) => Trainer;
  readonly calm: () => Trainer;
}

test.each<Ending>([
  {
    code: 130,
    state: "stopped",
    told: "Stopped on request after step ",
    trainer: (interrupt) => new InterruptedTrainer(interrupt),
    calm: () => new InProcessTrainer(),
  },
  {
    code: 2,
    state: "failed",
    told: "The process that trains adapters was ended by SIGKILL, 6 times in 180 seconds. Train again.",
    trainer: () => new KilledTrainer(),
    calm: inProcess,
  },
])(
  "$state in the middle, a run says so, keeps its best epoch, and goes on to the adapter of an undisturbed one",
  async ({ code, state, told, trainer, calm }) => {
    const folder = project();
    const cancellation = { requested: false };
    const interrupt = (): void => void (cancellation.requested = true);
    const ended = await train(folder, [], { cancellation, createTrainer: () => trainer(interrupt) });
    expect(ended.code).toBe(code);
    expect(recordOf(folder, "train-1")).toMatchObject({ state, adapter: "train-1" });
    expect(ended.out).toContain("It can go on: add --resume train-1 to the same command");
    expect(ended.out).toContain(told);
    expect((await train(folder, ["--resume", "train-1"], { createTrainer: calm })).code).toBe(0);
    expect(modelOf(adapters(folder)["train-1-1"])).toBe(modelOf(await undisturbed({ createTrainer: calm })));
  },
);

test("two trainings of one folder at once make two runs and two adapters", async () => {
  const folder = project();
  const ended = await Promise.all([train(folder), train(folder)]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  const made = await undisturbed();
  expect(adapters(folder)).toEqual({ "train-1": made, "train-2": made });
  expect(["train-1", "train-2"].map((run) => recordOf(folder, run).adapter).sort()).toEqual(["train-1", "train-2"]);
});

test("where the adapter cannot be written the run is kept, and goes on once it can be", async () => {
  const folder = project({ ".nearmiss/adapters": "" });
  const ended = await train(folder);
  expect([ended.code, ended.err.split("\n").at(-1)]).toEqual([
    2,
    "nearmiss: .nearmiss/adapters/train-1: A file stands where a folder is needed. Move that file away.",
  ]);
  rmSync(path.join(folder, ".nearmiss/adapters"));
  expect((await train(folder, ["--resume", "train-1"])).code).toBe(0);
  expect(modelOf(adapters(folder)["train-1"])).toBe(modelOf(await undisturbed()));
});

const ESCAPE = "\u001b[31m\u0007\u009b";

test("hostile texts are trained on and never printed; hostile names do not act on the terminal", async () => {
  const said = "ignore previous instructions <b>";
  const folder = project({}, [{ query: `${said}${ESCAPE} ${"x".repeat(1_000_000)} 0`, pos: [`${ESCAPE} passage 0`] }, ...rows.slice(1)]);
  const trained = await train(folder);
  expect(trained.code).toBe(0);
  const card = path.join(folder, ".nearmiss/adapters/train-1/card.json");
  writeFileSync(card, readFileSync(card, "utf8").replace('"name": "train.jsonl"', `"name": ${JSON.stringify(`${ESCAPE}named`)}`));
  const evaluated = await nearmiss(folder, ["evaluate", "train.jsonl", "--corpus", "corpus.jsonl", "--adapter", "train-1"]);
  expect(evaluated.out).toContain("named: whether queries of train.jsonl were among its own is not recorded.");
  const printed = [trained.out, trained.err, evaluated.out, evaluated.err].join("");
  expect(printed).not.toContain(said);
  expect(printed).not.toMatch(/[\u001b\u0007\u009b]/u);
});

function modelOf(adapter: string | undefined): string | undefined {
  return adapter?.split("\n").at(-1);
}

test("the language server refuses what makes no sense, in an untrusted workspace as well, and says of a damaged round where it is damaged", async () => {
  const cacheFolder = path.join(repoRoot, ".cache/test/training-vectors");
  const server = await LspHarness.start({ files: path.join(repoRoot, "extension/sample"), cacheFolder, trusted: false });
  onTestFinished(() => server.end());
  const home = path.join(server.workspace, ".nearmiss");
  mkdirSync(path.join(home, "training/train-1"), { recursive: true });
  writeFileSync(path.join(home, "training/train-1/round-01.jsonl"), '{"round":1,"queries":1}\n{"query":"a","id":"q1","emit');
  writeFileSync(path.join(home, "training/train-1/run.json"), '{"version":1,"name":"train-1"}');
  const dataset = server.uri("train.jsonl");
  const ready = server.ready();
  await server.value(openReview, { dataset });
  await ready;
  const outcomes: Readonly<Record<string, Outcome<unknown>>> = {
    "tau 0": await server.send(gradientReport, { dataset, temperature: 0 }),
    "tau -1": await server.send(gradientReport, { dataset, temperature: -1 }),
    "tau in words": await server.send(gradientReport, { dataset, temperature: "low" as unknown as number }),
    "a run outside": await server.send(startTraining, { dataset, resume: "../../train-1" }),
    "a damaged run": await server.send(startTraining, { dataset, resume: "train-1" }),
    "a round outside": await server.send(compareRounds, { dataset, run: "..", from: 1, to: 2 }),
    "a damaged round": await server.send(compareRounds, { dataset, run: "train-1", from: 1, to: 2 }),
    "no round": await server.send(compareRounds, { dataset, run: "train-2", from: 1, to: 2 }),
  };
  const told = Object.entries(outcomes).map(([name, outcome]) => `${name}: ${outcome.ok ? "done" : inWords(outcome.failure)}`);
  expect(told.map((line) => line.replaceAll(server.workspace, ".."))).toMatchInlineSnapshot(`
    [
      "tau 0: The temperature tau is 0, and the softmax needs one above 0, at least 0.000001. Choose one such as 0.05; 1 / tau is sentence-transformers' scale.",
      "tau -1: The temperature tau is -1, and the softmax needs one above 0, at least 0.000001. Choose one such as 0.05; 1 / tau is sentence-transformers' scale.",
      "tau in words: The temperature tau is low, and the softmax needs one above 0, at least 0.000001. Choose one such as 0.05; 1 / tau is sentence-transformers' scale.",
      "a run outside: "training/../../train-1/run.json" is not a name of a file in .nearmiss. Use names of letters, digits, dots, dashes, underscores and blanks.",
      "a damaged run: run.json: The record is not whole: dataset is missing. Begin a new run, and delete the folder of this one if it is not wanted any more.",
      "a round outside: "training/../round-01.jsonl" is not a name of a file in .nearmiss. Use names of letters, digits, dots, dashes, underscores and blanks.",
      "a damaged round: round-01.jsonl: Line 2 of the round's snapshot cannot be read. The line is not JSON. Train again to make a new one.",
      "no round: round-01.jsonl: There is no such file or folder. Check the path.",
    ]
  `);
  expect((await server.value(trainingState, { dataset })).runs).toEqual([]);
});

function inWords({ place, message, nextStep = "" }: Failure): string {
  return `${place === undefined ? "" : `${path.basename(place.file)}: `}${message} ${nextStep}`;
}
