/**
 * A score as JSON: the shortest digits that a reader of float32 turns into the same number, or null where it is unknown. A reader of
 * float64 gets a number within half a float32 step of it.
 */
export function scoreText(score: number): string {
  const value = Math.fround(score);
  if (!Number.isFinite(value)) return "null";
  // Nine significant digits tell all float32 numbers apart.
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
