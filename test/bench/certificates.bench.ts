import { auditOrder } from "#core/audit/auditOrder";
import { positionsOfQuery, saltState } from "#core/audit/auditPosition";
import { auditSample } from "#core/audit/auditSample";
import { auditVerdicts } from "#core/audit/auditVerdicts";
import { auditStatement } from "#core/audit/boundWords";
import { certificateText, readCertificate } from "#core/audit/certificate";
import { makeCertificate } from "#core/audit/makeCertificate";
import { newPopulation } from "#core/audit/population";
import { upperBound } from "#core/audit/upperBound";
import { verifyCertificate } from "#core/audit/verifyCertificate";
import { MarkFold } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import { sha256 } from "../../server/runtime/hash";
import { quantile, type Bench, type Figure } from "./figure";

const QUERIES = 10_000;
const NEGATIVES = 5;
const MARKS = 1000;
const CONFIDENCE = 0.95;

const pairs = Array.from({ length: QUERIES * NEGATIVES }, (_, i) => ({
  query: sha256(`query ${String(Math.floor(i / NEGATIVES))}`).slice(0, 32),
  document: sha256(`document ${String(i)}`).slice(0, 32),
  source: i % 3 === 0 ? "bm25" : "simans",
}));

/**
 * The bound and a certificate for an audit of 50,000 pairs: pure work without any file. Figures anew are what the command line asks for; the panel
 * keeps them up to date, see the measurement "curation".
 */
export const certificatesBench: Bench = {
  name: "certificates",
  run: () => Promise.resolve([...markFigures(), ...certificateFigures()]),
};

const header = { number: 1, begun: "", author: "ada", tool: "bench", configHash: "", model: "", dataset: "bench.jsonl" };
const target = { maxFalseNegatives: 0.05, confidence: CONFIDENCE };

function population() {
  return newPopulation({ ...header, salt: "0".repeat(32), pairs }, sha256);
}

function marksOn(order: ReturnType<typeof auditOrder>): readonly VerdictMark[] {
  return order.slice(0, MARKS).map(({ pair }, i) => ({
    kind: "verdict",
    mark: `mark ${String(i)}`,
    time: "",
    author: "ada",
    verdict: i % 30 === 0 ? "false_negative" : "true_negative",
    query: { key: pair.query },
    document: { key: pair.document },
    blind: true,
    suggestion_shown: false,
    tool: "",
  }));
}

function markFigures(): readonly Figure[] {
  const audit = population();
  const salt = saltState(audit.salt);
  const positions = timed(20, () => {
    for (let i = 0; i < pairs.length; i += NEGATIVES) {
      const positionOf = positionsOfQuery(salt, pairs[i]?.query ?? "");
      for (let j = i; j < i + NEGATIVES; j += 1) positionOf(pairs[j]?.document ?? "");
    }
  });
  const fold = new MarkFold();
  const updates: number[] = [];
  for (const mark of marksOn(auditOrder(audit))) {
    fold.add(mark);
    const started = performance.now();
    const sample = auditSample(audit, auditVerdicts(fold));
    for (const facts of [sample, ...sample.sources.values()]) auditStatement(facts, target);
    updates.push(performance.now() - started);
  }
  const bounds = timed(200, () => upperBound({ population: pairs.length, marked: 400, falseNegatives: 5 }, CONFIDENCE));
  return [
    { name: "audit: position of a pair", value: (quantile(positions, 0.5) / pairs.length) * 1e6, unit: "ns" },
    { name: "audit: K_up of 50,000 pairs, p95", value: quantile(bounds, 0.95), unit: "ms", goal: 5 },
    { name: "audit: all figures of 50,000 pairs anew after a mark, median", value: quantile(updates, 0.5), unit: "ms" },
    { name: "audit: the same, p95", value: quantile(updates, 0.95), unit: "ms" },
  ];
}

function certificateFigures(): readonly Figure[] {
  const audit = population();
  const marks = new MarkFold();
  const judged = marksOn(auditOrder(audit));
  for (const mark of judged) marks.add(mark);
  const bad = new Set(judged.flatMap(({ verdict, document }) => (verdict === "true_negative" ? [] : [document?.key])));
  const exported = pairs.filter(({ document }) => !bad.has(document)).map((pair, i) => ({ ...pair, line: i + 1 }));
  const file = { bytes: 1, sha256: sha256("export") };
  const stated = { file: "out.jsonl", format: "flagembedding", ...file, unread_lines: 0, config_hash: "", model: "" };
  const parts = { tool: "bench", created: "", population: audit, auditsBegun: 1, marks, marksFolder: "", target, exported: stated };
  let text = "";
  const making = timed(3, () => {
    const made = makeCertificate({ ...parts, pairs: exported }, sha256);
    if (!made.ok) throw new Error(made.failure.message);
    text = certificateText(made.value);
  });
  const verifying = timed(3, () => {
    const read = readCertificate("certificate", text);
    if (!read.ok) throw new Error(read.failure.message);
    const { findings } = verifyCertificate({ certificate: read.value, exported: { ...file, pairs: exported, unread: 0 }, marks }, sha256);
    if (findings.length > 0) throw new Error(findings.map((finding) => finding.text).join(" "));
  });
  return [
    { name: "certificate of 50,000 pairs with 1,000 marks: made", value: quantile(making, 0.5), unit: "ms" },
    { name: "certificate: verified, the export's reading aside", value: quantile(verifying, 0.5), unit: "ms" },
  ];
}

/** Milliseconds of each of so many runs, after one that is not counted. */
function timed(runs: number, work: () => void): readonly number[] {
  work();
  return Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
}
