import type { AuditTarget } from "./auditBound";
import type { SampleFacts } from "./auditSample";
import { auditStatement, percent, percentAtMost, statementText } from "./boundWords";
import type { AuditStatement } from "./boundWords";
import type { CertifiedCount } from "./certificate";

/** What the bound of a certificate is, in words. */
export const METHOD = "prior-posterior ratio, beta-binomial mixture (Waudby-Smith and Ramdas 2020)";

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
