import type { TrainingConfig } from "../config/trainingSchema";
import type { Failure } from "../util/failure";

/** What of the training decides the gradients of a query's own negatives. */
export interface GradientSettings {
  /** tau, above 0. */
  readonly temperature: number;
  /** alpha: exp(alpha s) multiplies a negative's term of the softmax, and no gradient flows through it. 0 where hardness does not count. */
  readonly hardness: number;
}

/** The user's own loss, at its temperature or at another. */
export function gradientSettings(training: TrainingConfig, temperature: number = training.temperature): GradientSettings {
  const { hardness_mode, hardness_strength } = training;
  const weighs = hardness_mode === "hard_negatives" || hardness_mode === "all_negatives";
  return { temperature, hardness: weighs ? hardness_strength : 0 };
}

/** Below this, scores over tau would leave the range of numbers. */
const leastTemperature = 1e-6;

/** Why there can be no gradients at a temperature; undefined where there can. */
export function temperatureFault(temperature: number): Failure | undefined {
  if (temperature >= leastTemperature && Number.isFinite(temperature)) return undefined;
  return {
    reason: "bad-arguments",
    message: `The temperature tau is ${String(temperature)}, and the softmax needs one above 0, at least ${leastTemperature.toFixed(6)}.`,
    nextStep: "Choose one such as 0.05; 1 / tau is sentence-transformers' scale.",
  };
}
