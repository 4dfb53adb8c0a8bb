import type { RoundChange, RoundView, RunState, TrainingPhase, TrainingStatus } from "#protocol/training";
import { count, counted, measure, share, signed } from "./format";

/** The words of the training view and of new candidates. */
export const trainingStrings = {
  title: "Training",
  toggle: "Learn",
  close: "Back to the candidates",
  loading: "Reading what has been trained",
  failed: "That did not work.",
  stateFailed: "What has been trained cannot be shown.",

  inUse: "In use",
  encoderAsItIs: "Encoder as it is",
  inUseWhy: "model.adapter in the config. Scores, candidates and exports come from it.",
  encoderWhy: "No adapter is in use: scores, candidates and exports come from the encoder alone.",
  train: "Train",
  trainWhy: "Start a new run with the settings of the config",
  stop: "Stop",
  stopWhy: "Stop after the present step. What was learnt stays, and the run can go on later.",
  stopping: "Stopping…",
  resume: (run: string) => `Resume ${run}`,
  resumeWhy: "Go on from its last checkpoint",
  starting: "Starting…",
  openConfig: "Open config",
  settings: "Settings",
  settingsWhy: "From the config; change them there.",

  needsVectors: (done: number, total: number) => `Training needs the vectors of all texts; ${count(done)} of ${count(total)} are there.`,
  needsVectorsStopped: "Training needs the vectors of all texts, and embedding is stopped. Resume it above.",
  needsVectorsFailed: "Training needs the vectors of all texts, and embedding has failed. Retry it above.",
  nothing: "Nothing is trained yet",
  nothingWhat:
    "Training learns one small matrix over the encoder’s vectors, from this file’s positives, its mined negatives and your marks; the encoder itself is not touched.",
  nothingAfter:
    "A finished run is compared with the encoder on queries that it has not seen, and never takes its place by itself: you decide.",

  live: "Run under way",
  progressLabel: "Progress of this phase",
  roundOf: (round: number, rounds: number) => `round ${count(round)} of ${count(rounds)}`,
  epoch: (epoch: number) => `epoch ${count(epoch)}`,
  stepOf: (step: number, total: number) => (total > 0 ? `step ${count(step)} of ${count(total)}` : `step ${count(step)}`),
  elapsed: (seconds: number) => `${duration(seconds)} so far`,
  leave: "You can leave this view and go on marking; the run goes on.",
  lossNow: "Loss",
  ndcgNow: "nDCG@10",
  frozen: "encoder as it is",
  notYet: "not yet",
  noValidation: "No validation queries were set aside.",
  lossTitle: "Loss on the training queries",
  ndcgTitle: "nDCG@10 on the validation queries",
  stepAxis: "step",
  lossCurve: (from: string, to: string, step: number) => `Loss over ${counted(step, "step", "steps")}: from ${from} to ${to}.`,
  ndcgCurve: (best: string, last: string, frozen: string | undefined) =>
    `nDCG@10 on the validation queries: ${last} now, ${best} at best${frozen === undefined ? "" : `, ${frozen} with the encoder as it is`}.`,
  noCurve: "The curve begins with the first steps.",
  asTable: "As a table",
  step: "Step",
  round: "Round",
  epochColumn: "Epoch",
  spoken: (phase: string, place: string, loss: string | undefined, ndcg: string | undefined) =>
    [phase, place, loss === undefined ? undefined : `loss ${loss}`, ndcg === undefined ? undefined : `nDCG at 10 ${ndcg}`]
      .filter((part) => part !== undefined && part !== "")
      .join(", "),
  spokenEnd: "The run has ended",

  runs: "Runs",
  started: (when: string) => `started ${when}`,
  took: (seconds: number) => `took ${duration(seconds)}`,
  queries: (train: number, validation: number, test: number) =>
    `Queries: ${count(train)} to train on, ${count(validation)} for validation, ${count(test)} for the test.`,
  taught: (queries: number) =>
    `${counted(queries, "of those to train on has", "of those to train on have")} a teacher, made of what language models said.`,
  comparisonTitle: (queries: number) => `The encoder as it is against the adapter, on ${counted(queries, "test query", "test queries")}`,
  measureColumn: "Measure",
  frozenColumn: "Encoder",
  adaptedColumn: "Adapter",
  differenceColumn: "Change",
  intervalColumn: "95 % interval",
  intervalLow: (low: number) => `${signed(low)} to`,
  intervalWhy: "Paired bootstrap over the test queries. An interval that holds 0 does not tell a gain from chance.",
  isBetter: "better",
  isWorse: "worse",
  isUnclear: "unclear",
  noComparison: "There is no comparison: no test queries were set aside, or the run ended before it.",
  noAdapter: "It made no adapter: there is nothing to compare or to use.",
  use: "Use this adapter…",
  useWhy: "Shows the change of model.adapter as a diff of the config; nothing is written until you accept it.",
  back: "Go back to the encoder as it is…",
  backTo: (name: string) => `Go back to ${name}…`,
  diffOpen: "Diff is open…",
  saidUse: (name: string) => `${name} is in use; mining again`,
  saidBack: "The encoder is in use as it is; mining again",
  saidStarted: (run: string) => `${run} has started`,
  saidEnded: "The training run has ended: its report is in the training view",
  saidStopping: "The run stops after its present step",
  adapterName: (name: string) => `Adapter ${name}`,

  rounds: "Rounds",
  roundsOf: (run: string) => `Rounds of ${run}`,
  finalRound: "“after” is not trained: it is what the finished adapter brings.",
  noRounds: "No round is over yet.",
  steps: "Steps",
  added: "Added",
  addedWhy: "Negatives that the round before did not have; all of them in the first round",
  dropped: "Dropped",
  droppedWhy: "Negatives of the round before that are gone",
  kept: "Kept",
  keptWhy: "Negatives that the round before had as well",
  hardness: "Hardness",
  hardnessWhy: "Mean score of the negatives under the model they were mined with",
  overlap: "Overlap",
  overlapWhy: "Share of the negatives that are among the model’s own nearest",
  marked: "Marked",
  markedWhy: "Share of the negatives that people have marked",
  falseNegatives: "Est. FN",
  falseNegativesWhy: "Estimated share of false negatives, from the marks; empty while there are too few of them",
  loss: "Loss",
  lossWhy: "Mean loss of the round’s last epoch",
  ndcg: "nDCG@10",
  ndcgWhy: "On the validation queries, after the round",
  roundsChart: (rounds: number) =>
    `Share of new negatives and hardness over ${counted(rounds, "round", "rounds")}; the figures are in the table.`,
  newShare: "New negatives, share",
  hardnessChart: "Hardness, mean score",

  compare: "Compare rounds",
  compareWhy: "Whose negatives changed between two rounds, and why",
  fromRound: "From",
  toRound: "to",
  roundOption: (round: RoundView) => (round.steps > 0 ? `round ${count(round.round)}` : "after training"),
  sameRound: "Choose two different rounds.",
  comparing: "Comparing the rounds",
  changedOf: (shown: number, all: number) =>
    shown < all
      ? `the ${count(shown)} that changed most of ${count(all)} changed queries`
      : counted(all, "changed query", "changed queries"),
  noChange: "No query’s negatives differ between these rounds.",
  changedQueries: "Changed queries",
  changeOf: (added: number, dropped: number) => `+${count(added)} −${count(dropped)}`,
  changeSpoken: (added: number, dropped: number) => `${count(added)} added, ${count(dropped)} dropped`,
  changesOf: "Changes of this query",
  openQuery: "Open query",
  openQueryWhy: "Show this query in the review",
  queryGone: "This query is not in the data set any more.",
  place: (rank: number, score: number | undefined) =>
    score === undefined ? `rank ${count(rank)}` : `rank ${count(rank)}, score ${measure(score)}`,
  fromTo: (from: string, to: string) => `${from} → ${to}`,
  onlyAfter: (place: string) => `now ${place}`,
  onlyBefore: (place: string) => `before ${place}`,

  newChip: "new",
  newChipWhy: "Brought by the adapter in use, not there with the encoder as it is, and not judged yet",
  newTitle: "New candidates",
  newSome: (n: number) =>
    n === 1
      ? "1 negative is new with the adapter and nobody has judged it."
      : `${count(n)} negatives are new with the adapter and nobody has judged them.`,
  newNone: "Every negative that the adapter brought has been judged.",
  goToNew: "Next new candidate",
  noNewTitle: "The next new candidate was not found.",
  saidNoNew: "No new candidate is left",
  saidNew: (position: number, total: number) => `New candidate, query ${count(position)} of ${count(total)}`,

  stripShow: "Show the training",
} as const;

export const trainingPhaseLabels: Readonly<Record<TrainingPhase, string>> = {
  idle: "Not training",
  embedding: "Waiting for the vectors",
  mining: "Mining negatives",
  training: "Training",
  evaluating: "Comparing on held-out queries",
  saving: "Saving the adapter",
  stopping: "Stopping",
};

export const runStateLabels: Readonly<Record<RunState, string>> = {
  running: "under way",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
  interrupted: "interrupted",
};

export const changeLabels: Readonly<Record<RoundChange["change"], string>> = { added: "added", dropped: "dropped", kept: "kept" };

/** A round's number, and "after" for what a finished adapter brings, which is mined in a round of no steps. */
export function roundName({ round, steps }: Pick<RoundView, "round" | "steps">): string {
  return steps > 0 ? count(round) : "after";
}

/** "8 s", "2 min 05 s", "1 h 02 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  return minutes < 60 ? `${String(minutes)} min ${two(whole % 60)} s` : `${String(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** How far a phase is; a training that knows its steps is measured by them, since its epochs are short. */
export function progressOf({ phase, step, totalSteps, done, total }: TrainingStatus): { readonly done: number; readonly total: number } {
  return phase === "training" && totalSteps > 0 ? { done: step, total: totalSteps } : { done, total };
}

/** What the strip says of a run after its phase: "round 2 of 3, 45 %, nDCG@10 0.412". */
export function stripText(status: TrainingStatus): string {
  const { round, rounds, validations } = status;
  const { done, total } = progressOf(status);
  const ndcg = validations.at(-1)?.ndcg;
  return [
    rounds > 1 && round > 0 ? trainingStrings.roundOf(round, rounds) : "",
    total > 0 ? share(done / total) : "",
    ndcg === undefined ? "" : `${trainingStrings.ndcgNow} ${measure(ndcg)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
