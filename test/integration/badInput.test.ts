import { existsSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { VectorRequest } from "../../server/cli/cliHost";
import { MarkStore } from "../../server/runtime/store/markStore";
import { findHome } from "../../server/runtime/store/projectHome";
import { npyBytes } from "../../server/runtime/vectors/npyFile";
import { VectorClient } from "../../server/runtime/vectors/vectorClient";
import { buildVectorProcess, builtModels } from "../support/buildVectorProcess";
import { InMemoryVectorSpace } from "../support/inMemoryVectorSpace";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { runCommand } from "./commandLine";

const good = '{"query": "good query", "pos": ["good passage"], "neg": ["other passage", "third passage"]}';

/** What `mine` and `check` make of a file whose first line is good: exit codes, messages, and whether the good line was still mined. */
async function verdictOn(content: string | Uint8Array, name = "train.jsonl"): Promise<string> {
  const folder = scratchFolder({ [name]: content });
  const mined = await runCommand(folder, ["mine", name, "--set", "sampler.relative_margin=null"]);
  const checked = await runCommand(folder, ["check", name]);
  const kept = mined.out.split("\n").some((line) => line.includes('"good query"') && line.includes('"neg": ["'))
    ? "the good line is mined"
    : "nothing is mined";
  return [`mine ${String(mined.code)}: ${kept}`, mined.words, `check ${String(checked.code)}:`, checked.out.trimEnd()].join("\n");
}

test.each<[string, string | Uint8Array]>([
  ["wrong JSON", `${good}\n{"query": "x", "pos": ["y"],}\n`],
  ["a line that is no object", `${good}\n["query"]\n`],
  ["missing fields", `${good}\n{"pos": ["y"], "neg": ["z"]}\n{"query": "x"}\n`],
  ["fields of the wrong type", `${good}\n{"query": 7, "pos": ["y"], "neg": ["z"]}\n{"query": "x", "pos": ["y", 5], "neg": "z"}\n`],
  ["an empty file", ""],
  ["blank lines only", "\n  \n"],
  ["CRLF", `${good}\r\n${good.replace("good query", "second")}\r\n`],
  ["a byte order mark", `\ufeff${good}\n`],
  ["UTF-16", Buffer.from(`\ufeff${good}\n`, "utf16le")],
  ["UTF-16 without a mark", Buffer.from(`${good}\n`, "utf16le")],
  [
    "bytes that are not UTF-8",
    Buffer.concat([Buffer.from(`${good}\n{"query": "caf`), Buffer.from([0xe9]), Buffer.from('", "pos": ["p"], "neg": ["n"]}\n')]),
  ],
  ["lone surrogates", `${good}\n{"query": "x \\ud800", "pos": ["y"], "neg": ["z \\udc00"]}\n`],
  ["NaN", `${good}\n{"query": "x", "pos": ["y"], "neg": ["z"], "neg_scores": [NaN]}\n`],
  ["duplicate keys", `${good}\n{"query": "x", "query": "w", "pos": ["y"], "neg": ["z"]}\n`],
  ["U+2028 in a string", `${good}\n{"query": "x\u2028y", "pos": ["y"], "neg": ["z"]}\n`],
  ["NUL bytes after a crash", Buffer.concat([Buffer.from(`${good}\n`), new Uint8Array(64)])],
  ["a pretty-printed object", JSON.stringify(JSON.parse(good), null, 2)],
  ["an array over the whole file", `[${good}]`],
  ["a corpus", '{"_id": "d1", "text": "passage"}\n'],
  ["unknown fields", '{"frage": "x", "antwort": "y"}\n'],
])("%s", async (_, content) => {
  expect(await verdictOn(content)).toMatchSnapshot();
});

test("a line of 20 MB is read, reported, and in nobody's way", async () => {
  const long = JSON.stringify({ query: "long", pos: ["y".repeat(20 * 1024 * 1024)], neg: ["z"] });
  const verdict = await verdictOn(`${good}\n${long}\n`);
  expect(verdict).toContain("the good line is mined");
  expect(verdict).toContain("train.jsonl:2:1 warning HN013 The line is 20.0 million characters long");
});

test("qrels that point nowhere are named, and the other judgements hold", async () => {
  const folder = scratchFolder({
    "b/corpus.jsonl": '{"_id": "d1", "text": "good passage"}\n{"_id": "d2", "text": "other passage"}\n',
    "b/queries.jsonl": '{"_id": "q1", "text": "good query"}\n',
    "b/qrels/train.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\tgone\t1\nq9\td1\t1\nq1\td2\tmany\n",
  });
  const mined = await runCommand(folder, ["mine", "b", "--set", "sampler.relative_margin=null"]);
  expect([mined.code, mined.out, mined.words]).toMatchInlineSnapshot(`
    [
      0,
      "{"query": "good query", "pos": ["good passage"], "neg": ["other passage"]}
    ",
      "b/qrels/train.tsv:5: The score "many" is not a number.
    b/qrels/train.tsv: 2 rows point nowhere, such as the one that names document "gone"; the others are used. See "nearmiss check b".
    1 query misses 4 negatives and is written with fewer. Cause: the data has too few other passages; add some to the corpus.
    1 query, 1 negative, 4 short; 3.0 s.",
    ]
  `);
  expect((await runCommand(folder, ["check", "b/qrels/train.tsv"])).out).toMatchInlineSnapshot(`
    "b/qrels/train.tsv:3:1 error HN302 The document "gone" is not in the corpus.
    b/qrels/train.tsv:4:1 error HN302 The query "q9" is not in the data set.
    b/qrels/train.tsv:5:1 error HN302 The score "many" is not a number.
    "
  `);
});

test.each<[string, string]>([
  ["an unknown key", '{"sampler": {"num_negative": 5}}'],
  ["a wrong value", '{\n  "sampler": {"num_negatives": "five"}\n}'],
  ["wrong JSON", '{"sampler": '],
  ["a window upside down", '{"sampler": {"range_min": 50, "range_max": 10}}'],
])("a config with %s", async (_, config) => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n`, ".nearmiss/config.json": config });
  const { code, err, out } = await runCommand(folder, ["mine", "train.jsonl"]);
  expect({ code, err, out }).toMatchSnapshot();
});

const oneVector = npyBytes(1, 2, new Float32Array([1, 0]));
const threeVectors = npyBytes(3, 2, new Float32Array([1, 0, 0, 1, 1, 1]));

test.each<[string, Uint8Array, Uint8Array]>([
  ["that is no .npy file", Buffer.from("not numpy"), threeVectors],
  ["of the wrong shape", npyBytes(1, 2, new Float32Array([1, 0])), oneVector],
  ["of the wrong type", Buffer.from(Buffer.from(oneVector).toString("latin1").replace("<f4", "<f8"), "latin1"), threeVectors],
  ["with NaN", npyBytes(1, 2, new Float32Array([1, Number.NaN])), threeVectors],
  ["of other dimensions", npyBytes(1, 3, new Float32Array([1, 0, 0])), threeVectors],
])("vectors %s", async (_, query, corpus) => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n`, "q.npy": query, "c.npy": corpus });
  const argv = ["mine", "train.jsonl", "--query-vectors", "q.npy", "--corpus-vectors", "c.npy", "--set", "sampler.relative_margin=null"];
  const { code, err, out } = await runCommand(folder, argv, { createVectors: await realVectors() });
  expect({ code, err, out }).toMatchSnapshot();
});

test("vectors of one's own that fit are used", async () => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n`, "q.npy": oneVector, "c.npy": threeVectors });
  const argv = [
    "mine",
    "train.jsonl",
    "--query-vectors",
    "q.npy",
    "--corpus-vectors",
    "c.npy",
    "--set",
    "sampler.relative_margin=null",
    "--detail",
    "d",
  ];
  expect((await runCommand(folder, argv, { createVectors: await realVectors() })).code).toBe(0);
  const { positives, candidates } = JSON.parse(readFileSync(path.join(folder, "d"), "utf8")) as {
    positives: { score: number }[];
    candidates: { text: string; score: number; kept: boolean }[];
  };
  expect(positives.map(({ score }) => score)).toEqual([1]);
  expect(candidates.filter(({ kept }) => kept).map(({ text, score }) => `${text} ${String(score)}`)).toEqual([
    "third passage 0.707107",
    "other passage 0",
  ]);
});

test("a passage without a vector of its own is named with its line", async () => {
  const folder = scratchFolder({
    "train.jsonl": `${good}\n`,
    "corpus.jsonl": '{"text": "good passage"}\n{"title": "T", "text": "other passage"}\n',
    "q.npy": oneVector,
    "c.npy": npyBytes(2, 2, new Float32Array([1, 0, 0, 1])),
  });
  expect(
    (await runCommand(folder, ["mine", "train.jsonl", "--query-vectors", "q.npy", "--corpus-vectors", "c.npy"])).err,
  ).toMatchInlineSnapshot(
    `"nearmiss: train.jsonl:1: The passage "third passage" is not in the corpus, so the corpus vectors have no row for it. Add every passage of the training file to the corpus and its vectors."`,
  );
});

test("a model folder that is not one", async () => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n`, "model/readme.txt": "no model" });
  const { code, err } = await runCommand(folder, ["mine", "train.jsonl", "--model", "./model"], { createVectors: await realVectors() });
  expect([code, err]).toMatchInlineSnapshot(`
    [
      2,
      "nearmiss: The folder model is not a model in the Xenova layout: it has no config.json. Point model.id to another folder, or add the file.",
    ]
  `);
});

test("a full disk while marking: the mark is refused with the reason, all others are kept", async () => {
  if (!existsSync("/dev/full")) return;
  const folder = scratchFolder({ ".nearmiss/marks/ada.jsonl": '{"n":1}\n' });
  const home = await findHome(folder);
  const full = new MarkStore({ home, author: "Ada", openForAppend: () => fullDisk() });
  const refused = await full.append('{"n":2}');
  expect(refused.ok ? "" : `${refused.failure.message} ${refused.failure.nextStep ?? ""}`).toMatchInlineSnapshot(
    `"The mark is not saved. It cannot be written: no space is left on the device. Free some space, then try again. All earlier marks are safe; mark again afterwards."`,
  );
  expect(readFileSync(path.join(folder, ".nearmiss/marks/ada.jsonl"), "utf8")).toBe('{"n":1}\n');
});

test("a data file that is deleted underneath is named", async () => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n` });
  const { code, err } = await runCommand(folder, ["mine", "train.jsonl"], {
    createVectors: (request) => {
      rmSync(path.join(folder, "train.jsonl"));
      return new InMemoryVectorSpace(request.textOf);
    },
  });
  expect([code, err]).toMatchInlineSnapshot(`
    [
      2,
      "nearmiss: train.jsonl: There is no such file or folder. Check the path.",
    ]
  `);
});

test("a torn line and a foreign line in a marks file are told, and the other marks act", async () => {
  const folder = scratchFolder({ "train.jsonl": `${good}\n`, ".nearmiss/marks/ada.jsonl": '{"kind":"verdict"}\n{"kind":"verd' });
  const { code, err } = await runCommand(folder, ["marks", "train.jsonl"]);
  expect(code).toBe(0);
  expect(err).toContain(".nearmiss/marks/ada.jsonl:1: The line is no mark:");
  expect(err).toContain(".nearmiss/marks/ada.jsonl:2: The last line is cut off and was left out: a write did not finish.");
});

/** The device that is always full; the real system answers ENOSPC. */
async function fullDisk() {
  const full = await open("/dev/full", "w");
  return {
    stat: () => Promise.resolve({ size: 0 }),
    read: () => Promise.resolve({ bytesRead: 0 }),
    write: (data: Uint8Array) => full.write(data),
    truncate: () => Promise.resolve(),
    datasync: () => full.datasync(),
    close: () => full.close(),
  };
}

async function realVectors(): Promise<(request: VectorRequest) => VectorClient> {
  const processFile = await buildVectorProcess();
  return ({ textOf, baseFolder, own }) =>
    new VectorClient({
      processFile,
      log: () => undefined,
      restartDelays: [0],
      settings: { modelsFolder: builtModels(), baseFolder },
      source:
        own === undefined
          ? { kind: "texts", text: textOf }
          : { kind: "files", files: own.files, row: (side, slot) => own.rowOf(side, textOf(side, slot)), text: textOf },
    });
}
