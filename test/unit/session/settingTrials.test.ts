// The file as settings are tried on it: what is mined from the data alone, whatever is marked, and a model that an audit's marks did not make.
import { expect, test } from "vitest";
import type { TrialFile } from "#core/calibration/trialFile";
import { eachDecision } from "#core/calibration/trialFile";
import { defaultConfig } from "#core/config/config";
import { FEATURES } from "#core/falseNegatives/features";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { saidSuggestions } from "../../support/saidSuggestions";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy"];
const text = (i: number, length: number): string =>
  Array.from({ length }, (_, place) => words[(i * (place + 3) + (i >> (place % 3))) % words.length] ?? "").join(" ");
const passages = Array.from({ length: 60 }, (_, i) => `${text(i, 5)} ${String(i)}`);
const queries = Array.from({ length: 40 }, (_, i) => `${text(i * 7 + 1, 3)} ${String(i)}?`);

async function openSession(): Promise<DatasetSession> {
  const session = new DatasetSession({
    createVectors: (textOf) => new InMemoryVectorSpace(textOf),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "ann",
  });
  await session.setData({
    files: [
      file(
        "train.jsonl",
        "training",
        queries.map((query, i) => ({ query, pos: [passages[i % passages.length] ?? ""] })),
      ),
      file(
        "corpus.jsonl",
        "corpus",
        passages.map((passage) => ({ docs: [passage] })),
      ),
    ],
  });
  const mix = [
    { source: "top" as const, n: 3 },
    { source: "random" as const, n: 1 },
  ];
  await session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, range_max: 20, relative_margin: null, mix } });
  await session.prepare();
  return session;
}

async function trialFile(session: DatasetSession, salt: string): Promise<TrialFile> {
  const step = await session.settingTrials.file(salt, neverCancelled);
  if (!step.ok || step.value.kind !== "summary") throw new Error("The file is small enough to be known at once.");
  return step.value.summary;
}

/** The texts that each query would get. */
async function emitted(trial: TrialFile): Promise<readonly string[]> {
  const lines: string[] = [];
  await eachDecision(trial, trial.state, trial.queries, ({ kept }, { identity, pool }) => {
    lines.push(
      `${identity.query.text}: ${kept.map((row) => identity.collection.documents[pool.documents[row] ?? -1]?.text ?? "").join(", ")}`,
    );
  });
  return lines;
}

/** A false and two true negatives for each of the first queries, and a positive that is bad. */
async function marksOn(session: DatasetSession, more: (at: number) => Partial<VerdictMark>): Promise<readonly VerdictMark[]> {
  const marks: VerdictMark[] = [];
  for (let index = 0; index < 20; index += 1) {
    const mined = await session.mine(index);
    if (!mined.ok) throw new Error(mined.failure.message);
    const { decision, facts } = mined.value;
    const query = session.collection.queries[index]!;
    const keys = decision.kept.slice(0, 3).map((row) => session.collection.documents[facts.pool.documents[row]!]!.text);
    for (const [place, passage] of keys.entries()) {
      marks.push(verdict(query.text, passage, place === 0 ? "false_negative" : "true_negative", more(marks.length)));
    }
    if (index === 3) marks.push(verdict(query.text, session.collection.documents[query.positives[0]!]!.text, "bad_positive"));
  }
  return marks;
}

test("what is tried is what was mined before anybody marked", async () => {
  const session = await openSession();
  const before = await emitted(await trialFile(session, "salt"));
  session.setMarks(foldMarks(await marksOn(session, () => ({ lane: "harvest" }))));
  const mined: string[] = [];
  await session.mineAll(({ decision, facts, pool }) => {
    mined.push(
      `${facts.identity.query.text}: ${decision.kept.map((row) => session.collection.documents[pool.documents[row] ?? -1]?.text ?? "").join(", ")}`,
    );
  }, neverCancelled);
  expect(mined).not.toEqual(before);
  expect(await emitted(await trialFile(session, "salt"))).toEqual(before);
  // What is kept for the next time does not change it either.
  expect(await emitted(await trialFile(session, "salt"))).toEqual(before);
});

test("the guard's model of a test knows no mark of the audit that it is tested with", async () => {
  const session = await openSession();
  const marks = await marksOn(session, (at) => (at % 3 === 2 ? { lane: "audit", salt: "ours" } : { lane: "harvest" }));
  session.setMarks(foldMarks(marks));
  const [ours, another] = [await trialFile(session, "ours"), await trialFile(session, "another")];
  expect([ours.state.falseNegatives, another.state.falseNegatives].map((model) => [model?.kind, model?.pairs])).toMatchInlineSnapshot(`
    [
      [
        "fitted",
        40,
      ],
      [
        "fitted",
        60,
      ],
    ]
  `);
  const apart = await openSession();
  apart.setMarks(foldMarks(marks.filter(({ salt }) => salt !== "ours")));
  expect((await trialFile(apart, "another")).state.falseNegatives).toEqual(ours.state.falseNegatives);
});

test("what was kept does not outlive a change of the data", async () => {
  const session = await openSession();
  session.setMarks(foldMarks(await marksOn(session, () => ({ lane: "harvest" }))));
  await trialFile(session, "salt");
  await session.setData({
    files: [
      file("train.jsonl", "training", [{ query: queries[0] ?? "", pos: [passages[5] ?? ""] }]),
      file(
        "corpus.jsonl",
        "corpus",
        passages.slice(0, 10).map((passage) => ({ docs: [passage] })),
      ),
    ],
  });
  await session.prepare();
  const after = await trialFile(session, "salt");
  expect(after.queries.map(({ pool }) => pool.documents.every((document) => document < session.collection.documents.length))).toEqual([
    true,
  ]);
});

test("what language models say is known to the guard's model of a test as to the one in use, also when it comes later", async () => {
  const session = await openSession();
  const without = await trialFile(session, "salt");
  const place = FEATURES.indexOf("llm_verdict");
  expect(without.state.falseNegatives?.coefficients[place]).toBe(0);
  session.setSuggestions(saidSuggestions({ [queries[2] ?? ""]: { opinions: { [passages[9] ?? ""]: "relevant" } } }));
  const known = await trialFile(session, "salt");
  expect(known.state.falseNegatives?.coefficients[place]).toBe(0.7);
  expect(known.state.suggestions).toBe(session.suggestions);
  expect((await trialFile(session, "salt")).state.falseNegatives).toBe(known.state.falseNegatives);
});
