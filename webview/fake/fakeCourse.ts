import type { LossPoint, TrainingCurves, TrainingStatus, ValidationPoint } from "#protocol/training";
import { fakeDataset } from "./fakeDataset";

/** A run that goes through to its end: so many rounds of so many epochs of so many steps. */
export const ROUNDS = 3;
export const EPOCHS = 6;
export const STEPS = 20;
export const TOTAL = ROUNDS * EPOCHS * STEPS;
const FROZEN = 0.381;
/** Steps between two points of the loss. */
const APART = 5;

/** No run is under way. */
export const idle: TrainingStatus = {
  dataset: fakeDataset,
  phase: "idle",
  round: 0,
  rounds: 0,
  epoch: 0,
  step: 0,
  totalSteps: 0,
  done: 0,
  total: 0,
  losses: [],
  validations: [],
  seconds: 0,
};

/** Every word on a run from its beginning to its end, in order. */
export function courseOf(run: string): readonly TrainingStatus[] {
  const at = (step: number, round: number): TrainingStatus => ({
    ...idle,
    run,
    round,
    rounds: ROUNDS,
    epoch: Math.ceil(step / STEPS),
    step,
    totalSteps: TOTAL,
    losses: lossesTo(step),
    validations: validationsTo(step),
    frozenNdcg: FROZEN,
    seconds: step * 0.2,
  });
  const rounds = Array.from({ length: ROUNDS }, (_, index) => {
    const first = index * EPOCHS * STEPS;
    const mining = [0, 751, 1502].map((done) => ({ ...at(first, index + 1), phase: "mining" as const, done, total: 1502 }));
    const training = Array.from({ length: EPOCHS }, (_unused, epoch) => {
      const step = first + (epoch + 1) * STEPS;
      return { ...at(step, index + 1), phase: "training" as const, done: step, total: TOTAL };
    });
    return [...mining, ...training];
  });
  const evaluating = [0, 313, 626].map((done) => ({ ...at(TOTAL, ROUNDS), phase: "evaluating" as const, done, total: 626 }));
  return [...rounds.flat(), ...evaluating, { ...at(TOTAL, ROUNDS), phase: "saving" as const, done: 0, total: 0 }];
}

/** Falls within a round, and begins higher in the next one, whose negatives are harder. */
export function lossesTo(step: number): readonly LossPoint[] {
  return Array.from({ length: Math.floor(step / APART) }, (_, index) => {
    const at = (index + 1) * APART;
    const round = Math.floor((at - 1) / (EPOCHS * STEPS));
    const within = at - round * EPOCHS * STEPS;
    return { step: at, loss: 0.62 + 0.05 * round + (1.1 - 0.35 * round) * Math.exp(-within / 35) + 0.03 * Math.sin(at * 1.7) };
  });
}

export function curvesTo(step: number): TrainingCurves {
  return { losses: lossesTo(step), validations: validationsTo(step), frozenNdcg: FROZEN };
}

export function validationsTo(step: number): readonly ValidationPoint[] {
  return Array.from({ length: Math.floor(step / STEPS) }, (_, index) => {
    const epoch = index + 1;
    const ndcg = FROZEN - 0.004 + 0.055 * (1 - Math.exp(-epoch / 5)) + 0.003 * Math.sin(epoch * 2.1);
    return { step: epoch * STEPS, round: Math.ceil(epoch / EPOCHS), epoch, ndcg };
  });
}
