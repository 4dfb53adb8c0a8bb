/**
 * The pieces of the InfoNCE loss L = -sum T log softmax(z), with logits z_j = s_j / tau. Everything is kept in logarithms, so that no
 * temperature above 0 makes a number that is not finite.
 */

/** log(sum exp z); minus infinity for an empty list. */
export function logSumExp(logits: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > highest) highest = logit;
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return highest + Math.log(sum);
}

/** log(exp a + exp b). */
export function logAddExp(a: number, b: number): number {
  const highest = Math.max(a, b);
  return highest === Number.NEGATIVE_INFINITY ? highest : highest + Math.log1p(Math.exp(Math.min(a, b) - highest));
}

/** The part that a logit has of a softmax that it joins: exp z / (exp z + exp rest), `rest` being the log of the others' sum. */
export function partBeside(logit: number, rest: number): number {
  const ahead = logit - rest;
  if (ahead >= 0) return 1 / (1 + Math.exp(-ahead));
  const odds = Math.exp(ahead);
  return odds / (1 + odds);
}

/** dL/ds_j = (p_j - T_j) / tau. The target T_j is 1 for the positive and 0 for a negative, or a teacher's probability. */
export function scoreGradient(probability: number, target: number, temperature: number): number {
  return (probability - target) / temperature;
}

/** |a - b| = sqrt(2 - 2 s(a, b)) of two vectors of unit length. A similarity above 1 is rounding. */
export function distanceOf(similarity: number): number {
  return Math.sqrt(Math.max(0, 2 - 2 * similarity));
}
