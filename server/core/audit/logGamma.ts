/** Numbers below this are brought above it, where the series is exact to the last digits of a double. */
const LARGE = 12;

/** Coefficients B_2k / (2k (2k - 1)) of Stirling's series (Abramowitz and Stegun 6.1.40), from x^-1 on. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const;

/** ln Gamma(x) for x > 0, to about 1e-14 of the value: recurrence up to 12, then Stirling's series. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < LARGE) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  let tail = 0;
  for (let i = SERIES.length - 1; i >= 0; i -= 1) tail = tail * square + (SERIES[i] ?? 0);
  const main = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI);
  return main + tail * inverse - Math.log(product);
}

/** ln of the number of ways to choose k of n; -Infinity where there is none. */
export function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
