import { effectiveNumber, probabilitiesOf, simansLogWeights } from "./simans";
import type { Spread } from "./simans";
import type { SourceSettings } from "./sourceSettings";

/** The survivors of one source, to be chosen among. */
export interface Lottery {
  readonly settings: SourceSettings;
  /** Positions in the source's list, and the rows of the pool that stand there. */
  readonly positions: readonly number[];
  readonly rows: Int32Array;
  /** By row: the score that counts, and Gumbel noise. */
  readonly scores: Float64Array;
  readonly noise: Float64Array;
  /** Score that D is measured from, and the unit of the axis. */
  readonly anchor: number;
  readonly spread: Spread;
}

/** In which order the survivors are asked. */
export interface Preference {
  /** The survivor's value: the greatest is taken first, among equals the first. Undefined: in the order in which they stand. */
  readonly values?: Float64Array;
  /** Probability of the first draw, by survivor; absent where nothing is drawn. */
  readonly probabilities?: Float64Array;
  /** Undefined: as many as are chosen. */
  readonly effectiveCandidates?: number;
}

/**
 * How a source that draws prefers its survivors: Gumbel top-k. The largest `log weight + Gumbel noise` draw without replacement, each time in
 * proportion to the weights (Kool et al. 2019), and in log space, so that small weights do not become 0.
 *
 * @returns undefined where nothing can be drawn, since no positive has a score to draw near to
 */
export function preferenceOf(lottery: Lottery): Preference | undefined {
  const { settings, positions, anchor, spread } = lottery;
  if (settings.draw !== "simans") {
    return drawn(lottery, new Float64Array(positions.length));
  }
  return Number.isNaN(anchor) ? undefined : drawn(lottery, simansLogWeights(scoresOf(lottery), anchor, spread.sigma, settings.simans));
}

function scoresOf({ positions, rows, scores }: Lottery): Float64Array {
  const gathered = new Float64Array(positions.length);
  for (let index = 0; index < gathered.length; index += 1) {
    gathered[index] = scores[rows[positions[index] ?? -1] ?? -1] ?? Number.NaN;
  }
  return gathered;
}

function drawn({ positions, rows, noise }: Lottery, logWeights: Float64Array): Preference {
  const probabilities = probabilitiesOf(logWeights);
  const values = logWeights;
  for (let index = 0; index < values.length; index += 1) {
    values[index] = (values[index] ?? Number.NaN) + (noise[rows[positions[index] ?? -1] ?? -1] ?? Number.NaN);
  }
  return { values, probabilities, effectiveCandidates: effectiveNumber(probabilities) };
}

/** Indices of the values, the greatest first, one at a time: few are asked for. Unknown values are left out. Uses the values up. */
export function* inOrderOf(left: Float64Array): Generator<number, undefined> {
  for (;;) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < left.length; index += 1) {
      const value = left[index] ?? Number.NaN;
      if (value > most) {
        most = value;
        best = index;
      }
    }
    if (best === -1) {
      return undefined;
    }
    left[best] = Number.NEGATIVE_INFINITY;
    yield best;
  }
}
