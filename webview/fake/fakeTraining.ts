import type { Outcome } from "#protocol/outcome";
import type {
  ComparisonView,
  CompareRoundsParams,
  LossPoint,
  RoundChange,
  RoundComparison,
  RoundView,
  TrainingCurves,
  TrainingRunView,
  TrainingState,
  TrainingStatus,
  ValidationPoint,
} from "#protocol/training";
import { fakeDataset } from "./fakeDataset";
import type { FakeQuery } from "./passages";

const ROUNDS = 3;
const EPOCHS = 6;
const STEPS = 20;
const TOTAL = ROUNDS * EPOCHS * STEPS;
const FROZEN = 0.381;
/** Steps between two points of the loss. */
const APART = 5;

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

/** What two rounds made of the scripted queries. */
export function compareFake(queries: readonly FakeQuery[], { run, from, to, query }: CompareRoundsParams): Outcome<RoundComparison> {
  const changed = queries.flatMap(({ text, candidates }, index) => {
    const changes = candidates.map((_, i) => changeOf(i));
    const [added, dropped] = ["added", "dropped"].map((kind) => changes.filter((change) => change === kind).length);
    return (added ?? 0) + (dropped ?? 0) === 0 ? [] : [{ query: index, text, added: added ?? 0, dropped: dropped ?? 0 }];
  });
  const shown = changed.find((each) => each.query === query) ?? changed[0];
  const changes =
    shown === undefined
      ? []
      : (queries[shown.query]?.candidates ?? []).map((text, i) => changeView(`${queries[shown.query]?.id ?? ""}/n${String(i)}`, text, i));
  return {
    ok: true,
    value: { run, from, to, changed, changedQueries: changed.length, ...(shown === undefined ? {} : { query: { ...shown, changes } }) },
  };
}

/** Runs of earlier days: one that helped, one whose gain cannot be told from nothing, and one that was stopped. */
export const earlierRuns: readonly TrainingRunView[] = [
  {
    ...newRun("run-3"),
    state: "stopped",
    seconds: 41,
    started: "2026-11-22T16:20:00Z",
    rounds: [roundOf(1)],
    curves: curvesTo(EPOCHS * STEPS),
    ending: "You stopped it. What it has learnt is kept.",
    canResume: true,
  },
  {
    ...newRun("run-2"),
    state: "finished",
    seconds: 97,
    started: "2026-11-21T09:05:00Z",
    rounds: [1, 2, 3, 4].map(roundOf),
    curves: curvesTo(TOTAL),
    ending: "All rounds are done; the best adapter was that of epoch 16.",
    comparison: comparisonOf(0.047, 0.021, true),
    adapter: "run-2-best",
    canResume: false,
  },
  {
    ...newRun("run-1"),
    state: "finished",
    seconds: 12,
    started: "2026-11-20T17:40:00Z",
    rounds: [roundOf(1)],
    ending: "No gain in nDCG@10 on the validation queries for 5 epochs.",
    comparison: comparisonOf(0.006, 0.019, false),
    adapter: "run-1-best",
    canResume: false,
  },
];

const idle: TrainingStatus = {
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
const gain = comparisonOf(0.047, 0.021, true);

function newRun(name: string): TrainingRunView {
  return {
    name,
    state: "running",
    started: "2026-11-23T08:15:00Z",
    seconds: 0,
    trainQueries: 1502,
    validationQueries: 376,
    testQueries: 626,
    taughtQueries: 212,
    rounds: [],
    canResume: false,
  };
}

/** Every word on a run from its beginning to its end, in order. */
function courseOf(run: string): readonly TrainingStatus[] {
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
function lossesTo(step: number): readonly LossPoint[] {
  return Array.from({ length: Math.floor(step / APART) }, (_, index) => {
    const at = (index + 1) * APART;
    const round = Math.floor((at - 1) / (EPOCHS * STEPS));
    const within = at - round * EPOCHS * STEPS;
    return { step: at, loss: 0.62 + 0.05 * round + (1.1 - 0.35 * round) * Math.exp(-within / 35) + 0.03 * Math.sin(at * 1.7) };
  });
}

function curvesTo(step: number): TrainingCurves {
  return { losses: lossesTo(step), validations: validationsTo(step), frozenNdcg: FROZEN };
}

function validationsTo(step: number): readonly ValidationPoint[] {
  return Array.from({ length: Math.floor(step / STEPS) }, (_, index) => {
    const epoch = index + 1;
    const ndcg = FROZEN - 0.004 + 0.055 * (1 - Math.exp(-epoch / 5)) + 0.003 * Math.sin(epoch * 2.1);
    return { step: epoch * STEPS, round: Math.ceil(epoch / EPOCHS), epoch, ndcg };
  });
}

function roundOf(round: number): RoundView {
  const emitted = 1502 * 5;
  const added = round === 1 ? emitted : Math.round(emitted * 0.42 ** (round - 1));
  const steps = round > ROUNDS ? 0 : EPOCHS * STEPS;
  return {
    round,
    steps,
    added,
    dropped: round === 1 ? 0 : added - 12,
    kept: emitted - added,
    hardness: 0.512 + 0.021 * (round - 1) - 0.004 * (round - 1) ** 2,
    overlap: 0.55 + 0.07 * round,
    markedShare: 0.01 * round,
    ...(round === 1 ? {} : { falseNegatives: 0.07 + 0.012 * round }),
    // The round after the last one only mines.
    ...(steps === 0 ? {} : { loss: lossesTo(round * steps).at(-1)?.loss ?? 0, ndcg: validationsTo(round * steps).at(-1)?.ndcg ?? 0 }),
  };
}

/** A comparison whose nDCG@10 differs by so much, with an interval of so much to either side. */
function comparisonOf(difference: number, half: number, isGain: boolean): ComparisonView {
  const metric = (name: string, frozen: number, factor: number) => {
    const by = difference * factor;
    return { name, frozen, adapted: frozen + by, difference: by, low: by - half * factor, high: by + half * factor };
  };
  return {
    queries: 626,
    metrics: [metric("nDCG@10", 0.372, 1), metric("MRR@10", 0.334, 1.1), { ...metric("recall@100", 0.781, 0.4), low: -0.006 }],
    sentence: isGain
      ? "On 626 held-out queries nDCG@10 rises by 0.047 (95 % interval +0.026 to +0.068)."
      : "On 626 held-out queries nDCG@10 changes by +0.006 (95 % interval −0.013 to +0.025): this cannot be told from no change at all.",
    isGain,
  };
}

function changeOf(i: number): RoundChange["change"] {
  return i % 4 === 0 ? "added" : i % 4 === 1 ? "dropped" : "kept";
}

function changeView(key: string, text: string, i: number): RoundChange {
  const change = changeOf(i);
  const reasons = {
    added: "The adapter brings it nearer to the query: it came within the 30 nearest.",
    dropped: "It is now within the relative margin of the lowest positive.",
    kept: "Emitted in both rounds.",
  } as const;
  return {
    key,
    id: key,
    text,
    change,
    ...(change === "added" ? { rankTo: i + 1 } : { rankFrom: i + 2, rankTo: i + 1 }),
    ...(change === "added" ? { scoreTo: 0.71 - 0.01 * i } : { scoreFrom: 0.68 - 0.01 * i, scoreTo: 0.7 - 0.01 * i }),
    reason: reasons[change],
    ...(i === 1 ? { verdict: "true_negative" } : {}),
  };
}

function refused(
  message: string,
  nextStep: string,
): { readonly ok: false; readonly failure: { reason: string; message: string; nextStep: string } } {
  return { ok: false, failure: { reason: "refused", message, nextStep } };
}
