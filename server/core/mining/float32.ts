/**
 * Limits on scores, in the arithmetic of the scores themselves. Scores are float32 numbers, so that a limit in float64 would part numbers
 * that are written alike: the score 0.1 is 0.10000000149, and lies above a max_score of 0.1 that is not rounded too. torch does the same.
 */
const { fround } = Math;

/** The highest float32 score s with s + margin <= anchor, the sum rounded; NaN where one of them is unknown. */
export function highestWithin(anchor: number, margin: number): number {
  const [p, m] = [fround(anchor), fround(margin)];
  if (Number.isNaN(p) || Number.isNaN(m)) return Number.NaN;
  let low = -LARGEST;
  let high = LARGEST;
  // Whether a score passes changes once, from the lowest to the highest: halving the float32 numbers in their order finds where.
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (fround(numberAt(middle) + m) <= p) low = middle;
    else high = middle - 1;
  }
  return numberAt(low);
}

/** p - |p| margin, each step rounded. */
export function relativelyBelow(anchor: number, margin: number): number {
  const p = fround(anchor);
  return fround(p - fround(Math.abs(p) * fround(margin)));
}

/** Place of the largest finite number among the float32 numbers, 0 being at place 0. */
const LARGEST = 0x7f7fffff;

const bits = new DataView(new ArrayBuffer(4));

/** The float32 number at a place in their order. */
function numberAt(place: number): number {
  bits.setInt32(0, Math.abs(place));
  const size = bits.getFloat32(0);
  return place < 0 ? -size : size;
}
