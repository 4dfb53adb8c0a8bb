import type { FoldedMarks } from "../marks/foldMarks";
import type { Sha256 } from "../ports";
import { agreementOf } from "./auditAgreement";
import type { AuditTarget } from "./auditBound";
import { auditOrder, comparePairs } from "./auditOrder";
import { pairName } from "./auditPair";
import type { AuditPair } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import { auditSample } from "./auditSample";
import { auditVerdicts } from "./auditVerdicts";
import type { AuditVerdict, VerdictOf } from "./auditVerdicts";
import { percentAtMost } from "./boundWords";
import { sealOf } from "./certificate";
import type { Certificate, CertifiedCount } from "./certificate";
import type { ExportedPair } from "./exportedPairs";
import { certificateSentence, certifiedCount, METHOD } from "./certifiedCount";
import { populationHash } from "./populationHash";
import { PRIOR_A, PRIOR_B } from "./upperBound";

/** What the export is now, as it was read. */
export interface ReadExport {
  readonly bytes: number;
  readonly sha256: string;
  readonly pairs: readonly ExportedPair[];
  readonly unread: number;
}

/** Which part of a certificate does not hold. */
export type FindingKind = "certificate" | "export" | "population" | "order" | "counts" | "marks" | "method";

export interface CertificateFinding {
  readonly kind: FindingKind;
  /** One sentence, without any text of the data. */
  readonly text: string;
}

export interface Verification {
  /** Everything that differs from what the certificate says; it is verified where there is nothing. */
  readonly findings: readonly CertificateFinding[];
  /** What has become known since, and takes nothing from the certificate. */
  readonly notes: readonly string[];
}

export interface VerificationParts {
  readonly certificate: Certificate;
  readonly exported: ReadExport;
  readonly marks: FoldedMarks;
}

/** Findings of one kind after these are counted and not listed. */
const LISTED = 10;

/**
 * Computes a certificate again from the export and the marks, and says what differs. Each part is looked at on its own, so that one change
 * shows as what it is; figures are computed from the verdicts as the certificate recorded them, and these are compared with the marks.
 */
export function verifyCertificate(parts: VerificationParts, sha256: Sha256): Verification {
  const { certificate, exported, marks } = parts;
  const findings: CertificateFinding[] = [...sealFindings(certificate, sha256), ...fileFindings(certificate, exported)];
  const population = populationOf(certificate, exported, sha256);
  if (typeof population === "string") return { findings: [...findings, { kind: "population", text: population }], notes: [] };
  findings.push(...orderFindings(certificate, population), ...countFindings(certificate, population));
  const compared = compareMarks(certificate, population, auditVerdicts(marks));
  // Who judged, and how far they agree, can be looked at only where their marks are there.
  const persons = compared.findings.length === 0 ? personFindings(certificate, population, marks) : [];
  return { findings: [...findings, ...compared.findings, ...persons], notes: compared.notes };
}

function sealFindings(certificate: Certificate, sha256: Sha256): readonly CertificateFinding[] {
  const findings: CertificateFinding[] = [];
  const { method } = certificate;
  if (sealOf(certificate, sha256) !== certificate.hash)
    findings.push({
      kind: "certificate",
      text: "The certificate was changed after it was written: its content is not what its hash names.",
    });
  if (method.name !== METHOD || method.a !== PRIOR_A || method.b !== PRIOR_B)
    findings.push({
      kind: "method",
      text: `The certificate names another method than this version computes with: ${METHOD}, a = 1, b = 19.`,
    });
  return findings;
}

function fileFindings({ export: stated }: Certificate, exported: ReadExport): readonly CertificateFinding[] {
  const findings: string[] = [];
  if (exported.sha256 !== stated.sha256 || exported.bytes !== stated.bytes)
    findings.push("The export is not the file that was certified: its bytes have changed.");
  if (exported.pairs.length !== stated.pairs)
    findings.push(`The export holds ${count(exported.pairs.length, "negative")}, the certificate is about ${String(stated.pairs)}.`);
  if (exported.unread !== stated.unread_lines)
    findings.push(
      `The export has ${count(exported.unread, "line")} without a record, the certificate says ${String(stated.unread_lines)}.`,
    );
  return findings.map((text) => ({ kind: "export", text }));
}

/** The audit's population: what the export holds and what the certificate says it does not; in words where that is not it. */
function populationOf(certificate: Certificate, exported: ReadExport, sha256: Sha256): AuditPopulation | string {
  const { audit, sources, source_of_exported: numbers, not_exported: others } = certificate;
  const sorted = [...exported.pairs].sort(comparePairs);
  const absent = others.map((line) => line.split(" "));
  const all: readonly (readonly [pair: Pick<AuditPair, "query" | "document">, number: number | undefined])[] = [
    ...sorted.map((pair, i) => [pair, numbers[i]] as const),
    ...absent.map(([query = "", document = "", number]) => [{ query, document }, Number(number)] as const),
  ];
  const unplaced = all.filter(([, number]) => sources[number ?? -1] === undefined).length;
  const pairs = all
    .map(([{ query, document }, number]): AuditPair => ({ query, document, source: sources[number ?? -1]?.source ?? "" }))
    .sort(comparePairs);
  if (populationHash(pairs, sha256) !== audit.hash)
    return "The negatives of the export and those that the certificate lists as left out are together not the pairs of the audit: one was added, removed or replaced, and no figure can be computed again.";
  if (unplaced > 0 || numbers.length !== sorted.length)
    return "The certificate does not name the source of each exported negative, and no figure can be computed again.";
  const { name, salt, begun, author, dataset, config_hash: configHash, model, hash } = audit;
  return { name, salt, begun, author, tool: certificate.tool, configHash, model, dataset, pairs, hash };
}

function orderFindings({ judged }: Certificate, population: AuditPopulation): readonly CertificateFinding[] {
  const place = new Map(auditOrder(population).map(({ pair }, index) => [pairName(pair), index]));
  const places = judged.map(([query = "", document = ""]) => place.get(pairName({ query, document })) ?? -1);
  const findings: CertificateFinding[] = [];
  const strangers = places.filter((index) => index === -1).length;
  if (strangers > 0)
    findings.push({
      kind: "order",
      text: `${count(strangers, "judged pair")} of the certificate ${strangers === 1 ? "is" : "are"} not of the audit.`,
    });
  const known = places.filter((index) => index !== -1);
  if (known.some((index, i) => i > 0 && index <= (known[i - 1] ?? -1)))
    findings.push({ kind: "order", text: "The judged pairs are not in the order that the salt gives, each once." });
  return findings;
}

function countFindings(certificate: Certificate, population: AuditPopulation): readonly CertificateFinding[] {
  const recorded = recordedVerdicts(certificate);
  const target: AuditTarget = {
    maxFalseNegatives: certificate.target.max_false_negatives,
    confidence: certificate.target.confidence,
  };
  const sample = auditSample(population, recorded);
  const absent = new Set(certificate.not_exported.map((line) => line.slice(0, line.lastIndexOf(" "))));
  const inExport = population.pairs.filter((pair) => !absent.has(pairName(pair)));
  const total = certifiedCount(sample, target, inExport.length);
  const findings = differences("The audit", certificate.total, total);
  for (const { source, ...stated } of certificate.sources) {
    const facts = sample.sources.get(source);
    const held = inExport.filter((pair) => pair.source === source).length;
    findings.push(
      ...(facts === undefined
        ? [`The audit has no pair of the source ${JSON.stringify(source)}.`]
        : differences(`The source ${JSON.stringify(source)}`, stated, certifiedCount(facts, target, held))),
    );
  }
  if (certificate.sources.length !== sample.sources.size) findings.push("The certificate does not list each source of the audit once.");
  if (certificate.statement !== certificateSentence(total, target))
    findings.push("The sentence that the certificate states is not what its figures say.");
  const exportedFalse = inExport.filter((pair) => recorded(pair)?.verdict === "false").length;
  if (exportedFalse > 0)
    findings.push(`The export holds ${count(exportedFalse, "negative")} that the certificate itself records as false.`);
  return findings.map((text) => ({ kind: "counts", text }));
}

const MEMBERS: readonly (readonly [member: keyof CertifiedCount, words: string])[] = [
  ["population", "pairs"],
  ["exported", "exported negatives"],
  ["marked", "marked pairs in the sample"],
  ["false_negatives", "false ones in the sample"],
  ["found", "false ones found anywhere"],
  ["bound", "false ones at most"],
  ["at_most", "as the largest share of false ones"],
  ["more_clean_marks", "more clean marks to the target"],
];

function differences(what: string, stated: CertifiedCount, computed: CertifiedCount): string[] {
  return MEMBERS.filter(([member]) => stated[member] !== computed[member]).map(
    ([member, words]) =>
      `${what} has ${figure(member, computed[member])} ${words}, the certificate says ${figure(member, stated[member])}.`,
  );
}

function figure(member: keyof CertifiedCount, value: number | undefined): string {
  if (value === undefined) return "no number of";
  return member === "at_most" ? percentAtMost(value) : String(value);
}

function recordedVerdicts({ judged }: Certificate): VerdictOf {
  const recorded = new Map(
    judged.map(([query = "", document = "", verdict, ...marks]): [string, AuditVerdict] => [
      pairName({ query, document }),
      { verdict: verdict === "clean" ? "clean" : "false", marks, authors: [] },
    ]),
  );
  return (pair) => recorded.get(pairName(pair));
}

/** What the marks say now of the pairs that the certificate rests on, and of all others. */
function compareMarks(certificate: Certificate, population: AuditPopulation, verdictOf: VerdictOf): Verification {
  const recorded = recordedVerdicts(certificate);
  const absent = new Set(certificate.not_exported.map((line) => line.slice(0, line.lastIndexOf(" "))));
  const findings: string[] = [];
  let falseSince = 0;
  let newlyJudged = 0;
  for (const pair of population.pairs) {
    const then = recorded(pair);
    const now = verdictOf(pair);
    if (then !== undefined) findings.push(...changesOf(then, now));
    if (then === undefined && now !== undefined) newlyJudged += 1;
    if (then?.verdict !== "false" && now?.verdict === "false" && !absent.has(pairName(pair))) falseSince += 1;
  }
  if (falseSince > 0)
    findings.push(
      `${count(falseSince, "negative")} of the export ${falseSince === 1 ? "is" : "are"} marked as false by now: export again.`,
    );
  return {
    findings: listed(findings).map((text) => ({ kind: "marks", text })),
    notes: newlyJudged === 0 ? [] : [sinceThen(certificate, population, verdictOf, newlyJudged)],
  };
}

/** Persons and their agreement, from the marks that the certificate rests on alone. */
function personFindings(certificate: Certificate, population: AuditPopulation, marks: FoldedMarks): readonly CertificateFinding[] {
  const named = new Set(certificate.judged.flatMap(([, , , ...names]) => names));
  const used = marks.inForce().filter(({ mark }) => named.has(mark));
  const agreed = agreementOf(population, { inForce: () => used }, certificate.total);
  const authors = [...new Set(used.map(({ author }) => author))].sort();
  const findings: string[] = [];
  if (authors.join("\n") !== certificate.marks.authors.join("\n")) findings.push("The certificate does not name those who made its marks.");
  if (!isSameAgreement(agreed, certificate.agreement))
    findings.push("The certificate's figures of how far persons agree are not those of its marks.");
  return findings.map((text) => ({ kind: "marks", text }));
}

/** Figures alone: what they are called in words may change from version to version. */
function isSameAgreement(a: Certificate["agreement"], b: Certificate["agreement"]): boolean {
  return a?.pairs === b?.pairs && a?.comparisons === b?.comparisons && a?.agreement === b?.agreement && a?.kappa === b?.kappa;
}

function changesOf(then: AuditVerdict, now: AuditVerdict | undefined): readonly string[] {
  const gone = then.marks.filter((mark) => now?.marks.includes(mark) !== true);
  const texts = gone.map(
    (mark) => `The mark ${mark} that the certificate rests on is not in force any more: it was undone or replaced, or its file is missing.`,
  );
  if (now !== undefined && now.verdict !== then.verdict)
    texts.push(
      `A pair that the certificate counts as ${then.verdict} is ${now.verdict} by the marks of today (marks ${now.marks.join(", ")}).`,
    );
  return texts;
}

function sinceThen(certificate: Certificate, population: AuditPopulation, verdictOf: VerdictOf, newlyJudged: number): string {
  const { max_false_negatives: maxFalseNegatives, confidence } = certificate.target;
  const sample = auditSample(population, verdictOf);
  const { at_most: atMost } = certifiedCount(sample, { maxFalseNegatives, confidence }, certificate.export.pairs);
  return `${count(newlyJudged, "pair")} of the audit ${newlyJudged === 1 ? "was" : "were"} judged after the certificate was written; with ${newlyJudged === 1 ? "it" : "them"} at most ${percentAtMost(atMost)} of the exported negatives are false.`;
}

function listed(findings: readonly string[]): readonly string[] {
  if (findings.length <= LISTED) return findings;
  const rest = findings.length - LISTED;
  return [...findings.slice(0, LISTED), `${String(rest)} more ${rest === 1 ? "mark differs" : "marks differ"}.`];
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? "" : "s"}`;
}
