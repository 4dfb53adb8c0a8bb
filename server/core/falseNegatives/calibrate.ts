import type { Calibration } from "./falseNegativeModel";
import { isotonic } from "./isotonic";
import { mapLogistic } from "./mapLogistic";
import { sigmoid } from "./sigmoid";

/** What a model said of a marked pair without having seen the marks of its query. */
export interface Prediction {
  /** Before calibration. */
  readonly logOdds: number;
  readonly isFalseNegative: boolean;
  /** Whether the pair came by chance, from the audit lane. */
  readonly isRandom: boolean;
}

/** Fewest predictions that a calibration is learnt from. */
const fewestForPlatt = 50;
const fewestForIsotonic = 200;
/** A curve through fewer false negatives, or fewer clean pairs, is mostly chance. */
const fewestOfEach = 10;

/** Standard deviations around leaving the probabilities as they are: slope 1, intercept 0. */
const slopeDeviation = 0.5;
const interceptDeviation = 1;
/** A falling curve would turn the order of suspicion round. */
const leastSlope = 0.1;

/** The calibration that there are marks enough for. */
export function kindOfCalibration(predictions: readonly Prediction[]): Calibration["kind"] {
  const random = predictions.filter(({ isRandom }) => isRandom);
  const falseNegatives = random.filter(({ isFalseNegative }) => isFalseNegative).length;
  if (random.length >= fewestForIsotonic && Math.min(falseNegatives, random.length - falseNegatives) >= fewestOfEach) return "isotonic";
  return predictions.length >= fewestForPlatt ? "platt" : "none";
}

/**
 * Learns how far a model's probabilities can be taken at their word. Platt's two numbers come from marks of all lanes, since a lane chooses by what
 * the model sees and not by the answer; a curve, which is free to follow any pattern, from pairs drawn at random alone.
 */
export function calibrate(predictions: readonly Prediction[], kind: Calibration["kind"]): Calibration {
  switch (kind) {
    case "none":
      return { kind: "none" };
    case "platt":
      return platt(predictions);
    case "isotonic":
      return curve(predictions.filter(({ isRandom }) => isRandom));
  }
}

/** Platt (1999) with a Gaussian prior in place of his smoothed labels. */
function platt(predictions: readonly Prediction[]): Calibration {
  const logOdds = Float64Array.from(predictions, (prediction) => prediction.logOdds);
  const shared = {
    count: predictions.length,
    groupCount: 0,
    labels: Float64Array.from(predictions, ({ isFalseNegative }) => Number(isFalseNegative)),
  };
  const [slope = 1, intercept = 0] = mapLogistic({
    ...shared,
    width: 2,
    rows: Float64Array.from(predictions.flatMap((prediction) => [prediction.logOdds, 1])),
    priorMeans: Float64Array.of(1, 0),
    priorPrecisions: Float64Array.of(1 / slopeDeviation ** 2, 1 / interceptDeviation ** 2),
  });
  if (slope >= leastSlope) return { kind: "platt", slope, intercept };
  const [level = 0] = mapLogistic({
    ...shared,
    width: 1,
    rows: new Float64Array(predictions.length).fill(1),
    offsets: logOdds.map((value) => leastSlope * value),
    priorMeans: Float64Array.of(0),
    priorPrecisions: Float64Array.of(1 / interceptDeviation ** 2),
  });
  return { kind: "platt", slope: leastSlope, intercept: level };
}

/** No stretch is said to be without any, or full of, false negatives: one more mark of either kind is imagined. */
function curve(predictions: readonly Prediction[]): Calibration {
  const blocks = isotonic(predictions.map(({ logOdds, isFalseNegative }) => ({ at: sigmoid(logOdds), value: Number(isFalseNegative) })));
  const least = 1 / (predictions.length + 2);
  return {
    kind: "isotonic",
    from: blocks.map(({ centre }) => centre),
    to: blocks.map(({ value }) => Math.min(1 - least, Math.max(least, value))),
  };
}
