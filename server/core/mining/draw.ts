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

/** Memory of one draw, used again by the next: a slider that moves makes thousands of them, and small lists are dearer to make than to fill. */
let memory = { values: new Float64Array(256), probabilities: new Float64Array(256) };

/**
 * How a source that draws prefers its survivors: Gumbel top-k. The largest `log weight + Gumbel noise` draw without replacement, each time in
 * proportion to the weights (Kool et al. 2019), and in log space, so that small weights do not become 0. The answer's lists are good until the
 * next call.
 *
 * @returns undefined where nothing can be drawn, since no positive has a score to draw near to
 */
export function preferenceOf(lottery: Lottery): Preference | undefined {
  const { settings, positions, rows, scores, noise, anchor, spread } = lottery;
  const isSimans = settings.draw === "simans";
  if (isSimans && Number.isNaN(anchor)) {
    return undefined;
  }
  const { values, probabilities } = room(positions.length);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = isSimans ? (scores[rows[positions[index] ?? -1] ?? -1] ?? Number.NaN) : 0;
  }
  if (isSimans) simansLogWeights(values, anchor, spread.sigma, settings.simans, values);
  probabilitiesOf(values, probabilities);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = (values[index] ?? Number.NaN) + (noise[rows[positions[index] ?? -1] ?? -1] ?? Number.NaN);
  }
  return { values, probabilities, effectiveCandidates: effectiveNumber(probabilities) };
}

function room(count: number): Pick<Required<Preference>, "values" | "probabilities"> {
  if (memory.values.length < count) memory = { values: new Float64Array(2 * count), probabilities: new Float64Array(2 * count) };
  return { values: memory.values.subarray(0, count), probabilities: memory.probabilities.subarray(0, count) };
}

/** Index of the greatest value, which is used up; -1 where none is left. Unknown values are never given. */
export function takeGreatest(values: Float64Array): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value > most) {
      most = value;
      best = index;
    }
  }
  if (best !== -1) values[best] = Number.NEGATIVE_INFINITY;
  return best;
}
