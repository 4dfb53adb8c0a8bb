import type { ReliabilityBin } from "./falseNegativeModel";

/** What was said of a marked pair, and what a person said. */
export interface Said {
  readonly probability: number;
  readonly isFalseNegative: boolean;
}

const mostBins = 10;
/** A share of fewer pairs says little. */
const fewestInBin = 20;

/**
 * Pairs in the order of their probability, in up to ten bins of about as many pairs each, so that no point of the curve rests on a handful. Pairs
 * of one probability are never parted.
 */
export function reliabilityOf(said: readonly Said[]): readonly ReliabilityBin[] {
  const sorted = [...said].sort((a, b) => a.probability - b.probability);
  const bins = Math.min(mostBins, Math.floor(sorted.length / fewestInBin));
  const cuts: number[] = [0];
  for (let bin = 1; bin < bins; bin += 1) {
    let cut = Math.round((bin * sorted.length) / bins);
    while (cut < sorted.length && sorted[cut]?.probability === sorted[cut - 1]?.probability) cut += 1;
    const last = cuts.at(-1) ?? 0;
    if (cut - last >= fewestInBin && sorted.length - cut >= fewestInBin) cuts.push(cut);
  }
  return bins === 0 ? [] : cuts.map((cut, bin) => binOf(sorted.slice(cut, cuts[bin + 1])));
}

function binOf(said: readonly Said[]): ReliabilityBin {
  return {
    from: said[0]?.probability ?? 0,
    to: said.at(-1)?.probability ?? 1,
    pairs: said.length,
    predicted: said.reduce((sum, { probability }) => sum + probability, 0) / said.length,
    observed: said.filter(({ isFalseNegative }) => isFalseNegative).length / said.length,
  };
}
