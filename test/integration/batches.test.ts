import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { repoRoot } from "../support/repoRoot";
import { runCommand } from "./commandLine";

/** Questions about sums and products; two of them share an answer, and one lists the answer of another as a negative. */
const records = [
  { query: "two plus two", pos: ["four"], neg: ["five"], type: "sum" },
  { query: "one plus three", pos: ["four"], neg: ["six"], type: "sum" },
  { query: "two plus three", pos: ["five"], neg: ["seven"], type: "sum" },
  { query: "three plus three", pos: ["six"], neg: ["eight"], type: "sum" },
  { query: "two times four", pos: ["eight"], neg: ["nine"], type: "product" },
  { query: "three times three", pos: ["nine"], neg: ["ten"], type: "product" },
  { query: "three times four", pos: ["twelve"], neg: ["ten"] },
  { query: "who knows", pos: [], neg: ["ten"], type: "sum" },
];
const config = { training: { batch_size: 3, batches: { task: "type" } } };
const files = {
  "train.jsonl": records.map((record, i) => `${JSON.stringify({ id: `q${String(i + 1)}`, ...record })}\n`).join(""),
  ".nearmiss/config.json": JSON.stringify(config),
};

interface PlanLine {
  readonly epoch: number;
  readonly batch: number;
  readonly task?: string;
  readonly rows: readonly string[];
  readonly lines: readonly number[];
}

function planned(text: string): readonly PlanLine[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as PlanLine);
}

test("a plan over the negatives that the file lists, twice the same bytes", async () => {
  const folder = scratchFolder(files);
  const args = ["batches", "train.jsonl", "--negatives", "listed", "--epochs", "2"];
  const { code, out, err } = await runCommand(folder, args);
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot();
  expect(err).toMatchInlineSnapshot();
  expect((await runCommand(folder, [...args, "--out", "plan.jsonl"])).out).toBe("");
  expect(readFileSync(path.join(folder, "plan.jsonl"), "utf8")).toBe(out);
});

test("what is planned over mined negatives keeps the rules over them", async () => {
  const folder = scratchFolder(files);
  const made = await runCommand(folder, ["batches", "train.jsonl", "--epochs", "3", "--out", "plan.jsonl"]);
  expect(made.code).toBe(0);
  const ids = planned(readFileSync(path.join(folder, "plan.jsonl"), "utf8")).filter(({ epoch }) => epoch === 3);
  expect(ids.flatMap(({ rows }) => rows).sort()).toEqual(["q1", "q2", "q3", "q4", "q5", "q6", "q7"]);
  const checked = await runCommand(folder, ["batches", "--check", "plan.jsonl", "train.jsonl"]);
  expect([checked.code, checked.out, checked.err.replace(/^\d+/u, "N")]).toEqual([0, "", "N batches in 3 epochs checked, 0 violations."]);
});

test("an outside plan that breaks rules is told line by line, and the exit code says so", async () => {
  const folder = scratchFolder(files);
  const plan = [
    { rows: ["q1", "q2"] },
    { rows: ["q3", "q4", "q5"], seed: 3 },
    { lines: [6, 7] },
    { rows: ["q8", "q3", "nobody"] },
    { epoch: 2, rows: ["q1", "q3", "q6", "q4"], lines: [1, 3, 6, 5] },
  ];
  writeFileSync(path.join(folder, "plan.jsonl"), plan.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { code, out, err } = await runCommand(folder, ["batches", "--check", "plan.jsonl", "train.jsonl", "--negatives", "listed"]);
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot();
  expect(err).toMatchInlineSnapshot();
});

test("round_robin says what it leaves out, and same_topic fills batches from one topic", async () => {
  const folder = scratchFolder(files);
  const chosen = [
    "training.batches.multi_dataset_batch_sampler=round_robin",
    "training.batches.same_topic=true",
    "sampler.same_topic.topics=2",
  ];
  const { code, out, err } = await runCommand(folder, ["batches", "train.jsonl", ...chosen.flatMap((setting) => ["--set", setting])]);
  expect(code).toBe(0);
  expect(planned(out).map(({ task }) => task)).toEqual(["sum", "product", ""]);
  expect(err).toContain("round_robin leaves 3 queries of larger tasks out");
});

test.each([
  [["--epochs", "0"], "nearmiss: --epochs 0 is not a whole number from 1 to 999999. For example --epochs 3."],
  [["--check", "p", "--out", "q"], "nearmiss: --check writes no plan, so that --out does not go with it. Leave one of them out."],
  [["--format", "st-pair"], "nearmiss: A plan of batches has no --format. Leave the option out."],
  [["--out", "train.jsonl"], "nearmiss: train.jsonl: This is a file that the export is made from. Choose another name."],
  [["--check", "nothing.jsonl", "--negatives", "listed"], "nearmiss: nothing.jsonl: There is no such file. Check the name."],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await runCommand(scratchFolder(files), ["batches", "train.jsonl", ...args]);
  expect([code, out, err]).toEqual([2, "", message]);
});

test("there is nothing to plan without a query that has a positive", async () => {
  const folder = scratchFolder({ "train.jsonl": '{"query": "who knows", "pos": [], "neg": ["ten"]}\n' });
  const { code, err } = await runCommand(folder, ["batches", "train.jsonl", "--negatives", "listed"]);
  expect([code, err.split("\n").at(-1)]).toEqual([
    2,
    'nearmiss: There is no query to train on: none has a positive in force. See what "nearmiss check" finds in the data set.',
  ]);
});

test("the built command line plans and checks", async () => {
  const folder = scratchFolder(files);
  const nearmiss = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [path.join(repoRoot, "dist/cli.cjs"), "batches", ...args, "--negatives", "listed"], {
      cwd: folder,
    });
  await nearmiss("train.jsonl", "--out", "plan.jsonl");
  const { stdout, stderr } = await nearmiss("--check", "plan.jsonl", "train.jsonl");
  expect([stdout, stderr.includes("0 violations.")]).toEqual(["", true]);
});
