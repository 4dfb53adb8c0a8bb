import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { appendMark } from "#protocol/marks";
import { openReview, showQuery, stepQuery } from "#protocol/review";
import { datasetStatus } from "#protocol/status";
import { compareRounds, startTraining, stopTraining, trainingDidAdvance, trainingState } from "#protocol/training";
import type { TrainingRunView } from "#protocol/training";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/training-vectors");
let server: LspHarness | undefined;

afterEach(async () => {
  await server?.end();
  server = undefined;
});

interface Started {
  readonly server: LspHarness;
  readonly dataset: string;
}

/** The sample under review with its vectors, and with these training settings. */
async function reviewed(training: object): Promise<Started> {
  server = await LspHarness.start({ files: sample, cacheFolder });
  writeConfig(server, { training });
  const dataset = server.uri("train.jsonl");
  const ready = server.ready();
  await server.value(openReview, { dataset });
  await ready;
  return { server, dataset };
}

function writeConfig({ workspace }: LspHarness, config: object): void {
  mkdirSync(path.join(workspace, ".nearmiss"), { recursive: true });
  writeFileSync(path.join(workspace, ".nearmiss/config.json"), JSON.stringify(config));
}

/** Resolves with the first run when none is under way any more. */
async function ended({ server: running, dataset }: Started): Promise<TrainingRunView> {
  await running.next(trainingDidAdvance, ({ phase }) => phase === "idle");
  const { runs } = await running.value(trainingState, { dataset });
  if (runs[0] === undefined) throw new Error("There is no run.");
  return runs[0];
}

function weights({ workspace }: LspHarness, adapter: string): string {
  return readFileSync(path.join(workspace, ".nearmiss/adapters", adapter, "model.safetensors"), "base64");
}

/** The training process of a server. */
function trainerOf({ process: parent }: LspHarness): number {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const found = lines.find((line) => line.includes("trainerProcess.cjs") && line.trim().split(/\s+/u)[1] === String(parent.pid));
  if (found === undefined) throw new Error("There is no training process.");
  return Number(found.trim().split(/\s+/u)[0]);
}

const long = { num_train_epochs: 40, early_stopping_patience: 40 };

test("a run tells how far it is, marks are answered meanwhile, and a killed trainer changes nothing", async () => {
  const quiet = await reviewed(long);
  const undisturbedEnd = ended(quiet);
  await quiet.server.value(startTraining, { dataset: quiet.dataset });
  const undisturbed = await undisturbedEnd;
  const expected = weights(quiet.server, undisturbed.adapter ?? "");
  await quiet.server.end();

  const run = await reviewed(long);
  const end = ended(run);
  const underWay = run.server.next(trainingDidAdvance, ({ phase, step }) => phase === "training" && step > 20);
  const { run: name } = await run.server.value(startTraining, { dataset: run.dataset });
  const told = await underWay;
  expect(told).toMatchObject({ run: name, round: 1, rounds: 1, totalSteps: 120 });
  expect(told.validations.length).toBeGreaterThan(0);
  process.kill(trainerOf(run.server), "SIGKILL");
  // A mark on a query that training does not learn from, so that the adapter stays the same.
  const view = await run.server.value(showQuery, { dataset: run.dataset, index: 0 });
  const later = {
    dataset: run.dataset,
    query: view.key,
    document: view.candidates[0]?.key ?? "",
    verdict: "true_negative",
    blind: false,
    suggestionShown: false,
  } as const;
  const marked = await run.server.value(appendMark, later);
  expect(marked.view.candidates.find(({ key }) => key === later.document)?.verdict).toBe("true_negative");
  const finished = await end;
  expect(finished.state).toBe("finished");
  expect(weights(run.server, finished.adapter ?? "")).toBe(expected);
});

test("stopped, it keeps its best epoch; resumed, it comes to its end", async () => {
  const run = await reviewed(long);
  const stopped = ended(run);
  const underWay = run.server.next(trainingDidAdvance, ({ step }) => step > 5);
  await run.server.value(startTraining, { dataset: run.dataset });
  await underWay;
  await run.server.value(stopTraining, { dataset: run.dataset });
  const first = await stopped;
  expect(first).toMatchObject({ name: "train-1", state: "stopped", adapter: "train-1", canResume: true });
  const finished = ended(run);
  await run.server.value(startTraining, { dataset: run.dataset, resume: "train-1" });
  expect(await finished).toMatchObject({ name: "train-1", state: "finished", adapter: "train-1-1", canResume: false });
});

test("a run that was under way when the server was killed is shown as interrupted, and goes on", async () => {
  const run = await reviewed(long);
  const underWay = run.server.next(trainingDidAdvance, ({ step }) => step > 5);
  await run.server.value(startTraining, { dataset: run.dataset });
  await underWay;
  const died = new Promise((resolve) => run.server.process.once("exit", resolve));
  run.server.process.kill("SIGKILL");
  await died;
  const { workspace } = run.server;
  const again = await LspHarness.start({ workspace, cacheFolder });
  try {
    const dataset = again.uri("train.jsonl");
    const { runs } = await again.value(trainingState, { dataset });
    expect(runs.map(({ name, state, canResume }) => ({ name, state, canResume }))).toEqual([
      { name: "train-1", state: "interrupted", canResume: true },
    ]);
    const end = ended({ server: again, dataset });
    await again.value(startTraining, { dataset, resume: "train-1" });
    expect(await end).toMatchObject({ state: "finished", adapter: "train-1" });
  } finally {
    await again.end();
  }
});

/** Moves vectors so far that other negatives are mined. */
const moving = { rounds: { count: 2 }, learning_rate: 0.003, adapter: { regularization: 0 } };

test("two rounds are compared, the adapter is adopted, new candidates are asked about next, and going back goes back", async () => {
  const run = await reviewed(moving);
  const { server: running, dataset } = run;
  const before = await running.value(showQuery, { dataset, index: 4 });
  const end = ended(run);
  await running.value(startTraining, { dataset });
  const { name, rounds, adapter = "", comparison } = await end;
  expect(rounds.map(({ round, steps }) => [round, steps > 0])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
  expect(comparison?.queries).toBe(21);
  const compared = await running.value(compareRounds, { dataset, run: name, from: 1, to: 3 });
  expect(compared.changedQueries).toBeGreaterThan(0);
  expect(compared.query?.changes.filter(({ change }) => change === "added")).toHaveLength(compared.query?.added ?? -1);
  for (const { reason, text } of compared.query?.changes ?? []) expect([reason, text]).not.toContain("");

  const use = async (value: string | null): Promise<void> => {
    writeConfig(running, { model: { adapter: value }, training: moving });
    await running.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: running.uri(".nearmiss/config.json"), type: 2 }],
    });
    await running.once(
      () => running.value(datasetStatus, { dataset }),
      ({ phase, model }) => phase === "ready" && model?.includes(adapter) === (value !== null),
    );
  };
  await use(adapter);
  const state = await running.value(trainingState, { dataset });
  expect(state.adapterInUse).toBe(adapter);
  expect(state.newCandidates).toBeGreaterThan(0);
  expect((await running.value(datasetStatus, { dataset })).model).toContain(adapter);
  const next = await running.value(stepQuery, { dataset, index: 0, direction: 1, onlyOpen: false, onlyNew: true });
  const added = next.candidates.filter(({ isNew }) => isNew === true);
  expect(added.length).toBeGreaterThan(0);
  await running.value(appendMark, {
    dataset,
    query: next.key,
    document: added[0]?.key ?? "",
    verdict: "true_negative",
    blind: false,
    suggestionShown: false,
  });
  expect((await running.value(trainingState, { dataset })).newCandidates).toBe(state.newCandidates - 1);
  await use(null);
  const after = await running.value(showQuery, { dataset, index: 4 });
  expect(after.candidates).toEqual(before.candidates);
});

test("an adapter that is gone is told of, with what to do, and nothing is lost", async () => {
  server = await LspHarness.start({ files: sample, cacheFolder });
  writeConfig(server, { model: { adapter: "gone-1" } });
  const dataset = server.uri("train.jsonl");
  const failed = server.next(trainingDidAdvance, ({ phase }) => phase === "idle");
  await server.value(openReview, { dataset });
  const outcome = await server.send(startTraining, { dataset });
  await failed;
  expect(outcome.ok ? undefined : outcome.failure).toMatchInlineSnapshot(`
    {
      "message": "There is no adapter here: model.safetensors is missing.",
      "nextStep": "Set model.adapter to null.",
      "place": {
        "file": ".nearmiss/adapters/gone-1",
      },
      "reason": "missing-file",
    }
  `);
  expect(existsSync(path.join(server.workspace, ".nearmiss/training"))).toBe(false);
});
