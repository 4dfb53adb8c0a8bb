import { pairName } from "../audit/auditPair";
import type { FoldedMarks } from "../marks/foldMarks";
import { labelledMarks } from "../marks/labelledMarks";
import type { VerdictMark } from "../marks/mark";

/** Marked pairs that everybody who judged is sure and agreed about: what a setting keeps out of, and what it costs. */
export interface AgreedPairs {
  /** By their names. A duplicate of the positive is a false negative, since it is relevant. */
  readonly falseNegatives: ReadonlySet<string>;
  readonly trueNegatives: ReadonlySet<string>;
  /** Keys of the passages by the key of the query. */
  readonly byQuery: ReadonlyMap<string, ReadonlySet<string>>;
}

export function agreedPairs(marks: FoldedMarks): AgreedPairs {
  const falseNegatives = new Set<string>();
  const trueNegatives = new Set<string>();
  const byQuery = new Map<string, Set<string>>();
  for (const { query, document, isFalseNegative } of labelledMarks(marks)) {
    (isFalseNegative ? falseNegatives : trueNegatives).add(pairName({ query, document }));
    byQuery.set(query, (byQuery.get(query) ?? new Set()).add(document));
  }
  return { falseNegatives, trueNegatives, byQuery };
}

/** What a change does to the marked pairs. */
export interface Price {
  /** Marked false negatives that the present settings emit, and those of them that the others do not. */
  readonly falseNegatives: number;
  readonly falseNegativesAvoided: number;
  /** The same of true negatives. */
  readonly trueNegatives: number;
  readonly trueNegativesLost: number;
  /** Marked pairs that the others emit and the present settings do not. */
  readonly falseNegativesAdmitted: number;
  readonly trueNegativesGained: number;
}

/** @param before names of marked pairs that are emitted now, and `after` by the other settings, both as mined from the data alone */
export function priceOf(judged: AgreedPairs, before: ReadonlySet<string>, after: ReadonlySet<string>): Price {
  const inBoth = (pairs: ReadonlySet<string>, one: ReadonlySet<string>): readonly string[] => [...one].filter((name) => pairs.has(name));
  const lost = (pairs: ReadonlySet<string>): number => inBoth(pairs, before).filter((name) => !after.has(name)).length;
  const gained = (pairs: ReadonlySet<string>): number => inBoth(pairs, after).filter((name) => !before.has(name)).length;
  return {
    falseNegatives: inBoth(judged.falseNegatives, before).length,
    falseNegativesAvoided: lost(judged.falseNegatives),
    trueNegatives: inBoth(judged.trueNegatives, before).length,
    trueNegativesLost: lost(judged.trueNegatives),
    falseNegativesAdmitted: gained(judged.falseNegatives),
    trueNegativesGained: gained(judged.trueNegatives),
  };
}

/** The marks that are not this audit's own: a model learnt from these has not seen what the audit's order chose. */
export function marksApartFrom(salt: string, marks: readonly VerdictMark[]): readonly VerdictMark[] {
  return marks.filter((mark) => mark.salt !== salt);
}
