import type { LabellingOutcome, LabellingPhase, LabellingPlan, LabellingStatus, LabellingTask, LabellingTotals } from "#protocol/labelling";
import type { OpinionView, PairVerdict } from "#protocol/review";
import { count, counted, share, shortCount } from "./format";
import { duration } from "./trainingStrings";

export const opinionLabels: Readonly<Record<OpinionView["verdict"], string>> = {
  relevant: "Relevant",
  partly_relevant: "Partly relevant",
  not_relevant: "Not relevant",
  duplicate_of_positive: "Duplicate",
};

/** The verdict of a person that says the same: its shape and colour stand for both. */
export const opinionIcons = {
  relevant: "false_negative",
  partly_relevant: "partly_relevant",
  not_relevant: "true_negative",
  duplicate_of_positive: "duplicate_of_positive",
} as const satisfies Readonly<Record<OpinionView["verdict"], PairVerdict>>;

export const taskLabels: Readonly<Record<LabellingTask, string>> = {
  judge: "Which passages are relevant",
  answer: "Which passages an answer rests on",
};

export const taskHints: Readonly<Record<LabellingTask, string>> = {
  judge: "A verdict with a reason on each candidate, and whether the query or a positive is at fault.",
  answer: "An answer from the passages, and how much each contributes to it: weights for a teacher that training can learn from.",
};

export const labellingPhaseLabels: Readonly<Record<LabellingPhase, string>> = {
  idle: "Not running",
  running: "Asking",
  paused: "Paused",
  stopping: "Stopping",
};

/** The words of the view of second opinions, and of what cards say of them. */
export const opinionStrings = {
  title: "Second opinions",
  toggle: "Opinions",
  close: "Back to the candidates",
  what: "A language model can judge candidates by what they mean, or answer a query and tell which passages its answer rests on.",
  never:
    "Its word is no mark: it takes nothing out of the negatives, promotes nothing, and stays hidden until your own verdict unless the config shows it earlier.",
  loading: "Reading what language models have said",
  stateFailed: "What language models have said cannot be shown.",
  failed: "That did not work.",
  problems: "Some files of suggestions cannot be read",

  task: "What to ask",
  model: "Model",
  confirmModel: "Confirming model",
  confirmWhy:
    "Looks again at what the first model flagged, and its verdicts go before: a dear model need be asked about few passages only.",
  noModel: "none chosen",
  noConfirm: "none: the first model’s verdicts stand",
  offeredBy: (who: string) => `offered by ${who}`,
  choose: "Choose…",
  change: "Change…",
  chooseModel: "Choose the model",
  changeModel: "Change the model",
  chooseConfirm: "Choose the confirming model",
  changeConfirm: "Change the confirming model",
  remove: "None",
  removeConfirm: "None: no confirming model",
  queriesField: "Queries",
  queriesWhy: "At most so many, in the order of the harvest",
  queriesDefault: (n: number) => `labelling.queries in the config is ${count(n)}`,

  planTitle: "What that comes to",
  planChoose: "Choose a model, and what a run comes to is shown here. Nothing is sent before you press a button.",
  planning: "Counting",
  planMining: "Searching the candidates of the whole file; the plan follows.",
  planMiningLabel: "Search for candidates",
  planFailed: "There is no plan.",
  queries: "Queries",
  pairs: "Pairs",
  calls: "Calls",
  callsAtMost: (n: number) => `at most ${count(n)}`,
  cached: "Already answered",
  cachedWhy: "Questions that were answered before; they cost nothing again",
  tokens: "Tokens",
  tokensOf: (input: number, output: number) => `about ${shortCount(input)} in, ${shortCount(output)} out`,
  money: "Money",
  moneyWhy: "In the currency of the prices in your settings",
  moneyAbout: (cost: number) => (cost === 0 ? "nothing" : `about ${price(cost)}`),
  noPrice: "unknown: no price is set",
  leaves: "What leaves this machine",
  spokenPlan: ({ queries, pairs, calls, cost, text }: LabellingPlan) =>
    queries === 0
      ? text
      : [
          counted(queries, "query", "queries"),
          counted(pairs, "pair", "pairs"),
          `at most ${counted(calls, "call", "calls")}`,
          cost === undefined ? "no price is set" : `about ${price(cost)}`,
        ].join(", "),

  dryRun: "Try on three queries",
  dryRunWhy: "Asks about three queries and shows the answers. They are kept, so that the run does not pay for them again; nothing else is.",
  ask: "Ask",
  askWhy: "Starts the run. It can be paused and stopped, and what is answered is kept.",
  starting: "Starting…",
  pause: "Pause",
  pauseWhy: "Asks nothing new until you go on",
  goOn: "Go on",
  goOnLeft: (n: number) => `Go on: ${counted(n, "query", "queries")} left`,
  stop: "Stop",
  stopWhy: "Ends the run at once. What was answered is kept and is not asked again.",
  stopping: "Stopping…",
  runUnderWay: "Run under way",
  dryRunUnderWay: "Dry run under way",
  progressLabel: "Queries asked about",
  done: "Queries done",
  doneOf: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  withoutVerdict: "Without a verdict",
  costSoFar: "Cost so far",
  callsCached: (calls: number, cached: number) =>
    cached === 0 ? count(calls) : `${count(calls)}, ${count(cached)} of them answered before`,
  tokensSoFar: (input: number, output: number) => `${shortCount(input)} in, ${shortCount(output)} out`,
  elapsed: (seconds: number) => `${duration(seconds)} so far`,
  leave: "You can leave this view and go on judging; the run goes on.",
  strip: ({ done, total, failed }: LabellingStatus) =>
    `${count(done)} of ${count(total)}${failed === 0 ? "" : `, ${count(failed)} without a verdict`}`,
  stripShow: "Show the second opinions",
  spokenProgress: ({ phase, done, total, failed, cost }: LabellingStatus) =>
    [
      labellingPhaseLabels[phase],
      `${count(done)} of ${counted(total, "query", "queries")}`,
      failed === 0 ? undefined : `${count(failed)} without a verdict`,
      cost === undefined ? undefined : `cost so far ${price(cost)}`,
    ]
      .filter((part) => part !== undefined)
      .join(", "),

  outcomeTitle: ({ isDryRun, end }: LabellingOutcome) => `${isDryRun ? "Dry run" : "Last run"}: ${endLabels[end]}`,
  outcomeCost: "It cost",
  costWithoutPrice: "no price is set",
  dryRunSeen: "You have now seen these opinions before your own verdict: your marks on these pairs will say so.",
  failedQueries: "Queries without a verdict",
  failedShown: (shown: number, all: number) => `The first ${count(shown)} of ${count(all)}.`,
  failedWhat: "They count as not asked: the next run asks about them again.",
  noVerdict: "No verdict",
  toQuery: (index: number) => `Query ${count(index + 1)}`,
  answer: "Answer",
  evidence: "evidence",
  passage: (isPositive: boolean) => (isPositive ? "Positive" : "Candidate"),
  verdictCounts: (verdicts: readonly OpinionView["verdict"][]) =>
    (Object.keys(opinionLabels) as readonly OpinionView["verdict"][])
      .map((verdict) => ({ verdict, n: verdicts.filter((each) => each === verdict).length }))
      .filter(({ n }) => n > 0)
      .map(({ verdict, n }) => `${count(n)} ${opinionLabels[verdict].toLowerCase()}`)
      .join(", "),
  passageCount: (n: number) => counted(n, "passage", "passages"),

  totalsTitle: "So far",
  totalsNone: "No language model has been asked about this data set.",
  totalsSoon: "What the run finds is counted here a few seconds after it was answered.",
  flagged: "Called relevant, in part or a duplicate",
  ambiguous: "Queries called ambiguous",
  wrongPositives: "Positives called wrong",
  teachersTitle: "Teachers",
  teachers: ({ ranking, flat, oneHot }: LabellingTotals["teachers"]) =>
    `${count(ranking)} with a ranking, ${count(flat)} flat, ${count(oneHot)} one-hot`,
  teachersWhat:
    "A teacher spreads one unit of weight over a query’s passages. A flat one weighs all alike and a one-hot one names a single passage: neither ranks anything, so that training learns from those with a ranking only.",
  teachersNone: "No query has a teacher yet: it takes opinions or an attributed answer on three passages or more.",
  agreementTitle: "Agreement with you",
  agreementNone: "It is computed from pairs that you judged without having seen the opinion; there are none yet.",
  disagreementsLeft: (n: number) =>
    n === 0 ? "No disagreement waits to be looked at." : `${counted(n, "disagreement waits", "disagreements wait")} to be looked at.`,

  opinion: "Second opinion",
  hidden: "A second opinion is shown after your verdict.",
  contribution: (part: number) => `${share(part)} of its answer’s evidence`,
  contributionWhy: "How much the model’s own answer to the query rests on this passage",
  differs: "differs from your verdict",
  foldedDiffers: (verdict: OpinionView["verdict"]) => `second opinion: ${opinionLabels[verdict].toLowerCase()}`,
  decides: "the words that decide",
  ambiguousQuery: "Called ambiguous",
  wrongPositive: "Called wrong",
  saidDiffers: (verdict: OpinionView["verdict"]) => ` · The language model says “${opinionLabels[verdict].toLowerCase()}”`,
  saidPlanning: "The plan is still being made: press again when it is there",
  saidStarted: (isDryRun: boolean) => (isDryRun ? "The dry run has started" : "The run has started"),
  saidPaused: "Paused: nothing new is asked",
  saidResumed: "The run goes on",
  saidStopping: "The run stops; what was answered is kept",
  saidEnded: "The run of second opinions has ended: its report is in that view",
} as const;

const endLabels: Readonly<Record<LabellingOutcome["end"], string>> = {
  finished: "finished",
  stopped: "stopped",
  failed: "ended by a failure",
};

/** An amount in the currency of the person's prices: two digits after the point, or two that count where it is small, as in the outcome's sentences. */
export function price(cost: number): string {
  if (cost === 0) return "0";
  if (cost < 0.0001) return "less than 0.0001";
  return cost >= 0.1 ? cost.toFixed(2) : String(Number(cost.toPrecision(2)));
}
