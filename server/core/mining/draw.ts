import type { Collection } from "../collection/collection";
import { gumbelNoise } from "./noise";
import { effectiveNumber, probabilitiesOf, simansLogWeights } from "./simans";
import type { Spread } from "./simans";
import type { SourceSettings } from "./sourceSettings";

/** The survivors of one source, to be chosen among. */
export interface Lottery {
  readonly collection: Collection;
  readonly settings: SourceSettings;
  /** Names the draw: same name, same noise. */
  readonly name: string;
  /** Rows of the pool. */
  readonly rows: Int32Array;
  /** By row: the score that counts, and the group of its text. */
  readonly scores: Float64Array;
  readonly groups: Int32Array;
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
  const { settings, rows, anchor, spread } = lottery;
  if (settings.draw !== "simans") {
    return drawn(lottery, new Float64Array(rows.length));
  }
  return Number.isNaN(anchor) ? undefined : drawn(lottery, simansLogWeights(scoresOf(lottery), anchor, spread.sigma, settings.simans));
}

function scoresOf({ rows, scores }: Lottery): Float64Array {
  const gathered = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    gathered[index] = scores[rows[index] ?? -1] ?? Number.NaN;
  }
  return gathered;
}

function drawn({ collection, name, rows, groups }: Lottery, logWeights: Float64Array): Preference {
  const noise = gumbelNoise(collection, name);
  const probabilities = probabilitiesOf(logWeights);
  const values = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    values[index] = (logWeights[index] ?? Number.NaN) + noise(groups[rows[index] ?? -1] ?? -1);
  }
  return { values, probabilities, effectiveCandidates: effectiveNumber(probabilities) };
}

/** Positions in order of preference, one at a time: few are asked for. Unknown values are left out. */
export function* inOrderOf(values: Float64Array): Generator<number, undefined> {
  const left = values.slice();
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
