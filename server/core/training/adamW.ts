import type { TrainingConfig } from "../config/trainingSchema";

/** Decay of the moments and the term that keeps the division finite: the defaults of AdamW (Loshchilov and Hutter 2019) in torch.optim. */
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * Learning rate of a step, counted from 0: up over the first `warmup_ratio` of the steps, reaching `learning_rate` at the last of them, then down
 * in a line that would reach 0 at `totalSteps`; 0 from there on.
 */
export function learningRate(step: number, totalSteps: number, settings: TrainingConfig): number {
  const warmup = Math.ceil(settings.warmup_ratio * totalSteps);
  const share = step < warmup ? (step + 1) / warmup : Math.max(0, totalSteps - step) / Math.max(1, totalSteps - warmup);
  return settings.learning_rate * share;
}

/** Scales all gradients together so that their norm is `largest` at most, and gives the norm before. */
export function clipGradients(gradients: readonly Float32Array[], largest: number): number {
  let squares = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i += 1) squares += (gradient[i] ?? 0) ** 2;
  const norm = Math.sqrt(squares);
  if (norm <= largest) return norm;
  const scale = largest / norm;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i += 1) gradient[i] = (gradient[i] ?? 0) * scale;
  return norm;
}

/** Parameters of one matrix with their moments, all as long. Changed in place by `adamWStep`. */
export interface AdamWState {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface AdamWRates {
  readonly learningRate: number;
  /** Share of the way to where the decay leads, for each unit of the learning rate. Apart from the gradient, as AdamW has it. */
  readonly weightDecay: number;
  /** Steps made, this one included. */
  readonly step: number;
}

/** One step of AdamW. `restsAt` gives the value towards which the parameter in a position decays. */
export function adamWStep(state: AdamWState, gradient: Float32Array, rates: AdamWRates, restsAt: (position: number) => number): void {
  const { parameters, firstMoment, secondMoment } = state;
  const { learningRate: rate, weightDecay, step } = rates;
  const firstScale = 1 / (1 - BETA_1 ** step);
  const secondScale = 1 / (1 - BETA_2 ** step);
  if (weightDecay > 0) {
    for (let i = 0; i < parameters.length; i += 1) {
      const value = parameters[i] ?? 0;
      parameters[i] = value - rate * weightDecay * (value - restsAt(i));
    }
  }
  for (let i = 0; i < parameters.length; i += 1) {
    const slope = gradient[i] ?? 0;
    const first = BETA_1 * (firstMoment[i] ?? 0) + (1 - BETA_1) * slope;
    const second = BETA_2 * (secondMoment[i] ?? 0) + (1 - BETA_2) * slope * slope;
    firstMoment[i] = first;
    secondMoment[i] = second;
    parameters[i] = (parameters[i] ?? 0) - (rate * (first * firstScale)) / (Math.sqrt(second * secondScale) + EPSILON);
  }
}
