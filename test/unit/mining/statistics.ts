/** Values that a chi-square variable exceeds once in a thousand times, by degrees of freedom (any table of the distribution). */
const chiSquareLimits: Readonly<Record<number, number>> = {
  4: 18.467,
  9: 27.877,
  11: 31.264,
  19: 43.82,
  24: 51.179,
};

/**
 * Pearson's chi-square of counts against probabilities, over the value that it exceeds once in a thousand times: at most 1 where the counts are
 * what the probabilities let expect. Throws where a class is expected fewer than five times, for which the test is not made.
 */
export function misfit(counts: readonly number[], probabilities: readonly number[], freedom = counts.length - 1): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const limit = chiSquareLimits[freedom];
  if (limit === undefined) throw new RangeError(`No limit is known for ${String(freedom)} degrees of freedom.`);
  if (probabilities.some((probability) => probability * total < 5)) throw new RangeError("A class is expected fewer than five times.");
  const chiSquare = counts.reduce((sum, count, i) => {
    const expected = (probabilities[i] ?? Number.NaN) * total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return chiSquare / limit;
}

/** The Kolmogorov-Smirnov distance of a sample from a distribution times the root of its size: above 1.95 once in a thousand times. */
export function ksDistance(sample: readonly number[], distribution: (value: number) => number): number {
  const n = sample.length;
  const distances = sample
    .toSorted((a, b) => a - b)
    .map((value, i) => Math.max(Math.abs((i + 1) / n - distribution(value)), Math.abs(distribution(value) - i / n)));
  return Math.max(...distances) * Math.sqrt(n);
}

/** Pearson's correlation times the root of the size of the samples: beyond 3.3 either way once in a thousand times for independent ones. */
export function correlation(one: readonly number[], other: readonly number[]): number {
  const n = one.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [meanOne, meanOther] = [mean(one), mean(other)];
  const covariance = mean(one.map((value, i) => (value - meanOne) * ((other[i] ?? Number.NaN) - meanOther)));
  const variance = (values: readonly number[], centre: number): number => mean(values.map((value) => (value - centre) ** 2));
  return (covariance / Math.sqrt(variance(one, meanOne) * variance(other, meanOther))) * Math.sqrt(n);
}

/** Probability of each set of `count` of the weights' indices, named by them, when they are drawn one by one without replacement. */
export function setProbabilities(weights: readonly number[], count: number): ReadonlyMap<string, number> {
  const sets = new Map<string, number>();
  const draw = (taken: readonly number[], probability: number): void => {
    if (taken.length === count) {
      const name = taken.toSorted((a, b) => a - b).join(" ");
      sets.set(name, (sets.get(name) ?? 0) + probability);
      return;
    }
    const left = weights.reduce((sum, weight, i) => sum + (taken.includes(i) ? 0 : weight), 0);
    weights.forEach((weight, i) => {
      if (!taken.includes(i)) draw([...taken, i], (probability * weight) / left);
    });
  };
  draw([], 1);
  return sets;
}
