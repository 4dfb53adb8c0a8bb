import { trainingSetFailure } from "#core/training/checkTraining";
import { plainKernel } from "#core/training/plainKernel";
import { trainBatches } from "#core/training/trainBatches";
import type { TrainedStretch, Trainer, TrainerState, TrainingOptions, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { err, ok, type Result } from "#core/util/result";

/** A trainer without a process. Between two batches other work gets its turn, so that it can be stopped. */
export class InProcessTrainer implements Trainer {
  /** Called before each batch, with its number in the run of this trainer. */
  readonly #beforeBatch: (batch: number) => void | Promise<void>;
  #set: TrainingSet | undefined;
  #batches = 0;

  constructor(beforeBatch: (batch: number) => void | Promise<void> = () => undefined) {
    this.#beforeBatch = beforeBatch;
  }

  load(set: TrainingSet): Promise<Result<null>> {
    const failure = trainingSetFailure(set);
    this.#set = failure === undefined ? set : undefined;
    return Promise.resolve(failure === undefined ? ok(null) : err(failure));
  }

  async advance(state: TrainerState, work: TrainingWork, { cancellation, onProgress }: TrainingOptions): Promise<Result<TrainedStretch>> {
    if (this.#set === undefined) throw new Error("Nothing was loaded.");
    const steps = trainBatches(state, work, this.#set, plainKernel);
    for (let done = 0; ; done += 1) {
      await this.#beforeBatch((this.#batches += 1));
      if (cancellation.requested) return err({ reason: "cancelled", message: "Stopped." });
      const step = steps.next();
      if (step.done === true) return step.value;
      onProgress?.({ done: done + 1, total: work.batches.length, loss: step.value });
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
