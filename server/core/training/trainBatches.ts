import type { Failure } from "../util/failure";
import { itemAt } from "../util/itemAt";
import { err, ok, type Result } from "../util/result";
import { adamWStep, clipGradients, learningRate, type AdamWState } from "./adamW";
import { AdapterPass } from "./adapterPass";
import { trainingWorkFailure } from "./checkTraining";
import { batchBounds, contrastiveBatch } from "./contrastiveBatch";
import { copyRows, fillMatrix, type Matrix, type MatrixKernel } from "./matrixKernel";
import type { AdapterShape, TrainedStretch, TrainerState, TrainingWork } from "./trainer";
import type { TrainingSet } from "./trainingSet";

/**
 * Makes one step of AdamW for each batch, and yields its loss. The state given is left as it is. Same state, work, set and kind of kernel: same
 * bytes. The kernel's memory is taken until the end. `set` must have passed `trainingSetFailure`.
 */
export function* trainBatches(
  state: TrainerState,
  work: TrainingWork,
  set: TrainingSet,
  kernel: MatrixKernel,
): Generator<number, Result<TrainedStretch>, undefined> {
  const { settings, totalSteps, epoch } = work;
  const unfit = trainingWorkFailure(state, work, set);
  if (unfit !== undefined) return err(unfit);
  const pass = new AdapterPass(kernel, state.shape, batchBounds(set, work.batches));
  const learnt = new LearntParameters(state, pass.map.parameters);
  const gradients = pass.map.gradients.map(({ rows, columns }) => new Float32Array(rows * columns));
  const losses = new Float32Array(work.batches.length);
  for (let index = 0; index < work.batches.length; index += 1) {
    const batch = contrastiveBatch(set, { examples: itemAt(work.batches, index), epoch, settings });
    const loss = pass.lossAndGradient(set, batch, settings);
    // Losses are handed on in 32 bits.
    if (!Number.isFinite(Math.fround(loss))) return err(diverged(`The loss is ${String(loss)}`, state.step + index + 1));
    pass.map.gradients.forEach((gradient, part) => copyRows(gradient, itemAt(gradients, part)));
    const norm = clipGradients(gradients, settings.max_grad_norm);
    if (!Number.isFinite(norm)) return err(diverged(`The length of the gradient is ${String(norm)}`, state.step + index + 1));
    learnt.step(gradients, learningRate(state.step + index, totalSteps, settings), settings.weight_decay);
    losses[index] = loss;
    yield loss;
  }
  const after = learnt.state();
  if (!after.parameters.every(Number.isFinite)) return err(diverged("A number of the adapter is no longer finite", after.step));
  return ok({ state: after, losses });
}

function diverged(what: string, step: number): Failure {
  return {
    reason: "diverged",
    message: `${what} in training step ${String(step)}. The adapter from before is kept.`,
    nextStep: "Set a lower training.learning_rate.",
  };
}

/** Parameters with their moments, on their way from one state to the next, and their copies in the kernel's memory. */
class LearntParameters {
  readonly #shape: AdapterShape;
  readonly #matrices: readonly Matrix[];
  readonly #parts: readonly AdamWState[];
  readonly #whole: AdamWState;
  #step: number;

  constructor({ shape, step, ...given }: TrainerState, matrices: readonly Matrix[]) {
    this.#shape = shape;
    this.#matrices = matrices;
    this.#step = step;
    const whole = {
      parameters: given.parameters.slice(),
      firstMoment: given.firstMoment.slice(),
      secondMoment: given.secondMoment.slice(),
    };
    this.#whole = whole;
    const size = whole.parameters.length / matrices.length;
    this.#parts = matrices.map((_, index) => {
      const part = (values: Float32Array): Float32Array => values.subarray(index * size, (index + 1) * size);
      return { parameters: part(whole.parameters), firstMoment: part(whole.firstMoment), secondMoment: part(whole.secondMoment) };
    });
    this.#fillMatrices();
  }

  step(gradients: readonly Float32Array[], rate: number, weightDecay: number): void {
    this.#step += 1;
    const rates = { learningRate: rate, weightDecay, step: this.#step };
    const { dimensions, rank } = this.#shape;
    // W decays towards I; U and V towards 0, where W is I.
    const restsAt = rank === null ? (position: number): number => (position % (dimensions + 1) === 0 ? 1 : 0) : (): number => 0;
    this.#parts.forEach((part, index) => adamWStep(part, itemAt(gradients, index), rates, restsAt));
    this.#fillMatrices();
  }

  state(): TrainerState {
    return { shape: this.#shape, ...this.#whole, step: this.#step };
  }

  #fillMatrices(): void {
    this.#matrices.forEach((matrix, index) => fillMatrix(matrix, itemAt(this.#parts, index).parameters));
  }
}
