import type { AuditCount } from "#core/audit/auditBound";
import { PRIOR_A, PRIOR_B } from "#core/audit/upperBound";

/** The ratio of prior to posterior, each as the formula of the paper gives it; Infinity where a number of false negatives is impossible. */
export function ratioByDefinition(total: number, { population, marked, falseNegatives }: AuditCount): number {
  if (total < falseNegatives || population - total < marked - falseNegatives) return Number.POSITIVE_INFINITY;
  const prior = betaBinomial(total, population, PRIOR_A, PRIOR_B);
  const posterior = betaBinomial(total - falseNegatives, population - marked, PRIOR_A + falseNegatives, PRIOR_B + marked - falseNegatives);
  return prior / posterior;
}

/** The probability that `bound` is below the truth after any of the marks, over all orders of a population, summed over the paths. */
export function missedAtSomeMoment(population: number, total: number, bound: (count: AuditCount) => number): number {
  /** By the number of false ones so far: the probability to be here and never to have missed. */
  let standing = new Map([[0, 1]]);
  let missed = 0;
  for (let marked = 0; marked <= population; marked += 1) {
    const next = new Map<number, number>();
    for (const [falseNegatives, probability] of standing) {
      if (bound({ population, marked, falseNegatives }) < total) {
        missed += probability;
        continue;
      }
      const left = population - marked;
      const falseLeft = total - falseNegatives;
      if (left === 0) continue;
      const add = (key: number, share: number): void => {
        if (share > 0) next.set(key, (next.get(key) ?? 0) + probability * share);
      };
      add(falseNegatives + 1, falseLeft / left);
      add(falseNegatives, (left - falseLeft) / left);
    }
    standing = next;
  }
  return missed;
}

/** The beta-binomial by products of rising factorials, without any gamma function. */
function betaBinomial(k: number, n: number, a: number, b: number): number {
  let probability = 1;
  for (let i = 0; i < k; i += 1) probability *= ((n - i) / (i + 1)) * ((a + i) / (a + b + i));
  for (let i = 0; i < n - k; i += 1) probability *= (b + i) / (a + b + k + i);
  return probability;
}
