import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { npyBytes } from "../../server/runtime/vectors/npyFile";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { runCommand } from "./commandLine";

const corpus = Array.from(
  { length: 30 },
  (_, i) => `${JSON.stringify({ _id: `d${String(i)}`, title: "", text: `passage number ${String(i)} about topic ${String(i % 5)}` })}\n`,
).join("");
const train = [
  '{"query": "what is passage 1", "pos": ["passage number 1 about topic 1"], "neg": ["passage number 2 about topic 2"], "id": 7.0}',
  '{"query": "what is passage 3", "pos": ["passage number 3 about topic 3"], "neg": ["passage number 4 about topic 4"]}',
].join("\n");
const qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t2\nq2\td4\t0\n";
const queries = '{"_id": "q1", "text": "what is passage 1"}\n{"_id": "q2", "text": "what is passage 3"}\n';
const files = {
  "train.jsonl": `${train}\n`,
  "corpus.jsonl": corpus,
  "beir/corpus.jsonl": corpus,
  "beir/queries.jsonl": queries,
  "beir/qrels/test.tsv": qrels,
};

/** A mark line as the extension writes it. */
function mark(query: string, document: string | undefined, verdict: string): string {
  const key = (name: string): string => name;
  const line = {
    kind: "verdict",
    mark: `m-${verdict}`,
    time: "2026-01-01T00:00:00Z",
    author: "Ada",
    verdict,
    query: { key: key(query) },
    ...(document === undefined ? {} : { document: { key: key(document) } }),
    blind: false,
    suggestion_shown: false,
    tool: "test",
  };
  return `${JSON.stringify(line)}\n`;
}

test("mine prints the data set in its own format, and twice the same bytes in every output", async () => {
  const folder = scratchFolder(files);
  const first = await runCommand(folder, ["mine", "train.jsonl", "--out", "a.jsonl", "--detail", "a.detail", "--report", "a.report"]);
  const second = await runCommand(folder, ["mine", "train.jsonl", "--detail", "b.detail", "--report", "b.report"]);
  expect([first.code, second.code, first.out]).toEqual([0, 0, ""]);
  expect(readFileSync(path.join(folder, "a.jsonl"), "utf8")).toBe(second.out);
  for (const kind of ["detail", "report"])
    expect(readFileSync(path.join(folder, `a.${kind}`), "utf8")).toBe(readFileSync(path.join(folder, `b.${kind}`), "utf8"));
});

test("the detail and the report agree with each other and with the output", async () => {
  const folder = scratchFolder(files);
  const { out } = await runCommand(folder, [
    "mine",
    "train.jsonl",
    "--set",
    "sampler.num_negatives=3",
    "--set",
    "sampler.relative_margin=null",
    "--detail",
    "d",
    "--report",
    "r",
  ]);
  const detail = readFileSync(path.join(folder, "d"), "utf8")
    .trimEnd()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as {
          query: string;
          positives: unknown[];
          gradients: { easy: number };
          candidates: { text: string; kept: boolean; rule: string; gradient?: { class: string } }[];
        },
    );
  const report = JSON.parse(readFileSync(path.join(folder, "r"), "utf8")) as {
    candidates: number;
    kept: number;
    short: number;
    dropped: Record<string, number>;
    gradients: { queries: number; easy: number; useful: number; dominant: number };
  };
  const rows = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { query: string; pos: string[]; neg: string[] });
  expect(detail.map(({ candidates }) => candidates.filter(({ kept }) => kept).map(({ text }) => text))).toEqual(rows.map(({ neg }) => neg));
  expect(detail.flatMap(({ candidates }) => candidates)).toHaveLength(report.candidates);
  expect(report.kept + Object.values(report.dropped).reduce((a, b) => a + b, 0)).toBe(report.candidates);
  for (const { pos, neg } of rows) expect(neg.filter((text) => pos.includes(text))).toEqual([]);
  expect(Object.keys(detail[0] ?? {})).toEqual(["query_id", "query", "positives", "gradients", "candidates"]);
  expect(Object.keys(detail[0]?.candidates[0] ?? {})).toEqual([
    "doc_id",
    "text",
    "rank",
    "score",
    "positive_similarity",
    "source",
    "sources",
    "kept",
    "rule",
    "reason",
    "gradient",
    "fn_probability",
  ]);
  const { queries, easy, useful, dominant } = report.gradients;
  expect([queries, easy + useful + dominant]).toEqual([detail.length, report.kept]);
  expect(detail.reduce((sum, { gradients }) => sum + gradients.easy, 0)).toBe(easy);
  const kept = detail.flatMap(({ candidates }) => candidates.filter((candidate) => candidate.kept));
  expect(kept.filter(({ gradient }) => gradient?.class === "easy")).toHaveLength(easy);
});

test("mining ends with what became of the candidates, the sources of a mix, and the table of scores; none of it on standard output", async () => {
  const folder = scratchFolder(files);
  const mix = 'sampler.mix=[{"source": "simans", "n": 2}, {"source": "bm25", "n": 40}, {"source": "random", "n": 1}]';
  const { out, err, words } = await runCommand(folder, ["mine", "train.jsonl", "--out", "-", "--set", mix]);
  expect(
    out
      .trimEnd()
      .split("\n")
      .map((line) => Object.keys(JSON.parse(line) as object)),
  ).toEqual([
    ["query", "pos", "neg", "id"],
    ["query", "pos", "neg"],
  ]);
  expect(readdirSync(folder)).not.toContain("-");
  expect(err).toMatchInlineSnapshot(`
    "Candidates         60  100.0 %
    Kept               54   90.0 %
    Dropped             6   10.0 %
      own_positive      2    3.3 %
      relative_margin   4    6.7 %

    Source  Wanted  Kept  Short  Found  Passed  Effective
    simans       4     4      0     60      54        2.1
    bm25        80    50     30     60      54          -
    random       2     0      2     24      22        0.0

    Gradient  easy  useful  dominant  Queries  without useful
    tau 0.05    12      42         0        2               0
    Effective negatives a query: median 17.43, quartiles 17.43 and 17.43

    Source  Kept  Mean s   Mean D  Mean |g|  Sum p/tau
    simans     4  0.4206  -0.1097    0.7619     3.7203
    bm25      50  0.3414  -0.1890    0.3150    20.0912

    Metric       Positive       Negative     Difference
    Count               2             54             54
    Mean           0.5303         0.3472         0.1831
    Median         0.5303         0.4082         0.1221
    Std            0.0000         0.0843         0.0843
    Min            0.5303         0.1768         0.0973
    25%            0.5303         0.3256         0.1221
    50%            0.5303         0.4082         0.1221
    75%            0.5303         0.4082         0.2048
    Max            0.5303         0.4330         0.3536

    2 queries miss 32 negatives and are written with fewer.
    bm25: 2 queries miss 30 negatives: too few passages that could be negatives share a word with the query.
    random: 2 queries miss 2 negatives: earlier sources of the mix took what it finds; put it before them, or ask them for fewer.
    2 queries, 54 negatives, 32 short; 3.0 s."
  `);
  expect(err.endsWith(words)).toBe(true);
});

test.each([
  ["labels", []],
  ["scores", ["--set", "export.output_scores=true"]],
])("sentence-transformers' labelled lists with %s are read back, whatever the columns are called", async (member, options) => {
  const rows = [1, 3].map(
    (i) =>
      `${JSON.stringify({ question: `what is passage ${String(i)}`, answer: `passage number ${String(i)} about topic ${String(i)}` })}\n`,
  );
  const folder = scratchFolder({ "pairs.jsonl": rows.join(""), "corpus.jsonl": corpus });
  const compat = ["--set", "sampler.compat=sentence-transformers", ...options];
  const mined = await runCommand(folder, ["mine", "pairs.jsonl", "--format", "st-labeled-list", "--out", "lists.jsonl", ...compat]);
  expect([mined.code, mined.words]).toEqual([0, "2 queries, 6 negatives, 0 short; 3.0 s."]);
  const lists = readFileSync(path.join(folder, "lists.jsonl"), "utf8");
  expect(Object.keys(JSON.parse(lists.split("\n")[0] ?? "") as object)).toEqual(["question", "answer", member]);
  const again = await runCommand(folder, [
    "export",
    "lists.jsonl",
    "--format",
    "flagembedding",
    "--negatives",
    "listed",
    "--out",
    "f.jsonl",
  ]);
  expect(again.code).toBe(0);
  const read = readFileSync(path.join(folder, "f.jsonl"), "utf8").trimEnd().split("\n");
  expect(read.map((line) => JSON.parse(line) as object)).toEqual(
    lists
      .trimEnd()
      .split("\n")
      .map((line) => {
        const { question, answer } = JSON.parse(line) as { question: string; answer: string[] };
        return { query: question, pos: answer.slice(0, 1), neg: answer.slice(1) };
      }),
  );
});

test("export writes a new file with a manifest, and refuses to replace one", async () => {
  const folder = scratchFolder({ ...files, ".nearmiss/config.json": '{"sampler": {"num_negatives": 2, "relative_margin": null}}' });
  const exported = await runCommand(folder, ["export", "train.jsonl", "--format", "st-triplet", "--out", "triplets.jsonl"]);
  expect([exported.code, exported.out]).toEqual([0, "triplets.jsonl\ntriplets.jsonl.manifest.json\n"]);
  const manifest = readFileSync(path.join(folder, "triplets.jsonl.manifest.json"), "utf8");
  expect(manifest.replace(/"config": \{[^]*/, "")).toMatchInlineSnapshot(`
    "{
      "tool": "nearmiss test",
      "created": "2026-01-02T03:04:05.000Z",
      "format": "st-triplet",
      "native": false,
      "negatives": "mined",
      "inputs": [
        {
          "file": "train.jsonl",
          "role": "training",
          "bytes": 245,
          "sha256": "73db5ed0e6ffa8661bf333a78d237fe167c7823f3da2ff1d2a73218c7e0c3630"
        },
        {
          "file": "corpus.jsonl",
          "role": "corpus",
          "bytes": 1960,
          "sha256": "28e45b052433da4829687fdbdc1bb92f772f2d0c265a6649ed3f3e6c54d1db22"
        },
        {
          "file": ".nearmiss/config.json",
          "role": "config",
          "bytes": 58,
          "sha256": "435b01b09bc7898a28c6380c30cd145999b9f961f4b50e9fde8a139d344fcf7d"
        }
      ],
      "config_hash": "f4e80e9449794fc7",
      "seed": 42,
      "model": {
        "id": "embedded",
        "fingerprint": "in-memory fp32"
      },
      "marks": [],
      "counts": {
        "queries": 2,
        "queries_left_out": 0,
        "records": 4,
        "unchanged": 0,
        "rewritten": 0,
        "added": 4,
        "records_dropped": 0,
        "scores_removed": 0,
        "scores_unknown": 0,
        "skipped_rows": 0,
        "candidates": 60,
        "kept": 4,
        "dropped": {
          "own_positive": 2,
          "query_text": 0,
          "marked": 0,
          "where": 0,
          "range_min": 0,
          "range_max": 0,
          "adjacent": 0,
          "near_query": 0,
          "near_duplicate": 0,
          "max_positive_similarity": 0,
          "absolute_margin": 0,
          "relative_margin": 0,
          "max_score": 0,
          "min_score": 0,
          "max_fn_probability": 0,
          "same_text": 0,
          "not_rescored": 0,
          "rescore_absolute_margin": 0,
          "rescore_relative_margin": 0,
          "rescore_max_score": 0,
          "rescore_min_score": 0,
          "diversity": 0,
          "not_sampled": 54
        },
        "short": 0,
        "short_queries": 0,
        "promoted": 0,
        "removed_positives": 0
      },
      "outputs": [
        {
          "file": "triplets.jsonl",
          "bytes": 496,
          "sha256": "2904b18f9db558f8703f734f9fd419ce3c7cc42d6368c3505effaf46061d0525"
        }
      ],
      "
  `);
  const again = await runCommand(folder, ["export", "train.jsonl", "--format", "st-triplet", "--out", "triplets.jsonl"]);
  expect([again.code, again.err]).toMatchInlineSnapshot(`
    [
      2,
      "nearmiss: triplets.jsonl: The file exists already and is left as it is. Choose another name, or remove it first.",
    ]
  `);
  const forced = await runCommand(folder, ["export", "train.jsonl", "--format", "st-triplet", "--out", "triplets.jsonl", "--force"]);
  expect(forced.code).toBe(0);
  expect(readFileSync(path.join(folder, "triplets.jsonl.manifest.json"), "utf8")).toBe(manifest);
});

test("a data set exported in its own format and mined again keeps every byte", async () => {
  const folder = scratchFolder(files);
  await runCommand(folder, ["export", "train.jsonl", "--format", "flagembedding", "--out", "one.jsonl"]);
  const { err } = await runCommand(folder, ["export", "one.jsonl", "--format", "flagembedding", "--out", "two.jsonl"]);
  expect(readFileSync(path.join(folder, "two.jsonl"))).toEqual(readFileSync(path.join(folder, "one.jsonl")));
  expect(err).toContain("2 records, 2 unchanged");
});

test("marks act: a false negative is promoted, a bad query leaves, and both are listed", async () => {
  const folder = scratchFolder(files);
  const { textKey } = await import("#core/collection/textKey");
  const { sha256 } = await import("../../server/runtime/hash");
  const key = (text: string): string => textKey(text, sha256);
  const marks =
    mark(key("what is passage 1"), key("passage number 2 about topic 2"), "false_negative") +
    mark(key("what is passage 3"), undefined, "bad_query");
  const marked = scratchFolder({ ...files, ".nearmiss/marks/ada.jsonl": marks });
  const { out, err } = await runCommand(marked, [
    "mine",
    "train.jsonl",
    "--set",
    "sampler.num_negatives=1",
    "--set",
    "sampler.relative_margin=null",
  ]);
  const rows = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { pos: string[]; neg: string[]; id: number });
  expect(rows.map(({ pos }) => pos)).toEqual([["passage number 1 about topic 1", "passage number 2 about topic 2"]]);
  expect(rows[0]?.neg).not.toContain("passage number 2 about topic 2");
  expect(out).toContain('"id": 7.0');
  expect(err).toContain("1 query is left out");
  const listed = await runCommand(marked, ["marks", "train.jsonl"]);
  expect(listed.out).toMatchInlineSnapshot(`
    "false_negative	Ada	what is passage 1	passage number 2 about topic 2
    bad_query	Ada	what is passage 3	
    1 bad_query
    1 false_negative
    2 marks by 1 person, 0 in conflict, 0 on texts that are gone
    "
  `);
  expect(readdirSync(folder)).not.toContain(".nearmiss");
});

test("a BEIR folder is mined, and exported as a folder with its judgements kept", async () => {
  const folder = scratchFolder(files);
  const mined = await runCommand(folder, ["mine", "beir", "--set", "sampler.num_negatives=1", "--set", "sampler.relative_margin=null"]);
  expect(mined.out.split("\n").map((line) => line.slice(0, 38))).toEqual([
    '{"query": "what is passage 1", "pos": ',
    '{"query": "what is passage 3", "pos": ',
    "",
  ]);
  const exported = await runCommand(folder, [
    "export",
    "beir",
    "--format",
    "beir",
    "--out",
    "new",
    "--set",
    "sampler.num_negatives=1",
    "--set",
    "sampler.relative_margin=null",
  ]);
  expect([exported.code, exported.err]).toEqual([0, expect.stringContaining("3 unchanged")]);
  const rows = readFileSync(path.join(folder, "new/qrels/test.tsv"), "utf8");
  for (const line of qrels.trimEnd().split("\n")) expect(rows).toContain(`${line}\n`);
  expect(readFileSync(path.join(folder, "new/corpus.jsonl"), "utf8")).toBe(corpus);
  expect((await runCommand(folder, ["mine", "beir", "--format", "beir"])).err).toMatchInlineSnapshot(
    `"nearmiss: A BEIR data set is a folder and cannot be printed. Name a new folder with --out."`,
  );
});

test("vectors of one's own are tied to records by their place", async () => {
  const folder = scratchFolder(files);
  writeFileSync(path.join(folder, "q.npy"), npyBytes(2, 2, new Float32Array([1, 0, 0, 1])));
  writeFileSync(
    path.join(folder, "c.npy"),
    npyBytes(
      30,
      2,
      Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 30 - i / 2 : i / 2)),
    ),
  );
  const seen: [string, number | undefined][] = [];
  await runCommand(folder, ["mine", "train.jsonl", "--query-vectors", "q.npy", "--corpus-vectors", "c.npy"], {
    createVectors: ({ own }) => {
      for (const [side, text] of [
        ["query", "what is passage 3"],
        ["document", "passage number 29 about topic 4"],
        ["document", "unknown"],
      ] as const)
        seen.push([text, own?.rowOf(side, text)]);
      throw new RangeError("seen enough");
    },
  }).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
  });
  expect(seen).toEqual([
    ["what is passage 3", 1],
    ["passage number 29 about topic 4", 29],
    ["unknown", undefined],
  ]);
});

test("check prints findings by place, and its exit code tells whether any is grave", async () => {
  const folder = scratchFolder({
    "clean.jsonl": `${train}\n`,
    "dirty/a.jsonl": '{"query": "q", "pos": ["p"], "neg": ["p"]}\n{oops\n',
    "dirty/.hidden/b.jsonl": "{",
    "dirty/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\tgone\t1\n",
    "dirty/queries.jsonl": '{"_id": "q1", "text": "t"}\n',
    "dirty/corpus.jsonl": '{"_id": "d1", "text": "t"}\n',
  });
  expect(await runCommand(folder, ["check", "clean.jsonl"])).toMatchObject({ code: 0, out: "" });
  const dirty = await runCommand(folder, ["check", "dirty"]);
  expect(dirty.code).toBe(1);
  expect(dirty.out).toMatchInlineSnapshot(`
    "dirty/a.jsonl:1:38 error HN201 The negative "p" is also pos[0], a positive of this query.
    dirty/a.jsonl:2:2 error HN001 Found "o" where a key in double quotes should stand.
    dirty/qrels/test.tsv:2:1 error HN302 The document "gone" is not in the corpus.
    "
  `);
  const json = await runCommand(folder, ["check", "dirty", "--json"]);
  expect((JSON.parse(json.out) as object[]).map((finding) => Object.keys(finding).join())).toEqual(
    Array(dirty.out.split("\n").length - 1).fill("file,line,column,code,severity,message"),
  );
});

test("Ctrl+C ends with 130 and leaves nothing half-written", async () => {
  const folder = scratchFolder(files);
  const stopped = await runCommand(folder, ["mine", "train.jsonl", "--out", "o.jsonl", "--detail", "d.jsonl"], {
    cancellation: { requested: true },
  });
  expect([stopped.code, stopped.err]).toEqual([130, "Stopped."]);
  expect(readdirSync(folder).sort()).toEqual(["beir", "corpus.jsonl", "train.jsonl"]);
});

test.each([
  [[]],
  [["--version"]],
  [["dig"]],
  [["mine"]],
  [["mine", "a", "b"]],
  [["mine", "train.jsonl", "--frobnicate"]],
  [["mine", "train.jsonl", "--format", "csv"]],
  [["mine", "train.jsonl", "--seed", "x"]],
  [["mine", "train.jsonl", "--set", "sampler.num_negatives"]],
  [["mine", "train.jsonl", "--set", "num_negatives=3"]],
  [["mine", "train.jsonl", "--set", "sampler.num_negatives=-1"]],
  [["mine", "train.jsonl", "--query-vectors", "q.npy"]],
  [["mine", "train.jsonl", "--out", "train.jsonl"]],
  [["mine", "train.jsonl", "--out", "x", "--report", "x"]],
  [["mine", "train.jsonl", "--out", "no/such/folder.jsonl"]],
  [["mine", "beir", "--split", "dev"]],
  [["mine", "none.jsonl"]],
  [["mine", "train.jsonl", "--corpus", "none.jsonl"]],
  [["mine", "train.jsonl", "--config", "none.json"]],
  [["export", "train.jsonl", "--format", "st-pair"]],
  [["export", "train.jsonl", "--out", "x"]],
  [["export", "train.jsonl", "--format", "st-pair", "--out", "-"]],
  [["check"]],
  [["check", "none.jsonl"]],
])("use: nearmiss %j", async (argv) => {
  const { code, out, err } = await runCommand(scratchFolder(files), argv);
  expect({ code, says: err === "" ? (out.split("\n")[0] ?? "") : err }).toMatchSnapshot();
});
