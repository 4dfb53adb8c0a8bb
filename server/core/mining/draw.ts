import type { Collection, Query } from "../collection/collection";
import { gumbelNoise } from "./noise";
import { effectiveNumber, probabilitiesOf, simansLogWeights } from "./simans";
import type { Spread } from "./simans";
import type { SourceSettings } from "./sourceSettings";

/** The survivors of one source, to be chosen among. */
export interface Lottery {
  readonly collection: Collection;
  readonly query: Query;
  readonly settings: SourceSettings;
  readonly seed: number;
  /** By survivor: the score that counts, and the group of its text. */
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
 * How a source prefers its survivors. Draws are Gumbel top-k: the largest `log weight + Gumbel noise` draw without replacement, each time in
 * proportion to the weights (Kool et al. 2019), and in log space, so that small weights do not become 0.
 *
 * @returns undefined where nothing can be drawn, since no positive has a score to draw near to
 */
export function preferenceOf(lottery: Lottery): Preference | undefined {
  const { settings, scores } = lottery;
  switch (settings.draw) {
    case "nearest":
      return settings.source === "random" ? { effectiveCandidates: scores.length } : {};
    case "even":
      return drawn(lottery, new Float64Array(scores.length));
    case "simans":
      return Number.isNaN(lottery.anchor)
        ? undefined
        : drawn(lottery, simansLogWeights(scores, lottery.anchor, lottery.spread.sigma, settings.simans));
  }
}

function drawn({ collection, query, settings, seed, groups }: Lottery, logWeights: Float64Array): Preference {
  const noise = gumbelNoise(collection, `${String(seed)}:${query.key}:${settings.source}`);
  const probabilities = probabilitiesOf(logWeights);
  return {
    values: logWeights.map((weight, index) => weight + noise(groups[index] ?? -1)),
    probabilities,
    effectiveCandidates: effectiveNumber(probabilities),
  };
}

/** Positions in order of preference, one at a time: few are asked for. */
export function* inOrderOf(values: Float64Array): Generator<number, undefined> {
  const left = values.slice();
  for (let given = 0; given < left.length; given += 1) {
    let best = -1;
    for (let index = 0; index < left.length; index += 1) {
      const value = left[index] ?? Number.NaN;
      if (!Number.isNaN(value) && (best === -1 || value > (left[best] ?? 0))) {
        best = index;
      }
    }
    if (best === -1) {
      return undefined;
    }
    left[best] = Number.NaN;
    yield best;
  }
  return undefined;
}
