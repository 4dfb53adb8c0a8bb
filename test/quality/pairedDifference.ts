/** Mean of paired differences over splits. */
export interface PairedDifference {
  readonly mean: number;
  /** Standard deviation of the differences over the square root of their number; NaN with a single one. */
  readonly standardError: number;
  /** How many are above 0. */
  readonly wins: number;
  readonly count: number;
}

/** `ours[i]` and `theirs[i]` come from the same split. */
export function pairedDifference(ours: readonly number[], theirs: readonly number[]): PairedDifference {
  const differences = ours.map((value, i) => value - theirs[i]!);
  const count = differences.length;
  const mean = meanOf(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  return {
    mean,
    standardError: Math.sqrt(squares / (count - 1) / count),
    wins: differences.filter((difference) => difference > 0).length,
    count,
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
