import type { SimansConfig } from "../config/config";

/** How widely score differences are spread: the unit of the standardised axis. */
export interface Spread {
  readonly sigma: number;
  /** "deviation" where the middle half of the values coincide, "none" where all do and any unit would do. */
  readonly by: "quartiles" | "deviation" | "none";
}

/** For normally distributed values, the interquartile range divided by this is the standard deviation. */
const quartileRangeOfNormal = 1.349;

/** Robust spread of some values: interquartile range / 1.349, or the standard deviation where that is 0. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (range > 0) {
    return { sigma: range / quartileRangeOfNormal, by: "quartiles" };
  }
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length);
  return deviation > 0 ? { sigma: deviation, by: "deviation" } : { sigma: 1, by: "none" };
}

/** Value below which a share of the ascending values lies, with linear interpolation; NaN where there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Logarithms of SimANS' sampling weights (Zhou et al. 2022, equation 4), on the axis D' = (score - anchor) / sigma, so that a and b mean the
 * same for any encoder: -a (D' - b)^2, or -a |D' - b| as the released MS MARCO code has it. b above 0 lies above the positive.
 */
export function simansLogWeights(
  scores: readonly number[],
  anchor: number,
  sigma: number,
  { a, b, kernel }: SimansConfig,
): readonly number[] {
  return scores.map((score) => {
    const distance = Math.abs((score - anchor) / sigma - b);
    return -a * (kernel === "square" ? distance ** 2 : distance);
  });
}

/** Probabilities of the first draw: the weights over their sum. */
export function probabilitiesOf(logWeights: readonly number[]): readonly number[] {
  const largest = Math.max(...logWeights);
  const weights = logWeights.map((weight) => Math.exp(weight - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** 1 / sum p^2: the number of equally likely candidates that would spread the draw as much. 0 where there are none. */
export function effectiveNumber(probabilities: readonly number[]): number {
  const sum = probabilities.reduce((total, probability) => total + probability ** 2, 0);
  return sum === 0 ? 0 : 1 / sum;
}
