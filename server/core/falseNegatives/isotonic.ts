/** What was observed at a place. */
export interface Observation {
  readonly at: number;
  readonly value: number;
  /** How many observations it stands for; 1 where it is not said. */
  readonly weight?: number;
}

/** Neighbouring observations that share one value: their mean. */
export interface IsotonicBlock {
  /** Lowest and highest place in it, and the mean of its places. */
  readonly from: number;
  readonly to: number;
  readonly centre: number;
  readonly value: number;
  /** Sum of the weights. */
  readonly count: number;
}

/**
 * Isotonic regression: the rising step function that is nearest to the observations by least squares, by pooling adjacent violators (Ayer et al.
 * 1955). Blocks ascend in place and strictly in value. The order of the observations does not matter where values are whole numbers.
 */
export function isotonic(observations: readonly Observation[]): readonly IsotonicBlock[] {
  const blocks: Sums[] = [];
  for (const alike of byPlace(observations)) {
    let block = alike;
    for (let last = blocks.at(-1); last !== undefined && mean(last) >= mean(block); last = blocks.at(-1)) {
      block = joined(last, block);
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.map(({ from, to, places, sum, count }) => ({ from, to, centre: places / count, value: sum / count, count }));
}

interface Sums {
  readonly from: number;
  readonly to: number;
  readonly places: number;
  readonly sum: number;
  readonly count: number;
}

/** One block for each place, ascending. */
function byPlace(observations: readonly Observation[]): readonly Sums[] {
  const blocks = new Map<number, Sums>();
  for (const { at, value, weight = 1 } of observations) {
    const one = { from: at, to: at, places: weight * at, sum: weight * value, count: weight };
    const known = blocks.get(at);
    blocks.set(at, known === undefined ? one : joined(known, one));
  }
  return [...blocks.values()].sort((a, b) => a.from - b.from);
}

function joined(low: Sums, high: Sums): Sums {
  return { from: low.from, to: high.to, places: low.places + high.places, sum: low.sum + high.sum, count: low.count + high.count };
}

function mean({ sum, count }: Sums): number {
  return sum / count;
}
