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

function lastLine(text: string): string | undefined {
  return text.split("\n").at(-1);
}

test("a plan over the negatives that the file lists, twice the same bytes", async () => {
  const folder = scratchFolder(files);
  const args = ["batches", "train.jsonl", "--negatives", "listed", "--epochs", "2"];
  const { code, out, err } = await runCommand(folder, args);
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "{"epoch":1,"batch":1,"task":"sum","rows":["q4","q1"],"lines":[4,1]}
    {"epoch":1,"batch":2,"task":"sum","rows":["q3","q2"],"lines":[3,2]}
    {"epoch":1,"batch":3,"task":"","rows":["q7"],"lines":[7]}
    {"epoch":1,"batch":4,"task":"product","rows":["q6"],"lines":[6]}
    {"epoch":1,"batch":5,"task":"product","rows":["q5"],"lines":[5]}
    {"epoch":2,"batch":1,"task":"product","rows":["q5"],"lines":[5]}
    {"epoch":2,"batch":2,"task":"sum","rows":["q2"],"lines":[2]}
    {"epoch":2,"batch":3,"task":"sum","rows":["q1"],"lines":[1]}
    {"epoch":2,"batch":4,"task":"product","rows":["q6"],"lines":[6]}
    {"epoch":2,"batch":5,"task":"","rows":["q7"],"lines":[7]}
    {"epoch":2,"batch":6,"task":"sum","rows":["q4","q3"],"lines":[4,3]}
    "
  `);
  expect(err).toMatchInlineSnapshot(`
    "train.jsonl: 1 problem; the rest is used. See "nearmiss check train.jsonl".
    1 query is left out: it has no positive.
    1 query has no field "type"; its task is "".
    3 tasks, with their queries: "sum" 4, "product" 2, "" 1.
    Epoch 1: 5 batches of 7 queries, 0 of them full; 3 queries are alone in a batch, without in-batch negatives.
    Epoch 2: 6 batches of 7 queries, 0 of them full; 5 queries are alone in a batch, without in-batch negatives."
  `);
  expect((await runCommand(folder, [...args, "--out", "plan.jsonl"])).out).toBe("");
  expect(readFileSync(path.join(folder, "plan.jsonl"), "utf8")).toBe(out);
});

test("what is planned over mined negatives keeps the rules over them", async () => {
  const folder = scratchFolder(files);
  const made = await runCommand(folder, ["batches", "train.jsonl", "--epochs", "3", "--out", "plan.jsonl"]);
  expect(made.code).toBe(0);
  const all = planned(readFileSync(path.join(folder, "plan.jsonl"), "utf8"));
  const total = all.length;
  const last = all.filter(({ epoch }) => epoch === 3);
  expect(last.flatMap(({ rows }) => rows).sort()).toEqual(["q1", "q2", "q3", "q4", "q5", "q6", "q7"]);
  const checked = await runCommand(folder, ["batches", "--check", "plan.jsonl", "train.jsonl"]);
  expect([checked.code, checked.out, lastLine(checked.err)]).toEqual([
    0,
    "",
    `${String(total)} batches in 3 epochs checked, 0 violations.`,
  ]);
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
  expect(out).toMatchInlineSnapshot(`
    "plan.jsonl:1: The document "four" is a positive of both "q1" and "q2".
    plan.jsonl:2: The batch mixes 2 tasks: "sum" ("q3"), "product" ("q5").
    plan.jsonl:2: The document "eight", a negative of "q4", is a positive of "q5".
    plan.jsonl:3: The batch mixes 2 tasks: "product" ("q6" on line 6), "" ("q7" on line 7).
    plan.jsonl:4: "q8" is not to be trained on: it has no positive.
    plan.jsonl:4: The data have no query "nobody".
    plan.jsonl:4: "q3" stands in epoch 1 twice: also on line 2 of the plan.
    plan.jsonl:5: Line 5 of the data holds "q5", not "q4".
    plan.jsonl:5: The batch has 4 rows, more than batch_size 3.
    plan.jsonl:5: The batch mixes 2 tasks: "sum" ("q1" on line 1), "product" ("q6" on line 6).
    plan.jsonl:5: The document "five", a negative of "q1" on line 1, is a positive of "q3" on line 3.
    "
  `);
  expect(err).toMatchInlineSnapshot(`
    "train.jsonl: 1 problem; the rest is used. See "nearmiss check train.jsonl".
    Epoch 2 leaves out 4 queries of the data.
    5 batches in 2 epochs checked, 11 violations."
  `);
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
  expect(err).toContain("round_robin leaves 2 queries of larger tasks out");
});

test.each([
  [["--epochs", "0"], "nearmiss: --epochs 0 is not a whole number from 1 to 999999. For example --epochs 3."],
  [["--check", "p", "--out", "q"], "nearmiss: --check writes no plan, so that --out does not go with it. Leave one of them out."],
  [["--format", "st-pair"], "nearmiss: A plan of batches has no --format. Leave the option out."],
  [["--out", "train.jsonl"], "nearmiss: train.jsonl: This is a file that the export is made from. Choose another name."],
  [["--check", "nothing.jsonl", "--negatives", "listed"], "nearmiss: nothing.jsonl: There is no such file or folder. Check the path."],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await runCommand(scratchFolder(files), ["batches", "train.jsonl", ...args]);
  expect([code, out, lastLine(err)]).toEqual([2, "", message]);
});

test("there is nothing to plan without a query that has a positive", async () => {
  const folder = scratchFolder({ "train.jsonl": '{"query": "who knows", "pos": [], "neg": ["ten"]}\n' });
  const { code, err } = await runCommand(folder, ["batches", "train.jsonl", "--negatives", "listed"]);
  expect([code, lastLine(err)]).toEqual([
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
