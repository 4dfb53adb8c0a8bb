interface Ranked {
  readonly value: number;
  readonly isPositive: boolean;
}

/** How often a positive has the larger value than one that is none, equal values counted half; null where either kind is missing. */
export function areaUnderCurve(ranked: readonly Ranked[]): number | null {
  const sorted = [...ranked].sort((a, b) => a.value - b.value);
  let [below, sum, positives] = [0, 0, 0];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end]?.value === sorted[start]?.value && end < sorted.length) end += 1;
    const equal = sorted.slice(start, end);
    const among = equal.filter(({ isPositive }) => isPositive).length;
    sum += among * (below + (equal.length - among) / 2);
    positives += among;
    below += equal.length - among;
    start = end;
  }
  return positives === 0 || below === 0 ? null : sum / (positives * below);
}
