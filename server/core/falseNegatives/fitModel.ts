import { itemAt } from "../util/itemAt";
import { calibrate, possibleCalibrations } from "./calibrate";
import type { Prediction } from "./calibrate";
import { calibrated } from "./calibrated";
import type { Calibration, FalseNegativeModel, LabelledPair, ReliabilityBin } from "./falseNegativeModel";
import type { FeatureScale } from "./features";
import { fitCoefficients, rowLogOdds } from "./fitCoefficients";
import type { Parameters } from "./fitCoefficients";
import { FOLDS, learningSet } from "./learningSet";
import type { LearningRow, LearningSet } from "./learningSet";
import { priorModel } from "./priorModel";
import { reliabilityOf } from "./reliability";
import type { Said } from "./reliability";

/** Below so many marked pairs, or where all are of one kind, the rule without marks does as well as what could be learnt. */
export const FEWEST_PAIRS = 30;
/** Fewer queries leave folds without any. */
const fewestQueries = 2 * FOLDS;

/**
 * The model of largest posterior probability given marked pairs. The same pairs in any order give the same model, to the last bit. With fewer than
 * 30 pairs, or without both a false and a true negative among them, it is the prior.
 */
export function fitModel(pairs: readonly LabelledPair[], scale: FeatureScale): FalseNegativeModel {
  const steps = fitSteps(pairs, scale);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** As `fitModel`, with a pause after each of its sixteen regressions: thirty milliseconds apart with 5,000 pairs. */
export function* fitSteps(pairs: readonly LabelledPair[], scale: FeatureScale): Generator<undefined, FalseNegativeModel> {
  const prior = priorModel(scale);
  const falseNegatives = pairs.filter(({ isFalseNegative }) => isFalseNegative).length;
  const counts = { pairs: pairs.length, falseNegatives };
  if (pairs.length < FEWEST_PAIRS || falseNegatives === 0 || falseNegatives === pairs.length) return { ...prior, ...counts };
  const set = learningSet(pairs, scale);
  const { intercept, coefficients, sources } = fitCoefficients(set, prior);
  yield;
  return {
    kind: "fitted",
    scale,
    intercept,
    coefficients,
    sourceIntercepts: Object.fromEntries(set.sources.map((source, index) => [source, sources[index] ?? 0])),
    ...(yield* checkedOutOfFold(set, prior)),
    ...counts,
  };
}

interface Check {
  readonly calibration: Calibration;
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * Calibration from predictions that are made without the query's fold, and the reliability of the whole. For the latter, calibration too is
 * learnt without the fold that it is applied to: with five folds these are fifteen fits, five without one fold and ten without two.
 */
function* checkedOutOfFold(set: LearningSet, prior: FalseNegativeModel): Generator<undefined, Check> {
  const without = yield* fitsWithoutFolds(set, prior);
  const predictions = set.rows.map((row) => predictionOf(row, without(row.fold, row.fold)));
  const others = folds.map((fold) => set.rows.filter((row) => row.fold !== fold).map((row) => predictionOf(row, without(fold, row.fold))));
  const kinds = set.queries < fewestQueries ? (["none"] as const) : possibleCalibrations(predictions);
  const choices = kinds.map((kind) => {
    const ofFolds = others.map((rows) => calibrate(rows, kind));
    const said = set.rows.map(({ fold, isFalseNegative, isRandom }, row) => ({
      probability: calibrated(itemAt(ofFolds, fold), itemAt(predictions, row).logOdds),
      isFalseNegative,
      isRandom,
    }));
    return { kind, said, loss: logLoss(said.filter(({ isRandom }) => isRandom)) };
  });
  // What has more freedom has to do better on queries that it was not learnt from. A draw leaves it at the simpler.
  const { kind, said } = choices.reduce((best, choice) => (choice.loss < best.loss ? choice : best));
  return { calibration: calibrate(predictions, kind), reliability: kind === "none" ? [] : reliabilityOf(said) };
}

function predictionOf(row: LearningRow, parameters: Parameters): Prediction {
  return { logOdds: rowLogOdds(parameters, row), isFalseNegative: row.isFalseNegative, isRandom: row.isRandom };
}

/** Sum of -ln of the probability given to what people said. */
function logLoss(said: readonly Said[]): number {
  return said.reduce((sum, { probability, isFalseNegative }) => sum - Math.log(isFalseNegative ? probability : 1 - probability), 0);
}

const folds = Array.from({ length: FOLDS }, (_, fold) => fold);

/** Fits without one fold, or without two, by the folds left out in either order. */
function* fitsWithoutFolds(set: LearningSet, prior: FalseNegativeModel): Generator<undefined, (one: number, other: number) => Parameters> {
  const fits: Parameters[][] = [];
  for (const low of folds) {
    const row: Parameters[] = [];
    for (const high of folds.slice(low)) {
      row.push(fitCoefficients(set, prior, [low, high]));
      yield;
    }
    fits.push(row);
  }
  return (one, other) => itemAt(itemAt(fits, Math.min(one, other)), Math.abs(one - other));
}
