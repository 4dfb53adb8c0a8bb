import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { TargetFormat } from "#core/exporting/targets";
import { DatasetSession } from "#core/session/datasetSession";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import { suggestionLine } from "#core/suggestions/suggestionLine";
import { neverCancelled } from "#core/util/cancellation";
import { sha256 } from "../../../server/runtime/hash";
import { exportDataset } from "../../../server/runtime/store/exportDataset";
import { loadDataset } from "../../../server/runtime/store/loadDataset";
import { RowTables } from "../../../server/runtime/store/rowTable";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { saidLines, saidSuggestions, type Said } from "../../support/saidSuggestions";
import { scratchFolder } from "./scratchFolder";

const rows = [
  { query: "capital of France", pos: ["Paris is the capital of France"], neg: ["Lyon is a town of France", "Nice is a town of France"] },
  {
    query: "longest river",
    pos: ["The Nile is the longest river"],
    neg: ["The Rhine is a river", "The Po is a river"],
    pos_scores: [9],
    neg_scores: [1, 2],
  },
];
const passages = [
  "Paris is the capital of France",
  "Lyon is a town of France",
  "Nice is a town of France",
  "The Rhine is a river",
  "The Po is a river",
];
/** Of the first query all passages that it can emit were in the context; of the second nothing is known. */
const said: Readonly<Record<string, Said>> = {
  "capital of France": {
    weights: Object.fromEntries([...passages, "The Nile is the longest river"].map((text, i) => [text, i === 0 ? 1 : i === 1 ? 0.5 : 0])),
  },
};

/** What an export with the teacher's scores comes to, and its files by name. */
async function exported(format: TargetFormat, suggestions: Readonly<Record<string, Said>> = said) {
  const folder = scratchFolder({
    "train.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    ".nearmiss/config.json": JSON.stringify({
      sampler: {
        num_negatives: 2,
        relative_margin: null,
        near_duplicate_similarity: null,
        near_duplicate_overlap: null,
        diversity_overlap: null,
      },
      export: { output_scores: true, scores: "teacher" },
    }),
    ".nearmiss/suggestions/ann.jsonl": saidLines(suggestions)
      .map((line) => `${suggestionLine(line)}\n`)
      .join(""),
  });
  const loaded = await loadDataset(path.join(folder, "train.jsonl"), { tables: new RowTables(() => nextTurn()) });
  if (!loaded.ok) throw new Error(loaded.failure.message);
  const dataset = loaded.value;
  const session = new DatasetSession({
    author: "",
    sha256,
    stopwatch: () => 0,
    logger: () => undefined,
    breathe: () => nextTurn(),
    home: new InMemoryHomeFiles(),
    createVectors: (textOf) => new InMemoryVectorSpace(textOf),
  });
  onTestFinished(() => session.dispose());
  await session.setConfig(dataset.config);
  await session.setData(dataset.input);
  session.setSuggestions(suggestions === said ? saidSuggestions(said) : noSuggestions);
  const out = path.join(folder, "out");
  const order = {
    dataset,
    session,
    format,
    out,
    overwrite: false,
    certify: false,
    tool: "test",
    clock: () => "now",
    cancellation: neverCancelled,
  };
  return { outcome: await exportDataset(order), read: (name = "") => readFileSync(path.join(out, name), "utf8"), out };
}

test("FlagEmbedding: a record has all of the teacher's scores or none, and the export tells of both", async () => {
  const { outcome, read, out } = await exported("flagembedding");
  expect(read()).toMatchInlineSnapshot(`
    "{"query":"capital of France","pos":["Paris is the capital of France"],"neg":["Lyon is a town of France","Nice is a town of France"],"pos_scores":[4],"neg_scores":[2,0]}
    {"query":"longest river","pos":["The Nile is the longest river"],"neg":["The Rhine is a river","The Po is a river"]}
    "
  `);
  expect(outcome).toMatchObject({ ok: true, value: { records: { records: 2, scoresUnknown: 1, scoresRemoved: 1 } } });
  expect(outcome.ok && outcome.value.notes).toMatchInlineSnapshot(`
    [
      "1 record lost its pos_scores and neg_scores, which no longer matched its passages or were not the teacher's.",
      "1 record has the teacher's scores. 1 holds a passage that no teacher ranks, and was given none: ask a model about more queries, or about more candidates of each (labelling.candidates).",
      "FlagEmbedding stops at records without scores when it distils: keep those that have pos_scores.",
    ]
  `);
  const manifest = JSON.parse(readFileSync(`${out}.manifest.json`, "utf8")) as Readonly<Record<string, unknown>>;
  expect(manifest).toMatchObject({ scores: "teacher", suggestions: [{ file: ".nearmiss/suggestions/ann.jsonl", lines: 1 }] });
});

test("sentence-transformers: rows that the teacher cannot score are left out and counted, so that no score is null", async () => {
  const { outcome, read } = await exported("st-triplet");
  expect(read()).toMatchInlineSnapshot(`
    "{"anchor": "capital of France", "positive": "Paris is the capital of France", "negative": "Lyon is a town of France", "scores": [4, 2]}
    {"anchor": "capital of France", "positive": "Paris is the capital of France", "negative": "Nice is a town of France", "scores": [4, 0]}
    "
  `);
  expect(outcome).toMatchObject({ ok: true, value: { records: { records: 2, scoresUnknown: 2 } } });
  expect((await exported("st-labeled-list")).read()).toMatchInlineSnapshot(`
    "{"query": "capital of France", "docs": ["Paris is the capital of France", "Lyon is a town of France", "Nice is a town of France"], "scores": [4, 2, 0]}
    "
  `);
});

test("MarginMSE: a folder whose ids are those of the corpus and the queries beside them", async () => {
  const { outcome, read } = await exported("margin-mse");
  const idsOf = (name: string) =>
    read(name)
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { _id: string })._id);
  const [queries, documents] = [idsOf("qgen-queries.jsonl"), idsOf("corpus.jsonl")];
  const margins = read("gpl-training-data.tsv")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  expect(
    margins.map(([query = "", positive = "", negative = "", margin = ""]) => [
      queries.includes(query),
      documents.includes(positive) && documents.includes(negative),
      Number(margin),
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        true,
        true,
        2,
      ],
      [
        true,
        true,
        4,
      ],
    ]
  `);
  expect(read("qgen-qrels/train.tsv").split("\n")).toHaveLength(4);
  expect(read("hard-negatives.jsonl").trimEnd().split("\n")).toHaveLength(2);
  expect(outcome.ok && outcome.value.notes).toEqual(["2 pairs have a margin; 2 more lack a score and are left out."]);
});

test("before any model was asked, an export of its scores is refused and writes nothing", async () => {
  const { outcome, read } = await exported("flagembedding", {});
  expect(outcome).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  expect(() => read()).toThrow("ENOENT");
});
