/**
 * How many false negatives a population holds at most, from marks drawn at random without replacement, at every number of marks at once:
 * confidence sequences by the prior-posterior ratio (Waudby-Smith and Ramdas 2020, "Confidence sequences for sampling without replacement",
 * theorem 1 and proposition 2).
 */
import type { AuditCount, AuditTarget } from "./auditBound";
import { logBeta, logChoose } from "./logGamma";

/** The prior of the number of false negatives is beta-binomial(N, a, b), with a mean of a / (a + b) = 5 %. It decides how tight the bound is, not whether it holds. */
export const PRIOR_A = 1;
export const PRIOR_B = 19;

/** Rounding errors of the logarithms stay below this; a number of false negatives as near as that to being ruled out is kept. */
const SLACK = 1e-8;

/**
 * K_up, the largest number of false negatives in the population that the marks do not rule out: max {K : pi_0(K) / pi_n(K) < 1 / delta} with
 * pi_0(K) = BetaBin(K; N, a, b), pi_n(K) = BetaBin(K - k; N - n, a + k, b + n - k) and delta = 1 - confidence. The probability that it is
 * below the truth after any number of marks is at most delta.
 * @throws RangeError where the counts contradict each other or the confidence is not in (0, 1)
 */
export function upperBound(count: AuditCount, confidence: number): number {
  checkCount(count);
  const threshold = thresholdOf(confidence);
  const { population, marked, falseNegatives } = count;
  if (marked === 0) return population;
  // The ratio is a constant over Hyp(k; N, K, n), which rises in K up to this K and falls from there on (its neighbours' quotient is
  // (K + 1)(N - K - n + k) / ((K + 1 - k)(N - K)), above 1 where n (K + 1) < k (N + 1)). So above it the ratio rises, and K can be searched by
  // halves. At the top itself the ratio is at most 1, since the constant is a mean of Hyp(k; N, K, n) over K.
  let inside = likeliest(count);
  let outside = population - (marked - falseNegatives) + 1;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (logRatio(middle, count) <= threshold) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** A bound for the population, what is known of it, and how many pairs are looked at. */
export interface LeftOver {
  /** K_up. */
  readonly bound: number;
  /** False ones known anywhere in the population. */
  readonly found: number;
  /** Pairs of the population that are looked at; none of them is a found one. */
  readonly size: number;
}

/**
 * Upper bound of the share of false negatives in any part of the population that holds no found ones: there are K_up in all, and the found
 * ones lie outside. 1 where more were found than the bound allows, which happens with probability delta at most: then nothing can be said.
 */
export function shareLeft({ bound, found, size }: LeftOver): number {
  if (found > bound) return 1;
  return size === 0 ? 0 : Math.min(1, (bound - found) / size);
}

/** What is looked at where it is not the whole population less the false ones of the sample. */
export type Remainder = Pick<LeftOver, "found" | "size">;

/**
 * About how many more pairs of the order have to be marked, all of them clean, until the share of what remains is at most the target's: 0
 * where it is reached, undefined where there are not as many pairs left or more were found than the bound allows. "About", since the next
 * marks need not be clean.
 */
export function cleanMarksTo(count: AuditCount, target: AuditTarget, remainder?: Remainder): number | undefined {
  checkCount(count);
  const threshold = thresholdOf(target.confidence);
  const { population, marked, falseNegatives } = count;
  const { found, size } = remainder ?? { found: falseNegatives, size: population - falseNegatives };
  // The smallest number of false negatives that has to be ruled out.
  const excluded = found + Math.floor(target.maxFalseNegatives * size + SLACK) + 1;
  const left = population - marked - (found - falseNegatives);
  const reached = (more: number): boolean => {
    const after = { population, marked: marked + more, falseNegatives };
    return excluded > likeliest(after) && logRatio(excluded, after) > threshold;
  };
  if (found > upperBound(count, target.confidence)) return undefined;
  if (excluded > population - (marked - falseNegatives) || reached(0)) return 0;
  if (left <= 0 || !reached(left)) return undefined;
  // One more clean mark multiplies the ratio of a fixed K by the predicted share of clean ones over the share among the unmarked under K. That
  // factor rises with every mark, so that the ratio falls, then rises, and crosses the threshold once.
  let below = 0;
  let above = left;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The number of false negatives in the population that makes what was seen likeliest. */
function likeliest({ population, marked, falseNegatives }: AuditCount): number {
  if (marked === 0) return 0;
  return Math.min(Math.floor((falseNegatives * (population + 1)) / marked), population - (marked - falseNegatives));
}

/** ln (pi_0(K) / pi_n(K)); the factor B(a + K, b + N - K) that both have cancels. Infinity where K is impossible. */
function logRatio(total: number, { population, marked, falseNegatives }: AuditCount): number {
  const evidence = logBeta(PRIOR_A + falseNegatives, PRIOR_B + marked - falseNegatives) - logBeta(PRIOR_A, PRIOR_B);
  return evidence + logChoose(population, total) - logChoose(population - marked, total - falseNegatives);
}

function thresholdOf(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${String(confidence)} is not in (0, 1)`);
  return -Math.log1p(-confidence) + SLACK;
}

function checkCount({ population, marked, falseNegatives }: AuditCount): void {
  if (
    [population, marked, falseNegatives].every(Number.isInteger) &&
    0 <= falseNegatives &&
    falseNegatives <= marked &&
    marked <= population
  )
    return;
  throw new RangeError(`no sample: ${String(falseNegatives)} false among ${String(marked)} marked of ${String(population)}`);
}
