/** Beyond so many standard deviations one value says no more, so that a single odd passage cannot carry a fit. */
export const FARTHEST = 4;

/** Features are of the order of 1: a deviation below this is rounding, and the feature never differs. */
const leastDeviation = 1e-9;

export function differs(deviation: number): boolean {
  return deviation > leastDeviation;
}

/** A feature in standard deviations from the average candidate, in [-4, 4]; 0 where it is not known or never differs. */
export function standardise(value: number, mean: number, deviation: number): number {
  if (!differs(deviation) || !Number.isFinite(value)) return 0;
  const steps = (value - mean) / deviation;
  return steps > FARTHEST ? FARTHEST : steps < -FARTHEST ? -FARTHEST : steps;
}
