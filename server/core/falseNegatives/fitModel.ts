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
  const prior = priorModel(scale);
  const falseNegatives = pairs.filter(({ isFalseNegative }) => isFalseNegative).length;
  const counts = { pairs: pairs.length, falseNegatives };
  if (pairs.length < FEWEST_PAIRS || falseNegatives === 0 || falseNegatives === pairs.length) return { ...prior, ...counts };
  const set = learningSet(pairs, scale);
  const { intercept, coefficients, sources } = fitCoefficients(set, prior);
  return {
    kind: "fitted",
    scale,
    intercept,
    coefficients,
    sourceIntercepts: Object.fromEntries(set.sources.map((source, index) => [source, sources[index] ?? 0])),
    ...checkedOutOfFold(set, prior),
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
function checkedOutOfFold(set: LearningSet, prior: FalseNegativeModel): Check {
  const without = fitsWithoutFolds(set, prior);
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

/** Fits without one fold, or without two, each made once, when it is first asked for. */
function fitsWithoutFolds(set: LearningSet, prior: FalseNegativeModel): (one: number, other: number) => Parameters {
  const fits = new Map<number, Parameters>();
  return (one, other) => {
    const [low, high] = one < other ? [one, other] : [other, one];
    const name = low * FOLDS + high;
    const known = fits.get(name);
    if (known !== undefined) return known;
    const fit = fitCoefficients(set, prior, [low, high]);
    fits.set(name, fit);
    return fit;
  };
}
