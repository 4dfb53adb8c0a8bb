import os from "node:os";
import { performance } from "node:perf_hooks";
import { trainingSetFailure } from "#core/training/checkTraining";
import { trainBatches } from "#core/training/trainBatches";
import type { TrainedStretch } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { err, ok, type Result } from "#core/util/result";
import type { FromProcess, ToProcess } from "../process/processTraffic";
import { TaskQueue, URGENCY, type SlicedCalculation } from "../process/taskQueue";
import { ProductKernel } from "./productKernel";
import { ReceivedSet } from "./setParts";
import type { Advance, SetPart, TrainerTraffic } from "./trainerMessages";

/** Messages are read after so long: one that cancels acts within this and a step. */
const SLICE_MS = 30;
const PROGRESS_MS = 250;

/** All that happens inside the training process. Requests are answered one after the other, a slice at a time. */
export class TrainerService {
  readonly #send: (message: FromProcess<TrainerTraffic>) => void;
  readonly #queue = new TaskQueue();
  readonly #kernel = new ProductKernel();
  #received: ReceivedSet | undefined;
  /** Undefined until a set is whole and good. */
  #set: TrainingSet | undefined;

  constructor(send: (message: FromProcess<TrainerTraffic>) => void) {
    this.#send = send;
  }

  receive(message: ToProcess<TrainerTraffic>): void {
    if ("cancel" in message) this.#queue.cancel(message.cancel);
    else void this.#answer(message.id, message.request);
  }

  async #answer(id: number, request: SetPart | Advance): Promise<void> {
    try {
      const work: SlicedCalculation<Result<null | TrainedStretch>> =
        request.kind === "advance" ? this.#advance(id, request) : this.#take(request);
      this.#send({ id, result: await this.#queue.add(id, URGENCY.open, work) });
    } catch (error) {
      this.#send({ id, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  *#take(part: SetPart): SlicedCalculation<Result<null>> {
    yield;
    if (part.kind === "beginSet") {
      this.#set = undefined;
      this.#received = new ReceivedSet(part);
      if (part.background) giveWay();
      return ok(null);
    }
    if (this.#received === undefined) throw new Error("a training set begins with beginSet");
    this.#received.put(part);
    if (part.kind !== "endSet") return ok(null);
    const unfit = trainingSetFailure(this.#received.set);
    if (unfit !== undefined) return err(unfit);
    this.#set = this.#received.set;
    return ok(null);
  }

  *#advance(id: number, { state, work }: Advance): SlicedCalculation<Result<TrainedStretch>> {
    yield;
    if (this.#set === undefined) {
      return err({ reason: "not-ready", message: "Nothing to train on has been loaded.", nextStep: "Begin the training again." });
    }
    const steps = trainBatches(state, work, this.#set, this.#kernel);
    const total = work.batches.length;
    let sliceStart = performance.now();
    // The first step is told of at once.
    let told = Number.NEGATIVE_INFINITY;
    let losses: number[] = [];
    for (let done = 1; ; done += 1) {
      const step = steps.next();
      if (step.done === true) return step.value;
      losses.push(step.value);
      const now = performance.now();
      if (now - told >= PROGRESS_MS || done === total) {
        this.#send({ id, progress: { done, total, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length } });
        told = now;
        losses = [];
      }
      if (now - sliceStart < SLICE_MS) continue;
      yield;
      sliceStart = performance.now();
    }
  }
}

/** A process may lower its priority, but not raise it to this again. */
function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL: below } = os.constants.priority;
  if (os.getPriority() < below) os.setPriority(below);
}
