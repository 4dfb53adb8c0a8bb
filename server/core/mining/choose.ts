import type { Query } from "../collection/collection";
import type { SamplerConfig } from "../config/config";
import { gumbel, seededRandom, topByNoisyWeight } from "../util/random";
import { percent } from "./numbersInWords";
import { effectiveNumber, probabilitiesOf, simansLogWeights, spreadOf } from "./simans";

/** A candidate that no rule has dropped. */
export interface Survivor {
  readonly document: number;
  readonly score: number;
  /** Names the text, for the noise that belongs to it. */
  readonly textKey: string;
}

export interface ChoiceInput {
  readonly query: Query;
  readonly sampler: SamplerConfig;
  readonly retrieval: "lexical" | "dense";
  readonly anchor: number;
  /** Nearest first; in the order of their draws for "random". */
  readonly survivors: readonly Survivor[];
  /** How many to choose. */
  readonly wanted: number;
  /** Scores of all candidates that are no positives: what the SimANS axis is measured on. */
  readonly poolScores: readonly number[];
}

export interface Choice {
  /** Positions in `survivors`. */
  readonly chosen: readonly number[];
  /** In words, why a chosen one was taken and why another was not. */
  readonly taken: (position: number) => string;
  readonly left: (position: number) => string;
  /** Probability of the first draw, by position; absent where nothing is drawn. */
  readonly probabilities?: readonly number[];
  readonly effectiveCandidates: number;
}

/** Chooses among the survivors by the sampling strategy. Takes as many as there are where there are too few. */
export function choose(input: ChoiceInput): Choice {
  switch (input.sampler.sampling_strategy) {
    case "top":
      return chooseNearest(input);
    case "window":
      return chooseEvenly(input);
    case "simans":
      return input.retrieval === "lexical"
        ? chooseNearest(input, "; SimANS needs similarities, which BM25 does not give")
        : chooseBySimans(input);
    case "random":
      return chooseFirstDrawn(input);
  }
}

function chooseNearest({ survivors, wanted }: ChoiceInput, note = ""): Choice {
  const chosen = [...survivors.keys()].slice(0, wanted);
  return {
    chosen,
    taken: (position) => `number ${String(position + 1)} of the survivors by score${note}`,
    left: (position) => `number ${String(position + 1)} of the survivors by score: num_negatives is reached${note}`,
    effectiveCandidates: chosen.length,
  };
}

function chooseEvenly(input: ChoiceInput): Choice {
  const { survivors, wanted } = input;
  const even = survivors.map(() => 0);
  return {
    chosen: topByNoisyWeight(even, noiseOf(input), wanted),
    taken: () => `drawn evenly from ${String(survivors.length)} survivors`,
    left: () => `not drawn from ${String(survivors.length)} survivors`,
    probabilities: probabilitiesOf(even),
    effectiveCandidates: survivors.length,
  };
}

/** The order of the survivors is the order of the draws already. */
function chooseFirstDrawn({ survivors, wanted }: ChoiceInput): Choice {
  const chosen = [...survivors.keys()].slice(0, wanted);
  return {
    chosen,
    taken: () => "drawn evenly from the whole corpus",
    left: () => "drawn in reserve: num_negatives is reached",
    effectiveCandidates: survivors.length,
  };
}

function chooseBySimans(input: ChoiceInput): Choice {
  const { survivors, wanted, anchor, sampler, poolScores } = input;
  if (Number.isNaN(anchor)) {
    const why = "SimANS draws near the positive's score, and no positive of this query has one";
    return { chosen: [], taken: () => why, left: () => why, effectiveCandidates: 0 };
  }
  const { sigma, by } = spreadOf(poolScores);
  const scores = survivors.map((survivor) => survivor.score);
  const logWeights = simansLogWeights(scores, anchor, sigma, sampler.simans);
  const probabilities = probabilitiesOf(logWeights);
  const axis = by === "quartiles" ? "" : by === "deviation" ? "; sigma from the standard deviation" : "; all scores equal, sigma 1";
  const describe = (position: number): string => {
    const distance = ((scores[position] ?? Number.NaN) - anchor) / sigma;
    return `with probability ${percent(probabilities[position] ?? 0)}, at ${distance.toFixed(2)} sigma from the positive${axis}`;
  };
  return {
    chosen: topByNoisyWeight(logWeights, noiseOf(input), wanted),
    taken: (position) => `drawn by SimANS ${describe(position)}`,
    left: (position) => `not drawn by SimANS ${describe(position)}`,
    probabilities,
    effectiveCandidates: effectiveNumber(probabilities),
  };
}

/**
 * Each text has its own noise for a query, so that a mark on one candidate does not draw all others anew: the one that left makes room for
 * the next, and the rest stays.
 */
function noiseOf({ survivors, sampler, query }: ChoiceInput): readonly number[] {
  return survivors.map(({ textKey }) => gumbel(seededRandom(`${String(sampler.seed)}:${query.key}:${textKey}`)));
}
