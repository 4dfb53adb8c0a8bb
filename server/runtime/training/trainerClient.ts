import type { TrainedStretch, Trainer, TrainerState, TrainingOptions, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { ok, type Result } from "#core/util/result";
import { ProcessLink, type ProcessLinkOptions, type ProcessWords } from "../vectors/processLink";
import type { LoadSet, TrainerTraffic } from "./trainerMessages";

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
    this.#set = undefined;
    const loaded = await this.#link.send(() => this.#loadRequest(set), {});
    if (loaded.ok) this.#set = set;
    return loaded;
  }

  async advance(state: TrainerState, work: TrainingWork, options: TrainingOptions): Promise<Result<TrainedStretch>> {
    return this.#link.send(() => ({ kind: "advance", state, work }), options);
  }

  dispose(): Promise<void> {
    return this.#link.dispose();
  }

  #refill(): Promise<Result<null>> {
    const set = this.#set;
    return set === undefined ? Promise.resolve(ok(null)) : this.#link.send(() => this.#loadRequest(set), { refilling: true });
  }

  #loadRequest(set: TrainingSet): LoadSet {
    return { kind: "load", set, background: this.#background };
  }
}
