/** `nearmiss evaluate`, on a circle: passage i lies at 15 i degrees, and each query 40 degrees past its own. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { AdapterCard } from "#core/adapter/adapterCard";
import { writeAdapter } from "#core/adapter/adapterFiles";
import { defaultConfig } from "#core/config/config";
import { splitQueries } from "#core/evaluation/splitQueries";
import { textKey } from "#core/collection/textKey";
import { FolderFiles } from "../../server/runtime/store/homeFiles";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { InMemoryVectorSpace } from "../support/inMemoryVectorSpace";
import { sha256 } from "../support/sha256";
import { runCommand } from "./commandLine";
import type { CommandResult } from "./commandLine";

const COUNT = 24;
const TURN = 40;
const numbers = Array.from({ length: COUNT }, (_, i) => i);
const train = numbers
  .map(
    (i) =>
      `${JSON.stringify({ query: `question ${String(i)}`, pos: [`passage ${String(i)}`], neg: [`passage ${String((i + 12) % COUNT)}`] })}\n`,
  )
  .join("");

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Number at the end of the text, as a direction. */
function onCircle(text: string, side: "query" | "document"): readonly number[] {
  const angle = radians(15 * Number(/\d+$/.exec(text)?.[0] ?? "0") + (side === "query" ? TURN : 0));
  return [Math.cos(angle), Math.sin(angle)];
}

/** Turns back what `onCircle` turned forward. */
const backward = Float32Array.of(Math.cos(radians(TURN)), Math.sin(radians(TURN)), -Math.sin(radians(TURN)), Math.cos(radians(TURN)));
const card: AdapterCard = {
  version: 1,
  tool: "nearmiss test",
  base_model: { id: "embedded", fingerprint: "in-memory fp32", dimensions: 2, query_prompt: "", corpus_prompt: "" },
  sides: "query",
  rank: null,
  data: { name: "train.jsonl", qrels_split: null, train_queries: 14, validation_queries: 4, test_queries: 6 },
  training: defaultConfig.training,
  config_hash: "0123456789abcdef",
  comparison: null,
};

interface Written {
  readonly name: string;
  readonly weight: Float32Array;
  readonly card: AdapterCard;
}

async function project(files: Readonly<Record<string, string>> = {}, adapters: readonly Partial<Written>[] = [{}]): Promise<string> {
  const folder = scratchFolder({ ".nearmiss/config.json": "{}", "train.jsonl": train, ...files });
  for (const { name = "turned", weight = backward, card: own = card } of adapters) {
    const written = await writeAdapter(
      new FolderFiles(path.join(folder, ".nearmiss")),
      name,
      { sides: "query", dimensions: 2, weight },
      own,
    );
    expect(written.ok).toBe(true);
  }
  return folder;
}

function evaluate(folder: string, ...argv: readonly string[]): Promise<CommandResult> {
  return runCommand(folder, ["evaluate", ...argv], { createVectors: ({ textOf }) => new InMemoryVectorSpace(textOf, onCircle) });
}

test("without an adapter the encoder alone is measured: each own passage is the sixth result", async () => {
  const { code, out, err } = await evaluate(await project({}, []), "train.jsonl");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  // 1 / log2(7) and 1 / 6.
  expect(out).toMatchInlineSnapshot(`
    "24 queries over 24 documents, embedded
    Measure     Frozen
    nDCG@10     0.3562
    MRR@10      0.1667
    recall@100  1.0000
    "
  `);
});

test("with an adapter both are measured, with the interval of the difference and what follows", async () => {
  const { code, out, err } = await evaluate(await project(), "train.jsonl", "--adapter", "turned");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatchInlineSnapshot(`
    "24 queries over 24 documents, embedded, adapter turned
    Measure     Frozen  Adapted  Difference       95 % interval
    nDCG@10     0.3562   1.0000     +0.6438  +0.6438 to +0.6438
    MRR@10      0.1667   1.0000     +0.8333  +0.8333 to +0.8333
    recall@100  1.0000   1.0000      0.0000    0.0000 to 0.0000
    A gain: +0.6438 nDCG@10 over 24 queries, 95 % interval +0.6438 to +0.6438.
    The adapter was trained on this data set: 18 queries of these trained it or decided when it stopped, so the gain is overstated. --held-out measures the other 6 queries alone.
    "
  `);
});

test("the adapter in use, one by name and one by folder are measured alike", async () => {
  const folder = await project({ "other/.nearmiss/config.json": "{}", "other/train.jsonl": train });
  const named = await evaluate(folder, "train.jsonl", "--adapter", "turned", "--json");
  const inUse = await evaluate(folder, "train.jsonl", "--set", "model.adapter=turned", "--json");
  const byFolder = await evaluate(path.join(folder, "other"), "train.jsonl", "--adapter", "../.nearmiss/adapters/turned/", "--json");
  expect(inUse.out).toBe(named.out);
  expect(byFolder.out).toBe(named.out);
  expect(JSON.parse(named.out)).toMatchInlineSnapshot(`
    {
      "adapter": {
        "name": "turned",
        "rank": null,
        "sides": "query",
        "trained_on": "train.jsonl",
      },
      "dataset": "train.jsonl",
      "documents": 24,
      "held_out": false,
      "interval": {
        "level": 0.95,
        "resamples": 10000,
        "seed": 42,
      },
      "is_gain": true,
      "measures": [
        {
          "adapted": 1,
          "difference": 0.6437928128919777,
          "frozen": 0.3562071871080221,
          "high": 0.6437928128919777,
          "low": 0.6437928128919777,
          "name": "nDCG@10",
        },
        {
          "adapted": 1,
          "difference": 0.8333333333333334,
          "frozen": 0.1666666666666666,
          "high": 0.8333333333333334,
          "low": 0.8333333333333334,
          "name": "MRR@10",
        },
        {
          "adapted": 1,
          "difference": 0,
          "frozen": 1,
          "high": 0,
          "low": 0,
          "name": "recall@100",
        },
      ],
      "model": "embedded",
      "notes": [
        "The adapter was trained on this data set: 18 queries of these trained it or decided when it stopped, so the gain is overstated. --held-out measures the other 6 queries alone.",
      ],
      "queries": 24,
      "sentence": "A gain: +0.6438 nDCG@10 over 24 queries, 95 % interval +0.6438 to +0.6438.",
      "tool": "nearmiss test",
    }
  `);
});

test("--held-out measures the queries of the card's split alone, twice the same bytes", async () => {
  const folder = await project();
  const first = await evaluate(folder, "train.jsonl", "--adapter", "turned", "--held-out");
  const second = await evaluate(folder, "train.jsonl", "--adapter", "turned", "--held-out");
  expect(first).toEqual(second);
  const split = splitQueries(
    numbers.map((i) => ({ key: textKey(`question ${String(i)}`, sha256), positives: [i] })),
    { seed: 42, validationShare: 0.15, testShare: 0.25 },
  );
  expect(split.ok && split.value.test.length).toBe(6);
  expect(first.err).toBe("");
  expect(first.out).toMatchInlineSnapshot(`
    "6 held-out queries over 24 documents, embedded, adapter turned
    Measure     Frozen  Adapted  Difference       95 % interval
    nDCG@10     0.3562   1.0000     +0.6438  +0.6438 to +0.6438
    MRR@10      0.1667   1.0000     +0.8333  +0.8333 to +0.8333
    recall@100  1.0000   1.0000      0.0000    0.0000 to 0.0000
    Too few queries to tell: +0.6438 nDCG@10 over 6 queries, and at least 10 are needed for an interval.
    "
  `);
});

test("what the card knows of other data is said", async () => {
  const trainedOn = (data: Partial<AdapterCard["data"]>): AdapterCard => ({ ...card, data: { ...card.data, ...data } });
  const adapters = [
    { name: "elsewhere", card: trainedOn({ name: "other.jsonl" }) },
    { name: "before", card: trainedOn({ test_queries: 9 }) },
  ];
  const folder = await project({}, adapters);
  const all = await evaluate(folder, "train.jsonl", "--adapter", "elsewhere");
  const held = await evaluate(folder, "train.jsonl", "--adapter", "elsewhere", "--held-out");
  const changed = await evaluate(folder, "train.jsonl", "--adapter", "before", "--held-out");
  expect([all.code, all.out.split("\n").at(-2), held.code, held.err, changed.code, changed.out.split("\n").at(-2)]).toMatchInlineSnapshot(`
    [
      0,
      "The adapter was trained on other.jsonl: whether queries of train.jsonl were among its own is not recorded.",
      2,
      "nearmiss: --held-out cannot tell which queries were held out: The adapter was trained on other.jsonl: whether queries of train.jsonl were among its own is not recorded. Leave --held-out out to measure all queries.",
      0,
      "The data or its marks have changed since the training, when 9 queries were held out: of those held out now, a few may have been trained on.",
    ]
  `);
});

test("an adapter trained on one split of a BEIR folder is no stranger to another", async () => {
  const rows = (from: number, to: number): string =>
    numbers
      .slice(from, to)
      .map((i) => `q${String(i)}\td${String(i)}\t1\n`)
      .join("");
  const lines = (prefix: string, text: string): string =>
    numbers.map((i) => `${JSON.stringify({ _id: `${prefix}${String(i)}`, text: `${text} ${String(i)}` })}\n`).join("");
  const folder = await project(
    {
      "beir/corpus.jsonl": lines("d", "passage"),
      "beir/queries.jsonl": lines("q", "question"),
      "beir/qrels/train.tsv": `query-id\tcorpus-id\tscore\n${rows(0, 14)}`,
      "beir/qrels/test.tsv": `query-id\tcorpus-id\tscore\n${rows(14, 24)}`,
    },
    [{ card: { ...card, data: { ...card.data, name: "beir" } } }],
  );
  const tested = await evaluate(folder, "beir", "--split", "test", "--adapter", "turned");
  expect(tested.out.split("\n").at(-2)).toMatchInlineSnapshot(
    `"The adapter was trained on the split "train" of this data set, and these are those of "test"."`,
  );
  expect(tested.out).toContain("10 queries over 24 documents");
  const trained = await evaluate(folder, "beir", "--adapter", "turned");
  expect(trained.out).toContain("these trained it");
});

test("marks count: a promoted passage is relevant, and a query marked bad is left out", async () => {
  const mark = (n: number, verdict: string, query: string, document?: string): string =>
    `${JSON.stringify({
      kind: "verdict",
      mark: `m${String(n)}`,
      time: "2026-01-01T00:00:00Z",
      author: "Ada",
      verdict,
      query: { key: textKey(query, sha256) },
      ...(document === undefined ? {} : { document: { key: textKey(document, sha256) } }),
      blind: false,
      suggestion_shown: false,
      tool: "test",
    })}\n`;
  const marks = mark(1, "false_negative", "question 0", "passage 3") + mark(2, "bad_query", "question 1");
  const { out, err } = await evaluate(await project({ ".nearmiss/marks/ada.jsonl": marks }, []), "train.jsonl", "--json");
  // Question 0 now finds a positive first: 22 others still have it sixth.
  expect((JSON.parse(out) as { measures: readonly { frozen: number }[] }).measures[1]?.frozen).toBeCloseTo((22 / 6 + 1) / 23, 10);
  expect(err).toMatchInlineSnapshot(`"1 query is left out: no positive that can be found, or marked bad."`);
});

test("what cannot be measured is told, with the next step", async () => {
  const cards = {
    other: { ...card, base_model: { ...card.base_model, fingerprint: "another" } },
    wide: { ...card, base_model: { ...card.base_model, dimensions: 3 } },
  };
  const folder = await project({ "bare.jsonl": '{"query": "a", "pos": [], "neg": ["b"]}\n' }, [{}, { name: "other", card: cards.other }]);
  await writeAdapter(
    new FolderFiles(path.join(folder, ".nearmiss")),
    "wide",
    { sides: "query", dimensions: 3, weight: new Float32Array(9) },
    cards.wide,
  );
  await writeAdapter(new FolderFiles(path.join(folder, ".nearmiss")), "cut", { sides: "query", dimensions: 2, weight: backward }, card);
  writeFileSync(path.join(folder, ".nearmiss/adapters/cut/model.safetensors"), "not at all");
  const told = [
    await evaluate(folder, "train.jsonl", "--adapter", "nowhere"),
    await evaluate(folder, "train.jsonl", "--adapter", "./nowhere"),
    await evaluate(folder, "train.jsonl", "--adapter", ""),
    await evaluate(folder, "train.jsonl", "--set", "model.adapter=nowhere"),
    await evaluate(folder, "train.jsonl", "--adapter", "other"),
    await evaluate(folder, "train.jsonl", "--adapter", "wide"),
    await evaluate(folder, "train.jsonl", "--adapter", "cut"),
    await evaluate(folder, "train.jsonl", "--held-out"),
    await evaluate(folder, "bare.jsonl"),
    await evaluate(folder, "train.jsonl", "--format", "beir"),
  ];
  expect(told.map(({ code }) => code)).toEqual(told.map(() => 2));
  expect(told.map(({ err }) => err)).toMatchInlineSnapshot(`
    [
      "nearmiss: .nearmiss/adapters/nowhere: There is no adapter here: model.safetensors is missing. Name one of cut, other, turned, wide, or the folder of an adapter with a slash in it, such as ./nowhere.",
      "nearmiss: nowhere: There is no adapter here: model.safetensors is missing. Check its name.",
      "nearmiss: --adapter needs a name. Name a folder in .nearmiss/adapters, or any folder with a slash in it.",
      "nearmiss: .nearmiss/adapters/nowhere: There is no adapter here: model.safetensors is missing. Set model.adapter to null, or to one of cut, other, turned, wide.",
      "nearmiss: .nearmiss/adapters/other: The adapter was made for another encoder, "embedded", or for another version or precision of the same. Set model.adapter to null, or go back to the encoder that it was made for.",
      "nearmiss: .nearmiss/adapters/wide: The adapter moves vectors of 3 numbers, but those of the encoder have 2: it was made for "embedded". Set model.adapter to null, or go back to the encoder that it was made for.",
      "nearmiss: .nearmiss/adapters/cut/model.safetensors: Its header claims 6998721781438902126 bytes; at most 100000000 are allowed. Set model.adapter to null, or train the adapter again.",
      "nearmiss: --held-out needs an adapter, whose card records which queries were held out. Leave --held-out out to measure all queries.",
      "bare.jsonl: 1 problem; the rest is used. See "nearmiss check bare.jsonl".
    nearmiss: bare.jsonl: No query has a positive that can be found, so there is nothing to measure. Add positives, or name the qrels with --split.",
      "nearmiss: Unknown option '--format'. See "nearmiss --help" for the options of evaluate.",
    ]
  `);
  rmSync(path.join(folder, ".nearmiss/adapters"), { recursive: true });
  expect((await evaluate(folder, "train.jsonl", "--adapter", "turned")).err).toMatchInlineSnapshot(
    `"nearmiss: .nearmiss/adapters/turned: There is no adapter here: model.safetensors is missing. Name the folder of an adapter with a slash in it, such as ./turned."`,
  );
});

test("Ctrl+C stops it", async () => {
  const folder = await project();
  const stopped = await runCommand(folder, ["evaluate", "train.jsonl"], {
    cancellation: { requested: true },
    createVectors: ({ textOf }) => new InMemoryVectorSpace(textOf, onCircle),
  });
  expect([stopped.code, stopped.out, stopped.err]).toEqual([130, "", "Stopped."]);
});
