import { itemAt } from "../util/itemAt";
import type { Calibration } from "./falseNegativeModel";
import { isotonic } from "./isotonic";
import type { IsotonicBlock, Observation } from "./isotonic";
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

/**
 * Standard deviations around leaving the probabilities as they are: slope 1, intercept 0. Small, since the fit is a calibrated one as far as its
 * form is right, and the models of the folds, made from fewer marks, are a little less sure than the one that is calibrated.
 */
const slopeDeviation = 0.15;
const interceptDeviation = 0.3;
/** Marks that agree with the model, imagined in each block of a curve. */
const imaginedMarks = 10;
/** A falling curve would turn the order of suspicion round. */
const leastSlope = 0.1;

/** The calibrations that there are marks enough for, the simplest first. */
export function possibleCalibrations(predictions: readonly Prediction[]): readonly Calibration["kind"][] {
  if (predictions.length < fewestForPlatt) return ["none"];
  const random = predictions.filter(({ isRandom }) => isRandom);
  const falseNegatives = random.filter(({ isFalseNegative }) => isFalseNegative).length;
  const isEnough = random.length >= fewestForIsotonic && Math.min(falseNegatives, random.length - falseNegatives) >= fewestOfEach;
  return isEnough ? ["platt", "isotonic"] : ["platt"];
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

/**
 * Through the centres of the blocks, level from there to the lowest and the highest prediction, and straight to 0 and 1 where there are none: the
 * harvest lane takes the most suspicious pairs before they can be drawn.
 */
function curve(predictions: readonly Prediction[]): Calibration {
  // All that was drawn may be of the one fold that is left out.
  if (predictions.length === 0) return { kind: "none" };
  const blocks = isotonic(predictions.map(({ logOdds, isFalseNegative }) => ({ at: sigmoid(logOdds), value: Number(isFalseNegative) })));
  const careful = isotonic(blocks.map(withImaginedMarks));
  const [first, last] = [itemAt(careful, 0), itemAt(careful, careful.length - 1)];
  const points = [
    { from: 0, to: 0 },
    { from: itemAt(blocks, 0).from, to: first.value },
    ...careful.map(({ centre, value }) => ({ from: centre, to: value })),
    { from: itemAt(blocks, blocks.length - 1).to, to: last.value },
    { from: 1, to: 1 },
  ].filter(({ from }, index, all) => index === 0 || from > itemAt(all, index - 1).from);
  return { kind: "isotonic", from: points.map(({ from }) => from), to: points.map(({ to }) => to) };
}

/** A block of few marks, at the ends above all, would say 0 or 1: some more are imagined that agree with the model. */
function withImaginedMarks({ centre, value, count }: IsotonicBlock): Observation {
  return { at: centre, value: (count * value + imaginedMarks * centre) / (count + imaginedMarks), weight: count + imaginedMarks };
}
