import type { FoldedMarks } from "../marks/foldMarks";
import type { Sha256 } from "../ports";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { agreementOf } from "./auditAgreement";
import type { AuditTarget } from "./auditBound";
import { pairName } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import { auditSample } from "./auditSample";
import type { AuditSample } from "./auditSample";
import { auditVerdicts } from "./auditVerdicts";
import type { VerdictOf } from "./auditVerdicts";
import { sealed } from "./certificate";
import type { Certificate } from "./certificate";
import { certificateSentence, certifiedCount, METHOD } from "./certifiedCount";
import type { ExportedPair } from "./exportedPairs";
import { PRIOR_A, PRIOR_B } from "./upperBound";

export interface CertificateParts {
  readonly tool: string;
  readonly created: string;
  readonly population: AuditPopulation;
  /** Audits of the data set so far, this one included. */
  readonly auditsBegun: number;
  readonly marks: FoldedMarks;
  /** Folder of the marks files, relative to the certificate. */
  readonly marksFolder: string;
  readonly target: AuditTarget;
  readonly exported: Omit<Certificate["export"], "pairs">;
  /** The negatives that the written file holds, each once. */
  readonly pairs: readonly ExportedPair[];
}

/**
 * States how many false negatives the pairs of an export hold at most. It rests on this: whatever part of the population is exported, it holds
 * none of the found false ones, so that at most K_up less the found ones are in it. Fails where that cannot be said of the pairs.
 */
export function makeCertificate(parts: CertificateParts, sha256: Sha256): Result<Certificate> {
  const { population, marks, target, pairs } = parts;
  const refused = certificationRefused({ population, marks, pairs, file: parts.exported.file });
  if (refused !== undefined) return err(refused);
  const verdictOf = auditVerdicts(marks);
  const sample = auditSample(population, verdictOf);
  const total = certifiedCount(sample, target, pairs.length);
  const agreed = agreementOf(population, marks, total);
  const certificate: Omit<Certificate, "hash"> = {
    kind: "nearmiss certificate",
    version: 1,
    statement: certificateSentence(total, target),
    tool: parts.tool,
    created: parts.created,
    export: { ...parts.exported, pairs: pairs.length },
    audit: auditOf(parts),
    target: { max_false_negatives: target.maxFalseNegatives, confidence: target.confidence },
    method: { name: METHOD, a: PRIOR_A, b: PRIOR_B },
    total,
    ...(agreed === undefined ? {} : { agreement: agreed }),
    marks: { folder: parts.marksFolder, authors: authorsOf(population, verdictOf) },
    judged: judgedPairs(sample, verdictOf),
    ...bySource(parts, sample),
  };
  return ok(sealed(certificate, sha256));
}

/** The figures of each source, and which source each pair of the audit is of, exported or not. */
function bySource(
  { population, pairs, target }: CertificateParts,
  sample: AuditSample,
): Pick<Certificate, "sources" | "source_of_exported" | "not_exported"> {
  const exported = new Set(pairs.map(pairName));
  const names = [...sample.sources.keys()];
  const numberOf = new Map(names.map((name, number) => [name, number]));
  const held = names.map(() => 0);
  const ofExported: number[] = [];
  const others: string[] = [];
  for (const pair of population.pairs) {
    const number = numberOf.get(pair.source) ?? 0;
    if (exported.has(pairName(pair))) {
      held[number] = (held[number] ?? 0) + 1;
      ofExported.push(number);
    } else {
      others.push(`${pairName(pair)} ${String(number)}`);
    }
  }
  const sources = [...sample.sources].map(([source, facts], number) => ({
    source,
    ...certifiedCount(facts, target, held[number] ?? 0),
  }));
  return { sources, source_of_exported: ofExported, not_exported: others };
}

function judgedPairs({ order }: AuditSample, verdictOf: VerdictOf): string[][] {
  return order.flatMap(({ pair }) => {
    const verdict = verdictOf(pair);
    return verdict === undefined ? [] : [[pair.query, pair.document, verdict.verdict, ...verdict.marks]];
  });
}

function auditOf({ population, auditsBegun }: CertificateParts): Certificate["audit"] {
  const { name, salt, begun, author, dataset, configHash, model, hash } = population;
  return { name, salt, begun, author, dataset, audits_begun: auditsBegun, config_hash: configHash, model, hash };
}

/** What an export is about to hold. */
export interface CertifiedPairs extends Pick<CertificateParts, "population" | "marks" | "pairs"> {
  /** The export, for messages. */
  readonly file: string;
}

/** Why the pairs of an export cannot be certified, where that is so: to be asked before the file gets its name. */
export function certificationRefused({ population, marks, pairs, file }: CertifiedPairs): Failure | undefined {
  const verdictOf = auditVerdicts(marks);
  const known = new Set(population.pairs.map(pairName));
  const stranger = pairs.find((pair) => !known.has(pairName(pair)));
  if (stranger !== undefined) {
    return {
      reason: "unsupported",
      message: `The export would hold a negative on line ${String(stranger.line)} that is not of the audit: a record that mining leaves alone.`,
      nextStep: "Choose another format, or correct the record that the line comes from.",
      place: { file },
    };
  }
  const judgedFalse = pairs.find((pair) => verdictOf(pair)?.verdict === "false");
  if (judgedFalse !== undefined) {
    return {
      reason: "superseded",
      message: `The negative on line ${String(judgedFalse.line)} of the export is marked as false by now.`,
      nextStep: "Export again.",
      place: { file },
    };
  }
  if (pairs.length === 0) {
    return {
      reason: "not-ready",
      message:
        "None of the negatives that are emitted now belongs to the audit: configuration, data or encoder are others than when it began.",
      nextStep: "Begin a new audit.",
    };
  }
  if (auditSample(population, verdictOf).count.marked > 0) return undefined;
  return {
    reason: "not-ready",
    message: "The first pair of the audit is not judged yet, so that nothing can be said about the rest.",
    nextStep: "Mark pairs in the audit lane, then export again.",
  };
}

function authorsOf(population: AuditPopulation, verdictOf: VerdictOf): string[] {
  return [...new Set(population.pairs.flatMap((pair) => verdictOf(pair)?.authors ?? []))].sort();
}
