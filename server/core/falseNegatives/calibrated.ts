import type { Calibration } from "./falseNegativeModel";
import { sigmoid } from "./sigmoid";

/** The probability that raw log odds stand for after calibration. It never falls where they rise. */
export function calibrated(calibration: Calibration, logOdds: number): number {
  switch (calibration.kind) {
    case "none":
      return sigmoid(logOdds);
    case "platt":
      return sigmoid(calibration.slope * logOdds + calibration.intercept);
    case "isotonic":
      return heightAt(calibration.from, calibration.to, sigmoid(logOdds));
  }
}

/** Height at `place` of the line through points whose places ascend; that of the nearest end beyond them. */
function heightAt(places: readonly number[], heights: readonly number[], place: number): number {
  let below = 0;
  let above = places.length - 1;
  if (place <= (places[below] ?? 0)) return heights[below] ?? 0;
  if (place >= (places[above] ?? 0)) return heights[above] ?? 0;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if ((places[middle] ?? 0) <= place) below = middle;
    else above = middle;
  }
  const left = places[below] ?? 0;
  const low = heights[below] ?? 0;
  return low + ((place - left) / ((places[above] ?? 0) - left)) * ((heights[above] ?? 0) - low);
}
