import type { AuditTarget } from "./auditBound";
import type { SampleFacts } from "./auditSample";
import { cleanMarksTo, shareLeft, upperBound } from "./upperBound";

/** What a sample says of some pairs of its population that hold no found false ones. */
export interface AuditStatement {
  /** Pairs that it is about. */
  readonly pairs: number;
  readonly marked: number;
  readonly falseNegatives: number;
  readonly found: number;
  /** K_up: false negatives in the population at most, found ones included. */
  readonly bound: number;
  /** Upper bound of the share of false negatives among `pairs`. */
  readonly atMost: number;
  /** See `cleanMarksTo`. */
  readonly moreCleanMarks?: number;
}

/** States what marks say at a target's confidence. `pairs` is by default the population less all found false ones. */
export function auditStatement({ count, found }: SampleFacts, target: AuditTarget, pairs = count.population - found): AuditStatement {
  const bound = upperBound(count, target.confidence);
  const more = cleanMarksTo(count, target, { found, size: pairs });
  return {
    pairs,
    marked: count.marked,
    falseNegatives: count.falseNegatives,
    found,
    bound,
    atMost: shareLeft({ bound, found, size: pairs }),
    ...(more === undefined ? {} : { moreCleanMarks: more }),
  };
}

/** "n marked, k false, at most x %, about m more clean marks to y %". */
export function statementText({ marked, falseNegatives, atMost, moreCleanMarks }: AuditStatement, target: AuditTarget): string {
  const to = percent(target.maxFalseNegatives);
  const more =
    moreCleanMarks === undefined
      ? `${to} cannot be shown with this audit`
      : moreCleanMarks === 0
        ? `the target of ${to} is reached`
        : `about ${String(moreCleanMarks)} more clean ${moreCleanMarks === 1 ? "mark" : "marks"} to ${to}`;
  return `${String(marked)} marked, ${String(falseNegatives)} false, at most ${percentAtMost(atMost)}, ${more}`;
}

/** An upper bound in per cent, never rounded down. */
export function percentAtMost(share: number): string {
  // A share such as 0.05 is not to become 5.1 % by the rounding of the product.
  return percent(Math.ceil(share * 1000 - 1e-9) / 1000);
}

/** A share in per cent with at most three digits after the point. */
export function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(3)))} %`;
}
