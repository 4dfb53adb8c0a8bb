import { expect, test } from "vitest";
import { auditOrder } from "#core/audit/auditOrder";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { certificateText, readCertificate, sealed } from "#core/audit/certificate";
import type { Certificate } from "#core/audit/certificate";
import { certificatePage } from "#core/audit/certificatePage";
import type { ExportedPair } from "#core/audit/exportedPairs";
import { certificationRefused, makeCertificate } from "#core/audit/makeCertificate";
import type { CertificateParts } from "#core/audit/makeCertificate";
import { verifyCertificate } from "#core/audit/verifyCertificate";
import type { VerificationParts } from "#core/audit/verifyCertificate";
import type { Mark, VerdictMark } from "#core/marks/mark";
import { sha256 } from "../../support/sha256";
import { folded, pairsOf, populationOf, undo, verdict } from "./auditFixture";

const population = populationOf(pairsOf(40, 5));
const order = auditOrder(population).map(({ pair }) => pair);

/** Marks on the first 60 pairs and on two behind them; false at places 3 and 40, and at 150. */
const places = [...Array(60).keys(), 120, 150];
const falseAt = [3, 40, 150];
const marks: readonly VerdictMark[] = places.map((place) => on(place, falseAt.includes(place) ? "false_negative" : "true_negative"));

function on(place: number, said: VerdictMark["verdict"], author = "ann"): VerdictMark {
  const pair = order[place];
  return verdict(said, pair?.query ?? "", pair?.document, author);
}

/** The export: the population without what is false, and without the last ten pairs of the order. */
function exportedOf({ pairs }: AuditPopulation = population): readonly ExportedPair[] {
  const out = [...falseAt.map((place) => order[place]), ...order.slice(190)];
  return pairs.filter((pair) => !out.includes(pair)).map(({ query, document }, i) => ({ query, document, line: i + 1 }));
}

const file = { bytes: 1000, sha256: sha256("the export"), unread: 0 };

function parts(changed: Partial<CertificateParts> = {}): CertificateParts {
  return {
    tool: "nearmiss test",
    created: "2026-01-02T00:00:00Z",
    population,
    auditsBegun: 2,
    marks: folded(...marks),
    marksFolder: ".nearmiss/marks",
    target: { maxFalseNegatives: 0.1, confidence: 0.9 },
    exported: {
      file: "out.jsonl",
      format: "flagembedding",
      bytes: file.bytes,
      sha256: file.sha256,
      unread_lines: 0,
      config_hash: "c0ffee",
      model: "letters",
    },
    pairs: exportedOf(),
    ...changed,
  };
}

function made(changed: Partial<CertificateParts> = {}): Certificate {
  const certificate = makeCertificate(parts(changed), sha256);
  if (!certificate.ok) throw new Error(certificate.failure.message);
  return certificate.value;
}

function findings(changed: Partial<VerificationParts> = {}): readonly string[] {
  const whole = { certificate: made(), exported: { ...file, pairs: exportedOf() }, marks: folded(...marks) };
  return verifyCertificate({ ...whole, ...changed }, sha256).findings.map(({ kind, text }) => `${kind}: ${text}`);
}

test("a certificate states the audit's figures for the pairs of the export", () => {
  const { statement, total, sources } = made();
  expect(statement).toMatchInlineSnapshot(
    `"At most 9.7 % of the 187 exported negatives are false, at a confidence of 90 %: 60 marked, 2 false, at most 9.7 %, the target of 10 % is reached."`,
  );
  expect(total).toMatchInlineSnapshot(`
    {
      "at_most": 0.0962566844919786,
      "bound": 21,
      "exported": 187,
      "false_negatives": 2,
      "found": 3,
      "marked": 60,
      "more_clean_marks": 0,
      "population": 200,
    }
  `);
  expect(sources.map(({ source, exported, marked, at_most: atMost }) => [source, exported, marked, atMost])).toMatchInlineSnapshot(`
    [
      [
        "bm25",
        65,
        18,
        0.12307692307692308,
      ],
      [
        "simans",
        122,
        42,
        0.13114754098360656,
      ],
    ]
  `);
});

test("its text is read back as it was, with Windows' line ends too, and verified", () => {
  const text = certificateText(made());
  expect(readCertificate("c.json", text)).toEqual({ ok: true, value: made() });
  const read = readCertificate("c.json", text.replaceAll("\n", "\r\n"));
  expect(read.ok && findings({ certificate: read.value })).toEqual([]);
  expect(certificateText(made())).toBe(text);
});

test("marks made since are told with what they come to, and take nothing from it while they are clean or on what is not exported", () => {
  const later = verifyCertificate(
    {
      certificate: made(),
      exported: { ...file, pairs: exportedOf() },
      marks: folded(...marks, on(60, "true_negative"), on(61, "true_negative"), on(195, "false_negative"), on(2, "true_negative", "bob")),
    },
    sha256,
  );
  expect(later).toMatchInlineSnapshot(`
    {
      "findings": [],
      "notes": [
        "3 pairs of the audit were judged after the certificate was written; with them at most 8.6 % of the exported negatives are false.",
      ],
    }
  `);
});

const lines = (certificate: Certificate): Certificate => certificate;
const certificate = lines(made());
const reseal = (changed: Partial<Certificate>): Certificate => {
  const { hash: _, ...members } = { ...certificate, ...changed };
  return sealed(members, sha256);
};
const [first] = exportedOf();
const stranger = { query: "q1", document: "new", line: 1 };
const swapped = certificate.judged.map((_, i, all) => all[i === 4 ? 5 : i === 5 ? 4 : i] ?? []);

/** Each change is made with a fresh seal, so that what is found is the change itself. */
const tamperings: readonly (readonly [what: string, changed: Partial<VerificationParts>])[] = [
  ["pair added to the export", { exported: { ...file, pairs: [...exportedOf(), stranger] } }],
  ["pair removed from the export", { exported: { ...file, pairs: exportedOf().slice(1) } }],
  ["pair replaced in the export", { exported: { ...file, pairs: [stranger, ...exportedOf().slice(1)] } }],
  ["found false pair put back into the export", { exported: { ...file, pairs: [...exportedOf(), { ...stranger, ...order[3] }] } }],
  ["other bytes of the export", { exported: { ...file, sha256: sha256("changed"), pairs: exportedOf() } }],
  ["line of the export made unreadable", { exported: { ...file, unread: 1, pairs: exportedOf() } }],
  ["population hash", { certificate: reseal({ audit: { ...certificate.audit, hash: sha256("x") } }) }],
  ["pair taken out of those not exported", { certificate: reseal({ not_exported: certificate.not_exported.slice(1) }) }],
  [
    "exported pair listed as not exported",
    { certificate: reseal({ not_exported: [...certificate.not_exported, `${first?.query ?? ""} ${first?.document ?? ""} 0`] }) },
  ],
  [
    "source of a pair",
    { certificate: reseal({ source_of_exported: certificate.source_of_exported.map((n, i) => (i === 0 ? 1 - n : n)) }) },
  ],
  [
    "source that is not there",
    { certificate: reseal({ source_of_exported: certificate.source_of_exported.map((n, i) => (i === 0 ? 9 : n)) }) },
  ],
  ["salt", { certificate: reseal({ audit: { ...certificate.audit, salt: "ffffffffffffffffffffffffffffffff" } }) }],
  ["order", { certificate: reseal({ judged: swapped }) }],
  [
    "verdict in the certificate",
    { certificate: reseal({ judged: certificate.judged.map((line) => line.map((word) => (word === "false" ? "clean" : word))) }) },
  ],
  ["judged pair taken out", { certificate: reseal({ judged: certificate.judged.filter((_, i) => i !== 3) }) }],
  ["judged pair of another audit", { certificate: reseal({ judged: [...certificate.judged, ["q1", "new", "clean", "m"]] }) }],
  ["number marked", { certificate: reseal({ total: { ...certificate.total, marked: 61 } }) }],
  ["number false", { certificate: reseal({ total: { ...certificate.total, false_negatives: 1 } }) }],
  ["number found", { certificate: reseal({ total: { ...certificate.total, found: 2 } }) }],
  ["bound", { certificate: reseal({ total: { ...certificate.total, bound: 12 } }) }],
  ["share", { certificate: reseal({ total: { ...certificate.total, at_most: 0.05 } }) }],
  ["bound of a source", { certificate: reseal({ sources: certificate.sources.map((one, i) => (i === 0 ? { ...one, bound: 1 } : one)) }) }],
  ["source left out", { certificate: reseal({ sources: certificate.sources.slice(0, 1) }) }],
  ["sentence", { certificate: reseal({ statement: "All clean." }) }],
  ["target", { certificate: reseal({ target: { max_false_negatives: 0.01, confidence: 0.9 } }) }],
  ["confidence", { certificate: reseal({ target: { max_false_negatives: 0.1, confidence: 0.99 } }) }],
  ["method", { certificate: reseal({ method: { ...certificate.method, b: 99 } }) }],
  ["date, under the old seal", { certificate: { ...certificate, created: "2027-01-01T00:00:00Z" } }],
  ["persons", { certificate: reseal({ marks: { ...certificate.marks, authors: ["eve"] } }) }],
  ["agreement", { certificate: reseal({ agreement: { pairs: 3, comparisons: 3, agreement: 1, text: "All agree." } }) }],
  ["mark changed since", { marks: folded(...marks, { ...on(5, "partly_relevant"), mark: "changed" }) }],
  ["mark undone since", { marks: folded(...marks, undo(on(5, "true_negative").mark)) }],
  ["marks file missing", { marks: folded() }],
  ["another person disagrees", { marks: folded(...marks, on(5, "false_negative", "bob")) }],
  ["false one called clean since", { marks: folded(...marks, { ...on(3, "true_negative"), mark: "changed" }) }],
  ["exported pair judged false since", { marks: folded(...marks, on(100, "cant_tell")) }],
  ["query called bad since", { marks: folded(...marks, verdict("bad_query", order[100]?.query ?? "")) }],
];

test("without a change nothing is found", () => {
  expect(findings()).toEqual([]);
});

test.each(tamperings)("%s is found", (what, changed) => {
  expect(findings(changed)).not.toEqual([]);
  expect(findings(changed)).toMatchSnapshot(what);
});

test("whatever value of a certificate is changed, it is not verified any more", () => {
  const text = certificateText(certificate);
  const leaves = leavesOf(JSON.parse(text), []);
  const unseen = leaves.filter((place) => {
    const read = readCertificate("c.json", JSON.stringify(changedAt(JSON.parse(text), place)));
    return read.ok && findings({ certificate: read.value }).length === 0;
  });
  expect(leaves.length).toBeGreaterThan(500);
  expect(unseen).toEqual([]);
});

type Place = readonly (string | number)[];

function leavesOf(value: unknown, place: Place): readonly Place[] {
  if (typeof value !== "object" || value === null) return [place];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([name, inner]: readonly [string | number, unknown]) => leavesOf(inner, [...place, name]));
}

/** The value with another number or text at a place. */
function changedAt(value: unknown, [name, ...rest]: Place): unknown {
  if (name === undefined) return typeof value === "number" ? (Number.isInteger(value) ? value + 1 : value / 2) : `${String(value)}0`;
  if (Array.isArray(value)) return value.map((inner: unknown, i) => (i === name ? changedAt(inner, rest) : inner));
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(members.map(([key, inner]) => [key, key === name ? changedAt(inner, rest) : inner]));
}

test("a certificate that says less than it should, or more, is not read", () => {
  const text = certificateText(certificate);
  const said = (changed: string): string => {
    const read = readCertificate("c.json", changed);
    return read.ok ? "read" : read.failure.message;
  };
  expect([
    said(text.slice(0, 100)),
    said("[]"),
    said(text.replace('"version": 1', '"version": 2')),
    said(text.replace('"statement"', '"remark"')),
    said(text.replace('"confidence":0.9', '"confidence":1')),
    said(text.replace('"marked":60', '"marked":-60')),
    said(text.replace('"clean"', '"spotless"')),
    said(text.replace(certificate.hash, "no hash")),
  ]).toMatchInlineSnapshot(`
    [
      "The certificate cannot be read. It is not JSON.",
      "The certificate cannot be read. "kind" is missing, or no member of a certificate.",
      "The certificate cannot be read. "version" must be 1: a later version of Nearmiss wrote it.",
      "The certificate cannot be read. "statement" is missing, or no member of a certificate.",
      "The certificate cannot be read. "target.confidence" must be below 1.",
      "The certificate cannot be read. "total.marked" must not be below 0.",
      "The certificate cannot be read. "judged.0" must be two keys, clean or false, and marks.",
      "The certificate cannot be read. "hash" must be hexadecimal digits.",
    ]
  `);
});

test("nothing is certified of pairs of another audit, of false ones, of none, or before the first pair is judged", () => {
  const refusedOf = (changed: Partial<CertificateParts>): string =>
    certificationRefused({ ...parts(changed), file: "out.jsonl" })?.message ?? "certified";
  expect([
    refusedOf({}),
    refusedOf({ pairs: [...exportedOf(), { ...stranger, line: 7 }] }),
    refusedOf({ marks: folded(...marks, on(100, "cant_tell")) }),
    refusedOf({ pairs: [] }),
    refusedOf({ marks: folded(on(1, "true_negative")) }),
  ]).toMatchInlineSnapshot(`
    [
      "certified",
      "The export would hold a negative on line 7 that is not of the audit: a record that mining leaves alone.",
      "The negative on line 26 of the export is marked as false by now.",
      "None of the negatives that are emitted now belongs to the audit: configuration, data or encoder are others than when it began.",
      "The first pair of the audit is not judged yet, so that nothing can be said about the rest.",
    ]
  `);
});

test("names of files, persons and sources cannot become markup, links or lines of the page", () => {
  const hostile =
    "[click](http://evil.example) <img src=x onerror=alert(1)>\n# Heading\n| a | `code` *b* _c_ www.evil.example @all $x$ \u202Egnp";
  const evil = populationOf(population.pairs.map((pair) => ({ ...pair, source: pair.source === "bm25" ? hostile : "simans" })));
  const page = certificatePage(
    made({
      population: { ...evil, author: hostile, dataset: hostile, model: "`</code><script>" },
      exported: { ...parts().exported, file: hostile },
      marks: folded(...marks.map((mark): Mark => ({ ...mark, author: hostile }))),
    }),
    { certificate: hostile },
  );
  const line = page.split("\n").find((text) => text.startsWith("# "));
  expect(line).toMatchInlineSnapshot(
    `"# Certificate of \\[click\\](http\\://evil.example) \\<img src=x onerror=alert(1)\\> \\# Heading \\| a \\| \\\`code\\\` \\*b\\* \\_c\\_ www\\.evil.example \\@all \\$x\\$  gnp"`,
  );
  expect(page.split("\n").filter((text) => text.startsWith("#"))).toEqual([
    line,
    "## By source",
    "## What it rests on",
    "## What it does not promise",
    "## How to verify it",
  ]);
  const code = /`[^`\n]*`/gu;
  const outside = page
    .replace(/```[^]*?```/gu, "")
    .replace(/\\[^\w\s]/gu, "")
    .replace(code, "");
  expect(outside.match(/[<>[\]@$\u202E]|:\/\/|www\.|`/gu)).toBeNull();
});

test("the page tells what the certificate does not promise, with the persons' agreement where two judged", () => {
  const twice: readonly Mark[] = [
    ...marks,
    ...[0, 1, 2, 3].map((place) => on(place, place === 3 ? "false_negative" : "true_negative", "bob")),
  ];
  const read = readCertificate("c.json", certificateText(made({ marks: folded(...twice) })));
  expect(read.ok && findings({ certificate: read.value, marks: folded(...twice) })).toEqual([]);
  const page = certificatePage(made({ marks: folded(...twice), exported: { ...parts().exported, unread_lines: 2, config_hash: "beef" } }), {
    certificate: "out.jsonl.certificate.json",
  });
  expect(page).toMatchInlineSnapshot(`
    "# Certificate of out.jsonl

    **At most 9.7 % of its 187 negatives are false negatives**, at a confidence of 90 %.

    60 marked, 2 false, at most 9.7 %, the target of 10 % is reached. The audit's 200 pairs hold at most 21 false negatives; 3 of them are known and left out of the export, which leaves at most 18 among the 187 exported.

    ## By source

    | Source | Exported | Marked in its order | False among them | Found in all | At most |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | bm25 | 65 | 18 | 0 | 0 | 12.4 % |
    | simans | 122 | 42 | 2 | 3 | 13.2 % |

    Each line holds for itself at 90 %, not all of them at once.

    ## What it rests on

    - Audit 002-00112233 of train.jsonl, begun 2026-01-01T00:00:00Z by Ada: 200 pairs, SHA-256 \`18c575e8634a8334f37588d76f089e7b90bfb4cd12486e4edf47b04d98693902\`.
    - Random order by the salt \`00112233445566778899aabbccddeeff\`. The sample is the first 60 pairs of that order, all of them judged.
    - 62 judged pairs of the audit, by ann, bob. Only a pair that everyone who judged calls a true negative is clean; partly relevant, can't tell, duplicate and disagreement count as false.
    - Export out.jsonl (flagembedding), 1000 bytes, SHA-256 \`53a3b5574a402c032411629dfe6e456712619bfaa3e29e7b21da340969149383\`.
    - Configuration \`beef\`, encoder \`letters\`; not those with which the audit began (\`c0ffee\`, \`letters\`), so that only pairs of the audit were exported. 10 further pairs of the audit are not in the export.
    - Method: prior-posterior ratio, beta-binomial mixture (Waudby-Smith and Ramdas 2020), a = 1, b = 19. It holds however often one looked while marking.

    ## What it does not promise

    - It is about the negatives of this one file: about no other query, file, encoder or later mining.
    - It counts what the persons said. Their own errors are not in the bound.
    - The bound fails with a probability of at most 10 % for an audit. This was one of 2 audits begun on the data set: whoever picks the best of several has to allow for 10 % each.
    - 2 lines of the export could not be read as a record: nothing is said about them.
    - Two persons say the same in 100.0 % of 4 comparisons, Cohen's kappa 1.00. Almost perfect agreement (Landis and Koch 1977). So few say little yet. If each errs in 0.0 % of pairs, whichever kind, a share of 3.3 % not clean would really be 3.3 % (Rogan and Gladen 1978); no bound takes this into account.

    ## How to verify it

    With this folder's export and the marks files, on any machine:

    \`\`\`
    nearmiss certify --verify CERTIFICATE
    \`\`\`

    CERTIFICATE is out.jsonl.certificate.json; \`--marks FOLDER\` and \`--export FILE\` say where the marks and the export lie, if elsewhere. The certificate is no signature: it does not show who wrote it.

    Written by nearmiss test on 2026-01-02T00:00:00Z.
    "
  `);
});
