/** Beyond so many standard deviations one value says no more, so that a single odd passage cannot carry a fit. */
const farthest = 4;

/** A feature in standard deviations from the average candidate, in [-4, 4]; 0 where it is not known or never differs. */
export function standardise(value: number, mean: number, deviation: number): number {
  if (!(deviation > 0) || !Number.isFinite(value)) return 0;
  const steps = (value - mean) / deviation;
  return steps > farthest ? farthest : steps < -farthest ? -farthest : steps;
}
