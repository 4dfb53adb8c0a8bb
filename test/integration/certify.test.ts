import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { auditOrder } from "#core/audit/auditOrder";
import type { AuditPair } from "#core/audit/auditPair";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { ExportedPairs } from "#core/audit/exportedPairs";
import { newPopulation, populationText } from "#core/audit/population";
import { formatById } from "#core/formats/registry";
import { beginAudit, curationState, nextCard } from "#protocol/curation";
import { runExport } from "#protocol/exporting";
import { appendMark } from "#protocol/marks";
import { openReview } from "#protocol/review";
import { suggestionLine } from "#core/suggestions/suggestionLine";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";
import { saidLines } from "../support/saidSuggestions";
import { sha256 } from "../support/sha256";
import { runCommand } from "./commandLine";

const topics = ["bread", "iron", "rivers", "music", "chess", "glass", "wool", "stars"];
const passages = Array.from({ length: 240 }, (_, i) => `passage ${String(i)} on ${topics[i % 8] ?? ""} and ${topics[(i * 3) % 7] ?? ""}`);
const corpus = passages.map((text, i) => `${JSON.stringify({ _id: `d${String(i)}`, text })}\n`).join("");
const train = Array.from({ length: 60 }, (_, i) => {
  const row = { query: `what is known of ${topics[i % 8] ?? ""} in case ${String(i)}`, pos: [passages[i]], neg: [passages[(i + 5) % 240]] };
  return `${JSON.stringify(row)}\n`;
}).join("");
const config = JSON.stringify({
  sampler: {
    mix: [
      { source: "simans", n: 3 },
      { source: "bm25", n: 2 },
    ],
    relative_margin: null,
  },
});

const files = { "train.jsonl": train, "corpus.jsonl": corpus, ".nearmiss/config.json": config };
const exporting = ["export", "train.jsonl", "--corpus", "corpus.jsonl", "--format", "flagembedding", "--out"];

/** The pairs of an export, with a source made up from their place. */
function pairsIn(file: string): readonly AuditPair[] {
  const reader = new ExportedPairs(formatById("flagembedding"), sha256);
  for (const line of readFileSync(file, "utf8").split("\n")) reader.add(line);
  return [...reader.pairs.values()].map(({ query, document }, i) => ({ query, document, source: i % 5 < 3 ? "simans" : "bm25" }));
}

/** A data set whose emission is exported once and frozen as the population of an audit. */
async function audited(): Promise<{ readonly folder: string; readonly population: AuditPopulation }> {
  const folder = scratchFolder(files);
  const { code, err } = await runCommand(folder, [...exporting, "plain.jsonl"]);
  expect([code, err]).toEqual([0, expect.any(String)]);
  const population = newPopulation(
    {
      number: 1,
      salt: "0123456789abcdef0123456789abcdef",
      begun: "2026-01-01T00:00:00Z",
      author: "Ada",
      tool: "test",
      configHash: "c0ffee",
      model: "letters",
      dataset: "train.jsonl",
      pairs: pairsIn(path.join(folder, "plain.jsonl")),
    },
    sha256,
  );
  mkdirSync(path.join(folder, ".nearmiss/audits"));
  writeFileSync(path.join(folder, ".nearmiss/audits", `${population.name}.json`), populationText(population));
  return { folder, population };
}

/** Marks of one person on the first pairs of an audit's order; those at the places given are false. */
function marksOn(population: AuditPopulation, count: number, falseAt: readonly number[] = []): string {
  return auditOrder(population)
    .slice(0, count)
    .map(({ pair: { query, document } }, i) =>
      verdict(`m${String(i)}`, falseAt.includes(i) ? "false_negative" : "true_negative", query, document),
    )
    .join("");
}

function verdict(mark: string, said: string, query: string, document: string): string {
  const line = {
    kind: "verdict",
    mark,
    time: "2026-01-02T00:00:00Z",
    author: "Ada",
    verdict: said,
    query: { key: query },
    document: { key: document },
    lane: "audit",
    blind: true,
    suggestion_shown: false,
    tool: "test",
  };
  return `${JSON.stringify(line)}\n`;
}

function putMarks(folder: string, text: string, name = "ada.jsonl"): void {
  mkdirSync(path.join(folder, ".nearmiss/marks"), { recursive: true });
  writeFileSync(path.join(folder, ".nearmiss/marks", name), text);
}

test("a certified export holds pairs of the audit alone, none of them false, and is verified from export and marks on another machine", async () => {
  const { folder, population } = await audited();
  putMarks(folder, marksOn(population, 120, [7]));
  const { code, out, err } = await runCommand(folder, [...exporting, "out.jsonl", "--certify"]);
  expect([code, out]).toEqual([0, "out.jsonl\nout.jsonl.manifest.json\nout.jsonl.certificate.json\nout.jsonl.certificate.md\n"]);
  expect(err).toMatchInlineSnapshot(`
    "3 negatives that are emitted now are not of the audit 001-01234567 and left out: configuration, data, encoder or marks have changed since it began. To cover them, begin a fresh audit; whether a changed setting is safe, a proposal tells.
    60 records, 0 unchanged; 297 negatives, 1 promoted.
    At most 4.4 % of the 297 exported negatives are false, at a confidence of 95 %: 120 marked, 1 false, at most 4.4 %, the target of 5 % is reached."
  `);
  const known = new Set(population.pairs.map(({ query, document }) => `${query} ${document}`));
  const exported = pairsIn(path.join(folder, "out.jsonl")).map(({ query, document }) => `${query} ${document}`);
  expect(exported.filter((pair) => !known.has(pair))).toEqual([]);
  const wrong = auditOrder(population)[7]?.pair;
  expect(exported).not.toContain(`${String(wrong?.query)} ${String(wrong?.document)}`);
  const manifest = JSON.parse(readFileSync(path.join(folder, "out.jsonl.manifest.json"), "utf8")) as { certificate: { sha256: string } };
  const certificate = readFileSync(path.join(folder, "out.jsonl.certificate.json"), "utf8");
  expect(manifest.certificate).toEqual({
    file: "out.jsonl.certificate.json",
    page: "out.jsonl.certificate.md",
    sha256: sha256(certificate),
    outside: expect.any(Number) as number,
  });
  expect(readFileSync(path.join(folder, "out.jsonl.certificate.md"), "utf8")).toMatchInlineSnapshot(`
    "# Certificate of out.jsonl

    **At most 4.4 % of its 297 negatives are false negatives**, at a confidence of 95 %.

    120 marked, 1 false, at most 4.4 %, the target of 5 % is reached. The audit's 300 pairs hold at most 14 false negatives; 1 of them is known and left out of the export, which leaves at most 13 among the 297 exported.

    ## By source

    | Source | Exported | Marked in its order | False among them | Found in all | At most |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | bm25 | 119 | 47 | 1 | 1 | 9.3 % |
    | simans | 178 | 73 | 0 | 0 | 4.5 % |

    Each line holds for itself at 95 %, not all of them at once.

    ## What it rests on

    - Audit 001-01234567 of train.jsonl, begun 2026-01-01T00:00:00Z by Ada: 300 pairs, SHA-256 \`f3e342c94d999d571ab76122c5c3ee6db32d0b9ce68883d3af29a72a5ca746b0\`.
    - Random order by the salt \`0123456789abcdef0123456789abcdef\`. The sample is the first 120 pairs of that order, all of them judged.
    - 120 judged pairs of the audit, by Ada. Only a pair that everyone who judged calls a true negative is clean; partly relevant, can't tell, duplicate and disagreement count as false.
    - Export out.jsonl (flagembedding), 15199 bytes, SHA-256 \`7f5d1484c37909c7ef7eeb84eaf7d2d480f2e5db56f8af11ff83bb80e6335794\`.
    - Configuration \`3e615fb29b724f8c\`, encoder \`in-memory fp32\`; not those with which the audit began (\`c0ffee\`, \`letters\`), so that only pairs of the audit were exported. 2 further pairs of the audit are not in the export.
    - Method: prior-posterior ratio, beta-binomial mixture (Waudby-Smith and Ramdas 2020), a = 1, b = 19. It holds however often one looked while marking.

    ## What it does not promise

    - It is about the negatives of this one file: about no other query, file, encoder or later mining.
    - It counts what the persons said. Their own errors are not in the bound.
    - The bound fails with a probability of at most 5 % for an audit. It is the first audit of the data set.
    - No pair of the audit was judged by two persons, so that nothing is known of how far they agree.

    ## How to verify it

    With this folder's export and the marks files, on any machine:

    \`\`\`
    nearmiss certify --verify CERTIFICATE
    \`\`\`

    CERTIFICATE is out.jsonl.certificate.json; \`--marks FOLDER\` and \`--export FILE\` say where the marks and the export lie, if elsewhere. The certificate is no signature: it does not show who wrote it.

    Written by nearmiss test on 2026-01-02T03:04:05.000Z.
    "
  `);

  const elsewhere = scratchFolder();
  for (const name of ["out.jsonl", "out.jsonl.certificate.json"]) copyFileSync(path.join(folder, name), path.join(elsewhere, name));
  mkdirSync(path.join(elsewhere, "from-ada"));
  copyFileSync(path.join(folder, ".nearmiss/marks/ada.jsonl"), path.join(elsewhere, "from-ada/ada.jsonl"));
  const verified = await builtCli(elsewhere, "certify", "--verify", "out.jsonl.certificate.json", "--marks", "from-ada");
  expect(verified).toMatchInlineSnapshot(`
    {
      "code": 0,
      "err": "Reading out.jsonl
    ",
      "out": "Verified. At most 4.4 % of the 297 exported negatives are false, at a confidence of 95 %: 120 marked, 1 false, at most 4.4 %, the target of 5 % is reached.
    ",
    }
  `);
  const without = await builtCli(elsewhere, "certify", "--verify", "out.jsonl.certificate.json");
  expect(without).toMatchInlineSnapshot(`
    {
      "code": 2,
      "err": "Reading out.jsonl
    nearmiss: .nearmiss/marks: There is no such file or folder. Say with --marks where the marks files lie.
    ",
      "out": "",
    }
  `);
});

test("without --certify nothing is written but the export and its manifest, and no audit is needed", async () => {
  const folder = scratchFolder(files);
  await runCommand(folder, [...exporting, "out.jsonl"]);
  expect(readdirSync(folder).sort()).toEqual([".nearmiss", "corpus.jsonl", "out.jsonl", "out.jsonl.manifest.json", "train.jsonl"]);
  expect(readFileSync(path.join(folder, "out.jsonl.manifest.json"), "utf8")).not.toContain("certificate");
});

test("a certificate says where it does not hold any more: the export changed, a mark undone, a negative judged false since", async () => {
  const { folder, population } = await audited();
  const marks = marksOn(population, 120);
  putMarks(folder, marks);
  await runCommand(folder, [...exporting, "out.jsonl", "--certify"]);
  const verify = ["certify", "--verify", "out.jsonl.certificate.json"];
  expect(await runCommand(folder, verify)).toMatchObject({ code: 0, err: "" });

  const undo = { kind: "undo", mark: "u1", time: "2026-01-03T00:00:00Z", author: "Ada", of: "m3", tool: "test" };
  putMarks(folder, `${marks}${JSON.stringify(undo)}\n`);
  expect(await runCommand(folder, verify)).toMatchInlineSnapshot(`
    {
      "code": 1,
      "err": "Not verified: 1 difference.",
      "out": "marks: The mark m3 that the certificate rests on is not in force any more: it was undone or replaced, or its file is missing.
    ",
      "words": "Not verified: 1 difference.",
    }
  `);

  const pair = auditOrder(population)[150]?.pair;
  putMarks(folder, `${marks}${verdict("late", "partly_relevant", pair?.query ?? "", pair?.document ?? "")}`);
  expect(await runCommand(folder, verify)).toMatchInlineSnapshot(`
    {
      "code": 1,
      "err": "1 pair of the audit was judged after the certificate was written; with it at most 2.7 % of the exported negatives are false.
    Not verified: 1 difference.",
      "out": "marks: 1 negative of the export is marked as false by now: export again.
    ",
      "words": "1 pair of the audit was judged after the certificate was written; with it at most 2.7 % of the exported negatives are false.
    Not verified: 1 difference.",
    }
  `);

  putMarks(folder, marks);
  const text = readFileSync(path.join(folder, "out.jsonl"), "utf8");
  writeFileSync(path.join(folder, "out.jsonl"), text.replace(/"neg": ?\["/u, "$&another "));
  expect(await runCommand(folder, [...verify, "--json"])).toMatchInlineSnapshot(`
    {
      "code": 1,
      "err": "",
      "out": "{
      "verified": false,
      "statement": "At most 3 % of the 300 exported negatives are false, at a confidence of 95 %: 120 marked, 0 false, at most 3 %, the target of 5 % is reached.",
      "findings": [
        {
          "kind": "export",
          "text": "The export is not the file that was certified: its bytes have changed."
        },
        {
          "kind": "population",
          "text": "The negatives of the export and those that the certificate lists as left out are together not the pairs of the audit: one was added, removed or replaced, and no figure can be computed again."
        }
      ],
      "notes": []
    }
    ",
      "words": "",
    }
  `);
});

test("a certificate beside a teacher's scores is about the rows that are written", async () => {
  const { folder, population } = await audited();
  putMarks(folder, marksOn(population, 120));
  const [first] = readFileSync(path.join(folder, "plain.jsonl"), "utf8").split("\n");
  const { query, pos, neg } = JSON.parse(first ?? "") as { readonly query: string; readonly pos: string[]; readonly neg: string[] };
  // One of the five negatives was never shown to the model.
  const weights = Object.fromEntries([...pos, ...neg.slice(1)].map((text, i) => [text, i === 0 ? 1 : i === 1 ? 0.5 : 0]));
  mkdirSync(path.join(folder, ".nearmiss/suggestions"));
  const [line] = saidLines({ [query]: { weights } });
  if (line === undefined) throw new Error("Nothing is said.");
  writeFileSync(path.join(folder, ".nearmiss/suggestions/ada.jsonl"), `${suggestionLine(line)}\n`);
  const scores = ["--format", "st-triplet", "--set", "export.output_scores=true", "--set", "export.scores=teacher"];
  const { code, err } = await runCommand(folder, [...exporting, "out.jsonl", "--certify", ...scores]);
  expect([code, err]).toMatchInlineSnapshot(`
    [
      0,
      "4 records have the teacher's scores. 296 hold passages that no teacher ranks, and are left out: ask a model about more queries, or about more candidates of each (labelling.candidates).
    4 records, 0 unchanged; 4 negatives, 0 promoted.
    At most 100 % of the 4 exported negatives are false, at a confidence of 95 %: 120 marked, 0 false, at most 100 %, about 180 more clean marks to 5 %.",
    ]
  `);
  expect(readFileSync(path.join(folder, "out.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(4);
});

test("what cannot be certified is refused before anything is written", async () => {
  const { folder, population } = await audited();
  const tried = async (...options: readonly string[]): Promise<string> => {
    const { code, err } = await runCommand(folder, [...exporting, "out.jsonl", "--certify", ...options]);
    expect(code).toBe(2);
    return err.split("\n").at(-1) ?? "";
  };
  const refusals = {
    unmarked: await tried(),
    listed: await tried("--negatives", "listed"),
    pair: await tried("--format", "st-pair"),
    beir: await tried("--format", "beir"),
    margins: await tried("--format", "margin-mse"),
    scores: await tried("--format", "st-labeled-list", "--set", "export.output_scores=true"),
  };
  expect(refusals).toMatchInlineSnapshot(`
    {
      "beir": "nearmiss: The negatives of an export as beir cannot be certified: its judgements stand beside those that the folder had. Choose another format, such as flagembedding or st-triplet.",
      "listed": "nearmiss: An audit is about the negatives that mining emits; those that the file lists are others, and cannot be certified by it. Export mined negatives, or leave out the certificate.",
      "margins": "nearmiss: The negatives of an export as margin-mse cannot be certified: it names them by ids alone. Choose another format, such as flagembedding or st-triplet.",
      "pair": "nearmiss: The negatives of an export as st-pair cannot be certified: it holds none. Choose another format, such as flagembedding or st-triplet.",
      "scores": "nearmiss: With scores in place of labels the negatives of an export as st-labeled-list cannot be told from its positives. Switch export.output_scores off, or choose another format.",
      "unmarked": "nearmiss: The first pair of the audit is not judged yet, so that nothing can be said about the rest. Mark pairs in the audit lane, then export again.",
    }
  `);
  writeFileSync(path.join(folder, ".nearmiss/audits", `${population.name}.json`), "<<<<<<< ours\n");
  expect(await tried()).toMatchInlineSnapshot(
    `"nearmiss: There is no audit of "train.jsonl". .nearmiss/audits/001-01234567.json: The audit cannot be read. It is not JSON; a merge may have left its marks in it. Restore the file from Git, or begin a new audit. Open the audit lane in the panel, which begins one, and mark its pairs."`,
  );
  writeFileSync(
    path.join(folder, ".nearmiss/audits", `${population.name}.json`),
    populationText({ ...population, dataset: "another.jsonl" }),
  );
  expect(await tried()).toMatchInlineSnapshot(
    `"nearmiss: There is no audit of "train.jsonl". There is one of "another.jsonl". Open the audit lane in the panel, which begins one, and mark its pairs."`,
  );
  expect(readdirSync(folder).filter((name) => name.startsWith("out"))).toEqual([]);
});

test("a changed configuration emits other pairs: they are left out, and it is said how many", async () => {
  const { folder, population } = await audited();
  putMarks(folder, marksOn(population, 60));
  const { code, err } = await runCommand(folder, [
    ...exporting,
    "out.jsonl",
    "--certify",
    "--set",
    "sampler.seed=7",
    "--set",
    "sampler.mix[0].n=6",
  ]);
  expect(code).toBe(0);
  expect(err).toMatchInlineSnapshot(`
    "218 negatives that are emitted now are not of the audit 001-01234567 and left out: configuration, data, encoder or marks have changed since it began. To cover them, begin a fresh audit; whether a changed setting is safe, a proposal tells.
    60 records, 0 unchanged; 262 negatives, 0 promoted.
    At most 7.3 % of the 262 exported negatives are false, at a confidence of 95 %: 60 marked, 0 false, at most 7.3 %, about 24 more clean marks to 5 %."
  `);
  const far = await runCommand(folder, [
    ...exporting,
    "far.jsonl",
    "--certify",
    "--set",
    'sampler.mix=[{"source":"random","n":1}]',
    "--set",
    "sampler.seed=3",
  ]);
  expect(far).toMatchInlineSnapshot(`
    {
      "code": 0,
      "err": "19 negatives that are emitted now are not of the audit 001-01234567 and left out: configuration, data, encoder or marks have changed since it began. To cover them, begin a fresh audit; whether a changed setting is safe, a proposal tells.
    60 records, 0 unchanged; 41 negatives, 0 promoted.
    At most 46.4 % of the 41 exported negatives are false, at a confidence of 95 %: 60 marked, 0 false, at most 46.4 %, about 194 more clean marks to 5 %.",
      "out": "far.jsonl
    far.jsonl.manifest.json
    far.jsonl.certificate.json
    far.jsonl.certificate.md
    ",
      "words": "19 negatives that are emitted now are not of the audit 001-01234567 and left out: configuration, data, encoder or marks have changed since it began. To cover them, begin a fresh audit; whether a changed setting is safe, a proposal tells.
    60 records, 0 unchanged; 41 negatives, 0 promoted.
    At most 46.4 % of the 41 exported negatives are false, at a confidence of 95 %: 60 marked, 0 false, at most 46.4 %, about 194 more clean marks to 5 %.",
    }
  `);
});

test.each(["st-triplet", "st-n-tuple", "st-labeled-pair", "st-labeled-list", "tevatron"])(
  "an export as %s is certified and verified",
  async (format) => {
    const { folder, population } = await audited();
    putMarks(folder, marksOn(population, 40));
    const exported = await runCommand(folder, [...exporting, "out.jsonl", "--certify", "--format", format]);
    expect([exported.code, exported.err.split("\n").at(-1)]).toMatchSnapshot();
    expect(await runCommand(folder, ["certify", "--verify", "out.jsonl.certificate.json"])).toMatchObject({ code: 0, err: "" });
  },
);

test("certify says where the audit of a data set stands, in all and by source", async () => {
  const { folder, population } = await audited();
  putMarks(folder, marksOn(population, 50, [4]));
  expect((await runCommand(folder, ["certify", "train.jsonl"])).out).toMatchInlineSnapshot(`
    "Audit 001-01234567, begun 2026-01-01T00:00:00Z by Ada: 300 pairs, at a confidence of 95 %
    all: 50 marked, 1 false, at most 11.1 %, about 58 more clean marks to 5 %
    bm25: 17 marked, 1 false, at most 28.6 %, about 60 more clean marks to 5 %
    simans: 33 marked, 0 false, at most 10 %, about 31 more clean marks to 5 %
    "
  `);
  expect((await runCommand(folder, ["certify", "train.jsonl", "--json", "--set", "curation.confidence=0.8"])).out).toMatchInlineSnapshot(`
    "{
      "audit": {
        "name": "001-01234567",
        "begun": "2026-01-01T00:00:00Z",
        "author": "Ada",
        "pairs": 300
      },
      "target": {
        "max_false_negatives": 0.05,
        "confidence": 0.8
      },
      "total": {
        "pairs": 299,
        "marked": 50,
        "false_negatives": 1,
        "found": 1,
        "bound": 25,
        "at_most": 0.0802675585284281,
        "more_clean_marks": 34
      },
      "sources": [
        {
          "source": "bm25",
          "pairs": 119,
          "marked": 17,
          "false_negatives": 1,
          "found": 1,
          "bound": 27,
          "at_most": 0.2184873949579832,
          "more_clean_marks": 47
        },
        {
          "source": "simans",
          "pairs": 180,
          "marked": 33,
          "false_negatives": 0,
          "found": 0,
          "bound": 12,
          "at_most": 0.06666666666666667,
          "more_clean_marks": 10
        }
      ]
    }
    "
  `);
  expect(await runCommand(scratchFolder(files), ["certify", "train.jsonl"])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "err": "nearmiss: There is no audit of "train.jsonl". Open the audit lane in the panel, which begins one, and mark its pairs.",
      "out": "",
      "words": "nearmiss: There is no audit of "train.jsonl". Open the audit lane in the panel, which begins one, and mark its pairs.",
    }
  `);
});

test("a certificate that cannot be read, and arguments that do not go together, are refused with what to do", async () => {
  const folder = scratchFolder({ ...files, "broken.json": "{", "other.json": '{"kind": "something"}', "train.certificate.json": "[]" });
  const said = async (...argv: readonly string[]): Promise<string> => {
    const { code, err } = await runCommand(folder, ["certify", ...argv]);
    return `${String(code)} ${err}`;
  };
  expect([
    await said("--verify", "absent.json"),
    await said("--verify", "broken.json"),
    await said("--verify", "other.json"),
    await said("--verify", "train.certificate.json"),
    await said("--verify", "other.json", "train.jsonl"),
    await said("--verify", "other.json", "--config", "x"),
    await said("train.jsonl", "--marks", "x"),
    await said(),
  ]).toMatchInlineSnapshot(`
    [
      "2 nearmiss: absent.json: There is no such file or folder. Check the path.",
      "2 nearmiss: broken.json: The certificate cannot be read. It is not JSON. Name a .certificate.json file that Nearmiss wrote.",
      "2 nearmiss: other.json: The certificate cannot be read. "kind" must be "nearmiss certificate". Name a .certificate.json file that Nearmiss wrote.",
      "2 nearmiss: train.certificate.json: The certificate cannot be read. "kind" is missing, or no member of a certificate. Name a .certificate.json file that Nearmiss wrote.",
      "2 nearmiss: --verify needs no data set, but "train.jsonl" was given. Leave it out.",
      "2 nearmiss: --verify takes its target from the certificate, not from a configuration. Leave out --config and --set.",
      "2 nearmiss: --marks and --export go with --verify. Leave them out, or name a certificate with --verify.",
      "2 nearmiss: certify needs a data set. Name a .jsonl file or a folder in BEIR form.",
    ]
  `);
});

test("marked in the audit lane, exported by the language server, verified by the built command line", async () => {
  const server = await LspHarness.start({
    files: path.join(repoRoot, "extension/sample"),
    cacheFolder: path.join(repoRoot, ".cache/test/curation-vectors"),
  });
  try {
    const dataset = server.uri("train.jsonl");
    const ready = server.ready();
    await server.value(openReview, { dataset });
    await ready;
    const begun = await server.value(beginAudit, { dataset });
    const pairs = begun.audit?.total.pairs ?? 0;
    for (let marked = 0; marked < 40; marked += 1) {
      const answer = await server.value(nextCard, { dataset, lane: "audit" });
      if (answer.kind !== "card") throw new Error(`no card but ${answer.kind}`);
      const { query, document, index, blind, salt = "" } = answer.card;
      const verdict = marked === 11 ? "partly_relevant" : "true_negative";
      await server.value(appendMark, { dataset, query, document, index, lane: "audit", salt, verdict, blind, suggestionShown: false });
    }
    const { audit } = await server.value(curationState, { dataset });
    expect([audit?.total.marked, audit?.total.falseNegatives, audit?.total.pairs]).toEqual([40, 1, pairs - 1]);
    const exported = { dataset, format: "flagembedding", negatives: "mined", certify: true } as const;
    const { certificate, negatives } = await server.value(runExport, { ...exported, out: server.uri("certified.jsonl") });
    expect(certificate?.file).toBe(path.join(server.workspace, "certified.jsonl.certificate.json"));
    expect(certificate?.text).toContain(`of the ${String(negatives)} exported negatives are false`);
    // All but the one that was found: a mark that says what mining assumed moves nothing else.
    expect(negatives).toBe(pairs - 1);
    expect(certificate?.text).toContain(audit?.total.text);
    const verified = await builtCli(server.workspace, "certify", "--verify", "certified.jsonl.certificate.json");
    expect(verified).toMatchObject({ code: 0, out: `Verified. ${certificate?.text ?? ""}\n` });
  } finally {
    await server.end();
  }
});

/** The built command line in a process of its own. */
function builtCli(cwd: string, ...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(repoRoot, "dist/cli.cjs"), ...argv], { cwd }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err: err.replaceAll(cwd, ".") });
    });
  });
}
