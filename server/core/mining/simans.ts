import type { SimansConfig } from "../config/samplerSchema";

/** The unit of the SimANS axis. */
export interface Spread {
  readonly sigma: number;
  /** "quartiles" as a rule, "deviation" where half of the values coincide, "none" where all do and any unit would do. */
  readonly by: "quartiles" | "deviation" | "none" | "raw";
}

/** The raw axis: scores as they are. */
export const rawSpread: Spread = { sigma: 1, by: "raw" };

/** For normally distributed values, the interquartile range divided by this is the standard deviation. */
const quartileRangeOfNormal = 1.349;

/** Robust spread of some values: interquartile range / 1.349, or the standard deviation where that is 0. */
export function spreadOf(values: Float64Array): Spread {
  const sorted = values.toSorted();
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (range > 0) {
    return { sigma: range / quartileRangeOfNormal, by: "quartiles" };
  }
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length);
  return deviation > 0 ? { sigma: deviation, by: "deviation" } : { sigma: 1, by: "none" };
}

/** Value below which a share of the ascending values lies, with linear interpolation; NaN where there are none. */
export function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Logarithms of SimANS' sampling weights (Zhou et al. 2022, equation 4), on the axis D' = (score - anchor) / sigma, so that a and b mean the
 * same for any encoder: -a (D' - b)^2, or -a |D' - b| as the released MS MARCO code has it. b above 0 lies above the positive, as the
 * equation has it; the released code adds b where the equation takes it away. They are written into the last argument, which may be the scores.
 */
export function simansLogWeights(
  scores: Float64Array,
  anchor: number,
  sigma: number,
  { a, b, kernel }: Pick<SimansConfig, "a" | "b" | "kernel">,
  weights: Float64Array = new Float64Array(scores.length),
): Float64Array {
  for (let index = 0; index < weights.length; index += 1) {
    const distance = Math.abs(((scores[index] ?? Number.NaN) - anchor) / sigma - b);
    weights[index] = -a * (kernel === "square" ? distance * distance : distance);
  }
  return weights;
}

/** Probabilities of the first draw, written into `weights`: the weights over their sum. Unknown weights are never drawn. */
export function probabilitiesOf(logWeights: Float64Array, weights: Float64Array = new Float64Array(logWeights.length)): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  // Numbers that an iterator gives out are put in boxes, one by one.
  for (let index = 0; index < logWeights.length; index += 1) {
    const weight = logWeights[index] ?? Number.NaN;
    if (weight > largest) largest = weight;
  }
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const logWeight = logWeights[index] ?? Number.NaN;
    const weight = Number.isNaN(logWeight) ? 0 : Math.exp(logWeight - largest);
    weights[index] = weight;
    sum += weight;
  }
  for (let index = 0; index < weights.length && sum > 0; index += 1) {
    weights[index] = (weights[index] ?? 0) / sum;
  }
  return weights;
}

/** 1 / sum p^2: the number of equally likely candidates that would spread the draw as much. 0 where there are none. */
export function effectiveNumber(probabilities: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    const probability = probabilities[index] ?? 0;
    sum += probability * probability;
  }
  return sum === 0 ? 0 : 1 / sum;
}
