import type { Outcome } from "#protocol/outcome";
import type { TrainingRunView, TrainingState, TrainingStatus } from "#protocol/training";
import { refused } from "./failures";
import { courseOf, curvesTo, idle, ROUNDS } from "./fakeCourse";
import { gain, newRun, roundOf } from "./fakeRuns";

const settings: TrainingState["settings"] = [
  { name: "sampler.num_negatives", value: "5", description: "Negatives wanted for each query where there is no mix." },
  {
    name: "training.temperature",
    value: "0.05",
    description: "tau of the softmax over scores, for the training and for the gradients shown.",
  },
  {
    name: "training.adapter.sides",
    value: '"query"',
    description: "Only query vectors are moved, and document vectors stay as they are indexed.",
  },
  {
    name: "training.adapter.regularization",
    value: "0.001",
    description: "lambda of the penalty lambda |W - I|^2, which holds the adapter near the frozen encoder.",
  },
  { name: "training.num_train_epochs", value: "18", description: "Passes over the training queries, at most." },
  { name: "training.batch_size", value: "64", description: "Queries a batch." },
  { name: "training.learning_rate", value: "0.001", description: "Highest learning rate of AdamW." },
  {
    name: "training.rounds.count",
    value: "3",
    description: "Rounds of training. Negatives are mined again with the adapter before each but the first.",
  },
  {
    name: "training.validation_share",
    value: "0.15",
    description: "Share of the queries that training does not see and that decide when it stops.",
  },
  {
    name: "training.test_share",
    value: "0.25",
    description: "Share of the queries that only the comparison with the frozen encoder sees.",
  },
];

/** A trainer that learns nothing: it goes through the phases of a run tick by tick, on curves that are computed from the step. */
export class FakeTraining {
  adapterInUse: string | undefined;
  #runs: readonly TrainingRunView[];
  /** What is still to be told of the run under way. */
  #ahead: readonly TrainingStatus[] = [];
  #status: TrainingStatus = idle;

  constructor(runs: readonly TrainingRunView[] = []) {
    this.#runs = runs;
  }

  get status(): TrainingStatus {
    return this.#status;
  }

  state(revision: number, newCandidates: number): Outcome<TrainingState> {
    const { adapterInUse } = this;
    return {
      ok: true,
      value: {
        revision,
        status: this.#status,
        ...(adapterInUse === undefined ? {} : { adapterInUse }),
        runs: this.#runs,
        settings,
        newCandidates,
      },
    };
  }

  start(resume: string | undefined): Outcome<{ readonly run: string }> {
    if (this.#status.phase !== "idle") return refused("A run is under way already.", "Stop it first, or wait for its end.");
    const name = resume ?? `run-${String(this.#runs.length + 1)}`;
    const known = this.#runs.find((run) => run.name === name);
    const from = known?.rounds.reduce((sum, { steps }) => sum + steps, 0) ?? 0;
    this.#ahead = courseOf(name).filter(({ step, phase }) => step >= from && !(phase === "mining" && step < from));
    this.#put({ ...(known ?? newRun(name)), state: "running", canResume: false });
    this.tick();
    return { ok: true, value: { run: name } };
  }

  /** As before a run that was asked for while texts are still embedded. */
  wait(run: string, done: number, total: number): void {
    this.#status = { ...idle, run, rounds: ROUNDS, phase: "embedding", done, total };
  }

  stop(): Outcome<null> {
    if (this.#status.phase === "idle") return refused("No run is under way.", "Start one with Train.");
    if (this.#status.phase === "embedding") {
      this.#status = idle;
      return { ok: true, value: null };
    }
    this.#status = { ...this.#status, phase: "stopping", done: 0, total: 0 };
    this.#ahead = [];
    return { ok: true, value: null };
  }

  /** The next word on the run under way; after the last one the run is over. */
  tick(): void {
    const next = this.#ahead[0];
    this.#ahead = this.#ahead.slice(1);
    if (next !== undefined) {
      this.#status = next;
      this.#putRounds(next);
      return;
    }
    const stopped = this.#status.phase === "stopping";
    if (stopped) this.#end({ state: "stopped", ending: "You stopped it. What it has learnt is kept.", canResume: true });
    else
      this.#end({
        state: "finished",
        ending: "All rounds are done; the best adapter was that of epoch 16.",
        comparison: gain,
        adapter: `${this.#name}-best`,
      });
  }

  /** Ends the run under way as something has gone wrong. */
  breakOff(state: "finished" | "failed" | "interrupted", ending: string): void {
    this.#ahead = [];
    this.#end({ state, ending, canResume: state === "interrupted" });
  }

  get #name(): string {
    return this.#status.run ?? "";
  }

  #end(end: Partial<TrainingRunView>): void {
    const run = this.#runs.find(({ name }) => name === this.#name);
    if (run !== undefined) this.#put({ ...run, seconds: this.#status.seconds, curves: curvesTo(this.#status.step), ...end });
    this.#status = idle;
  }

  #put(run: TrainingRunView): void {
    this.#runs = [run, ...this.#runs.filter(({ name }) => name !== run.name)];
  }

  /** Rounds that are over are in the report at once. */
  #putRounds({ run: name, phase, round }: TrainingStatus): void {
    const run = this.#runs.find((each) => each.name === name);
    const over = phase === "saving" ? round + 1 : phase === "evaluating" ? round : round - 1;
    if (run !== undefined) this.#put({ ...run, rounds: Array.from({ length: over }, (_, index) => roundOf(index + 1)) });
  }
}
