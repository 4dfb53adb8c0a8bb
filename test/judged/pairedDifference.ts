export interface Difference {
  readonly mean: number;
  readonly standardError: number;
}

/** Mean of paired differences over splits. Standard error: their standard deviation over the square root of their number; NaN with one. */
export interface PairedDifference extends Difference {
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

/** Mean over collections, each counting the same, whose errors have nothing to do with each other. */
export function meanDifference(differences: readonly Difference[]): Difference {
  const squares = differences.reduce((sum, { standardError }) => sum + standardError ** 2, 0);
  return { mean: meanOf(differences.map(({ mean }) => mean)), standardError: Math.sqrt(squares) / differences.length };
}
