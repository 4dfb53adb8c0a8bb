import type { TrainedStretch, Trainer, TrainerState, TrainingOptions, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { ok, type Result } from "#core/util/result";
import { ProcessLink, type ProcessLinkOptions, type ProcessWords, type SendOptions } from "../process/processLink";
import { setParts } from "./setParts";
import type { StretchProgress, TrainerTraffic } from "./trainerMessages";

export interface TrainerClientOptions extends ProcessLinkOptions {
  /** Gives way to other processes, as an editor wants it. */
  readonly background?: boolean;
}

const WORDS: ProcessWords = {
  name: "training process",
  task: "trains adapters",
  nextStep: "Train again. If it goes on, close other programs or train on fewer queries; the machine may be out of memory.",
};

/**
 * A trainer in a process of its own, started when first needed. When it dies, another is given the set and begins the interrupted stretch anew
 * from the state that it was given, which comes to the same bytes.
 */
export class TrainerClient implements Trainer {
  readonly #link: ProcessLink<TrainerTraffic>;
  readonly #background: boolean;
  /** What the process has, or is to have again. */
  #set: TrainingSet | undefined;

  constructor(options: TrainerClientOptions) {
    this.#background = options.background ?? false;
    this.#link = new ProcessLink(options, WORDS, () => this.#refill());
  }

  /** Undefined while no process runs. */
  get processId(): number | undefined {
    return this.#link.processId;
  }

  async load(set: TrainingSet): Promise<Result<null>> {
    this.#link.forgiveDeaths();
    // From now on: a process that dies while it is being filled is followed by one that gets all parts again.
    this.#set = set;
    const loaded = await this.#sendSet(set, {});
    if (!loaded.ok && this.#set === set) this.#set = undefined;
    return loaded;
  }

  advance(state: TrainerState, work: TrainingWork, options: TrainingOptions): Promise<Result<TrainedStretch>> {
    return this.#link.send(() => ({ kind: "advance", state, work }), options);
  }

  dispose(): Promise<void> {
    return this.#link.dispose();
  }

  #refill(): Promise<Result<null>> {
    return this.#set === undefined ? Promise.resolve(ok(null)) : this.#sendSet(this.#set, { refilling: true });
  }

  async #sendSet(set: TrainingSet, options: SendOptions<StretchProgress>): Promise<Result<null>> {
    for (const part of setParts(set, this.#background)) {
      const taken = await this.#link.send(() => part, options);
      if (!taken.ok) return taken;
    }
    return ok(null);
  }
}
