import type { FoldedMarks } from "../marks/foldMarks";
import { PAIR_VERDICTS } from "../marks/mark";
import type { PairVerdict } from "../marks/mark";
import type { Sha256 } from "../ports";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { agreement } from "./agreement";
import type { Agreement, PersonVerdict } from "./agreement";
import type { AuditTarget } from "./auditBound";
import { comparePairs } from "./auditOrder";
import { pairName } from "./auditPair";
import type { AuditPair } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import { auditSample } from "./auditSample";
import type { SampleFacts } from "./auditSample";
import { auditVerdicts } from "./auditVerdicts";
import type { VerdictOf } from "./auditVerdicts";
import { auditStatement, percent, percentAtMost, statementText } from "./boundWords";
import type { AuditStatement } from "./boundWords";
import { sealed } from "./certificate";
import type { Certificate, CertifiedCount } from "./certificate";
import type { ExportedPair } from "./exportedPairs";
import { PRIOR_A, PRIOR_B } from "./upperBound";

export const METHOD = "prior-posterior ratio, beta-binomial mixture (Waudby-Smith and Ramdas 2020)";

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
  const verdictOf = auditVerdicts(marks);
  const sorted = [...pairs].sort(comparePairs);
  const refused = certificationRefused({ population, marks, pairs, file: parts.exported.file });
  if (refused !== undefined) return err(refused);
  const sample = auditSample(population, verdictOf);
  const exported = new Set(sorted.map(pairName));
  const sources = [...sample.sources.keys()];
  const numberOf = new Map(sources.map((source, number) => [source, number]));
  const sourceNumber = ({ source }: AuditPair): number => numberOf.get(source) ?? 0;
  const inExport = population.pairs.filter((pair) => exported.has(pairName(pair)));
  const total = certifiedCount(sample, target, inExport.length);
  const judged = sample.order.flatMap(({ pair }): string[][] => {
    const verdict = verdictOf(pair);
    return verdict === undefined ? [] : [[pair.query, pair.document, verdict.verdict, ...verdict.marks]];
  });
  const agreed = agreementOf(population, marks, total);
  return ok(
    sealed(
      {
        kind: "nearmiss certificate",
        version: 1,
        statement: certificateSentence(total, target),
        tool: parts.tool,
        created: parts.created,
        export: { ...parts.exported, pairs: inExport.length },
        audit: auditOf(parts),
        target: { max_false_negatives: target.maxFalseNegatives, confidence: target.confidence },
        method: { name: METHOD, a: PRIOR_A, b: PRIOR_B },
        total,
        sources: sources.map((source, number) => {
          const held = inExport.filter((pair) => sourceNumber(pair) === number).length;
          return { source, ...certifiedCount(sample.sources.get(source) ?? sample, target, held) };
        }),
        ...(agreed === undefined ? {} : { agreement: agreed }),
        marks: { folder: parts.marksFolder, authors: authorsOf(population, verdictOf) },
        judged,
        source_of_exported: inExport.map(sourceNumber),
        not_exported: population.pairs
          .filter((pair) => !exported.has(pairName(pair)))
          .map((pair) => `${pairName(pair)} ${String(sourceNumber(pair))}`),
      },
      sha256,
    ),
  );
}

/** The figures of some pairs of the population, as a certificate has them. */
export function certifiedCount(facts: SampleFacts, target: AuditTarget, exported: number): CertifiedCount {
  const { marked, falseNegatives, found, bound, atMost, moreCleanMarks } = auditStatement(facts, target, exported);
  return {
    population: facts.count.population,
    exported,
    marked,
    false_negatives: falseNegatives,
    found,
    bound,
    at_most: atMost,
    ...(moreCleanMarks === undefined ? {} : { more_clean_marks: moreCleanMarks }),
  };
}

/** What a certificate states, as one sentence without any text of the data. */
export function certificateSentence(total: CertifiedCount, target: AuditTarget): string {
  const negatives = `${String(total.exported)} exported ${total.exported === 1 ? "negative is" : "negatives are"}`;
  return `At most ${percentAtMost(total.at_most)} of the ${negatives} false, at a confidence of ${percent(target.confidence)}: ${statementText(statementOf(total), target)}.`;
}

/** The same figures under the names that the rest of the program has for them. */
export function statementOf(count: CertifiedCount): AuditStatement {
  return {
    pairs: count.exported,
    marked: count.marked,
    falseNegatives: count.false_negatives,
    found: count.found,
    bound: count.bound,
    atMost: count.at_most,
    ...(count.more_clean_marks === undefined ? {} : { moreCleanMarks: count.more_clean_marks }),
  };
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

/** How far persons agree on the audit's pairs, where some were judged by more than one. */
export function agreementOf(
  population: AuditPopulation,
  marks: FoldedMarks,
  { marked, false_negatives: falseNegatives }: Pick<CertifiedCount, "marked" | "false_negatives">,
): Certificate["agreement"] {
  const byPair = new Map<string, PersonVerdict[]>();
  const known = new Set(population.pairs.map(pairName));
  for (const { query, document, author, verdict } of marks.inForce()) {
    const name = document === undefined ? "" : pairName({ query: query.key, document: document.key });
    if (!known.has(name) || !isPairVerdict(verdict)) continue;
    byPair.set(name, [...(byPair.get(name) ?? []), { author, verdict }]);
  }
  const found: Agreement | undefined = agreement([...byPair.values()], marked === 0 ? undefined : falseNegatives / marked);
  if (found === undefined) return undefined;
  const { pairs, comparisons, agreement: observed, kappa, text } = found;
  return { pairs, comparisons, agreement: observed, ...(kappa === undefined ? {} : { kappa }), text };
}

function isPairVerdict(verdict: string): verdict is PairVerdict {
  return (PAIR_VERDICTS as readonly string[]).includes(verdict);
}
