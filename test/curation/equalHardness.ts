import type { Emission } from "./emission";

/** Settings that leave more of the wanted negatives out are not compared: a filter that emits nothing is never wrong. */
export const LEAST_YIELD = 0.9;

/**
 * A filter's rate of false negatives where its emission is as hard as asked: between the two of its settings that are next to it, by a straight
 * line. Undefined where no setting with enough yield is as easy, or as hard.
 */
export function rateAtHardness(emissions: readonly Emission[], hardness: number): number | undefined {
  const usable = byHardness(emissions);
  const above = usable.findIndex((one) => one.hardness >= hardness - 1e-9);
  const [upper, lower] = [usable[above], usable[above - 1]];
  if (upper === undefined) return undefined;
  if (Math.abs(upper.hardness - hardness) < 1e-9) return upper.falseNegatives;
  if (lower === undefined) return undefined;
  const part = (hardness - lower.hardness) / (upper.hardness - lower.hardness);
  return lower.falseNegatives + part * (upper.falseNegatives - lower.falseNegatives);
}

/**
 * The same, and the rate of the easiest setting where all are harder: with marks in force, true negatives that people pinned stay among the emitted
 * ones whatever the setting, and they are hard.
 */
export function rateFromHardness(emissions: readonly Emission[], hardness: number): number | undefined {
  const [easiest] = byHardness(emissions);
  return easiest !== undefined && easiest.hardness > hardness ? easiest.falseNegatives : rateAtHardness(emissions, hardness);
}

function byHardness(emissions: readonly Emission[]): readonly Emission[] {
  return emissions.filter((one) => one.yield >= LEAST_YIELD).sort((a, b) => a.hardness - b.hardness);
}
