import type { Verdict } from "#protocol/review";
import type { DatasetStatus } from "#protocol/status";
import { count, counted } from "./format";
import type { Action } from "./keymap";

/** Every word the panel shows, in one place; those of the sampler and of the training view are in `samplerStrings` and `trainingStrings`. */
export const verdictLabels: Readonly<Record<Verdict, string>> = {
  true_negative: "True negative",
  false_negative: "False negative",
  partly_relevant: "Partly relevant",
  duplicate_of_positive: "Duplicate",
  cant_tell: "Can't tell",
  later: "Later",
  bad_positive: "Bad positive",
  bad_query: "Bad query",
};

export const verdictHints: Readonly<Record<Verdict, string>> = {
  true_negative: "Does not answer the query. Stays a negative, now verified.",
  false_negative: "Answers the query. Leaves the negatives and becomes a positive on export.",
  partly_relevant: "Answers part of it. Leaves the negatives, is not promoted.",
  duplicate_of_positive: "Says the same as a positive. Leaves the negatives.",
  cant_tell: "You cannot judge this one. It is not offered to you again.",
  later: "Decide another time. Stays in the list.",
  bad_positive: "Does not answer the query. No longer a positive on export.",
  bad_query: "Unusable query. It is left out of the export.",
};

export const actionLabels: Readonly<Record<Action, string>> = {
  true_negative: "True negative",
  false_negative: "False negative (relevant)",
  partly_relevant: "Partly relevant",
  duplicate_of_positive: "Duplicate of the positive",
  cant_tell: "Can't tell",
  later: "Later",
  bad_positive: "Bad positive",
  bad_query: "Bad query",
  undo: "Undo",
  redo: "Redo",
  next_query: "Next query with work left",
  previous_query: "Previous query with work left",
  next_card: "Next card",
  previous_card: "Previous card",
  next_new: "Next new candidate, in this query or a later one",
  go_to_source: "Go to the source line",
  toggle_dropped: "Show dropped candidates",
  toggle_overlap: "Mark shared terms: solid with the query, dotted with a positive, double with both",
  toggle_blind: "Blind: hide score, rank and source",
  show_text: "Show the whole text",
  toggle_sampler: "Sampler: thresholds with a preview, beside the candidates",
  show_sampler: "Show the sampler",
  toggle_gradients: "Gradients: what each candidate does to the training, in plots",
  show_gradients: "Show the gradients",
  toggle_training: "Learn: train the adapter, compare its rounds, adopt it or go back",
  show_training: "Show the training",
  key_sheet: "Key sheet",
};

export const groupLabels = { verdict: "Verdict on the card", query: "Verdict on the query", move: "Move", show: "Show" } as const;

/** Rules of the miner as headings over what they dropped. Another rule is shown by its name. */
const ruleLabels: Readonly<Record<string, string>> = {
  marked: "Left by your verdict",
  own_positive: "A positive of this query",
  query_text: "Same text as the query",
  where: "Not what the config's where asks for",
  range_min: "Nearer than the rank window",
  range_max: "Beyond the rank window",
  adjacent: "Beside a positive in its article",
  near_query: "Near-duplicate of the query",
  near_duplicate: "Near-duplicate of a positive",
  max_positive_similarity: "Too similar to a positive",
  absolute_margin: "Within the absolute margin",
  relative_margin: "Within the relative margin",
  max_score: "Above the highest score allowed",
  min_score: "Below the lowest score allowed",
  same_text: "Same text as a chosen one",
  not_rescored: "Beyond what is scored anew",
  rescore_absolute_margin: "New score within the absolute margin",
  rescore_relative_margin: "New score within the relative margin",
  rescore_max_score: "New score above the highest allowed",
  rescore_min_score: "New score below the lowest allowed",
  diversity: "Near-duplicate of a chosen negative",
  not_sampled: "Not drawn by the sampler",
};

const sourceLabels: Readonly<Record<string, string>> = {
  top: "nearest",
  random: "random",
  window: "rank window",
  simans: "SimANS",
  bm25: "lexical (BM25)",
  hybrid: "dense + BM25",
  same_article: "same article",
  same_topic: "same topic",
  listed: "from the file",
};

export function ruleLabel(rule: string): string {
  return ruleLabels[rule] ?? rule.replaceAll("_", " ");
}

export function sourceLabel(source: string): string {
  return sourceLabels[source] ?? source;
}

export const strings = {
  appTitle: "Nearmiss review",
  header: "Data set and progress",
  position: "Query number",
  ofTotal: (total: number) => `of ${count(total)}`,
  nextQuery: "Next query",
  previousQuery: "Previous query",
  marked: (n: number) => `${count(n)} marked`,
  falseNegatives: (n: number) => counted(n, "false negative", "false negatives"),
  reviewed: (part: number, whole: number) => `${count(part)} of ${counted(whole, "query", "queries")} reviewed`,
  exportButton: "Export…",
  openConfig: "Open config",

  query: "Query",
  positives: "Positives",
  positive: "Positive",
  promoted: "promoted by you",
  noPositives: "This query has no positive.",
  noPositivesNext:
    "Margins cannot be taken and exports leave the query out. Add a positive to its line, or mark a candidate as false negative.",
  line: (line: number) => `line ${count(line)}`,
  alsoLine: (line: number) => `also line ${count(line)}`,
  goToLine: (file: string, line?: number) => (line === undefined ? `Go to ${file}` : `Go to line ${count(line)} of ${file}`),

  candidates: "Candidates",
  candidate: (position: number) => `Candidate ${count(position)}`,
  droppedCandidate: (position: number) => `Dropped candidate ${count(position)}`,
  none: "none",
  candidatesOf: "Candidates of this query",
  toJudge: (n: number) => (n === 0 ? "all judged" : `${count(n)} to judge`),
  droppedToggle: (n: number) => `Dropped ${count(n)}`,
  droppedHeading: "Dropped",
  overlapToggle: "Shared terms",
  blindToggle: "Blind",
  lexical: "Lexical (BM25)",
  lexicalWhy: "Lexical (BM25), embeddings still coming",
  lexicalStopped: "Lexical (BM25), embeddings stopped",
  rank: (rank: number) => `rank ${count(rank)}`,
  drawn: "not ranked",
  similarity: "similarity",
  bm25: "BM25",
  below: (margin: string) => `${margin} below the positive`,
  above: (margin: string) => `${margin} above the positive`,
  level: "level with the positive",
  probability: (p: string) => `p ${p}`,
  probabilityWhy: "Probability of being drawn first",
  rescored: "rescored",
  rescoredWhy: "Score of the rescorer, on its own scale: not to be compared with the similarity",
  listed: "listed negative",
  otherUses: (n: number) => `also used in ${counted(n, "other query", "other queries")}`,
  kept: "Kept",
  droppedBy: "Dropped",
  showAll: (n: number) => `Show all (${count(n)} characters)`,
  showLess: "Show less",
  cut: (shown: number, all: number) => `The first ${count(shown)} of ${count(all)} characters. The line has the rest.`,
  emptyText: "(empty text)",
  pending: "writing…",
  short: (n: number) => `${counted(n, "negative", "negatives")} short of what the config asks for. Nothing is filled up.`,
  effective: (n: number) => `The sampler chooses among about ${count(Math.round(n))}.`,
  verdicts: "Verdict on this candidate",

  noneKept: "No candidate was kept",
  noneKeptWhy: (n: number, rules: string) => `${counted(n, "candidate was", "candidates were")} found and dropped: ${rules}.`,
  noneFound: "No candidates",
  noneFoundWhy:
    "Nothing else in the collection comes near this query. A larger corpus, named in the config, gives the miner something to find.",
  showDropped: "Show dropped",
  allJudged: "Every candidate of this query has a verdict.",
  goOn: "Next query",

  loading: (name: string) => `Reading ${name}`,
  loadingStart: "Starting",
  failedTitle: "This data set cannot be reviewed yet",
  retry: "Retry",
  dismiss: "Dismiss",
  discard: "Discard",
  markFailed: (verdict: string) => `“${verdict}” is not saved.`,
  waiting: (n: number) => (n === 0 ? "" : `${counted(n, "key press waits", "key presses wait")} behind it.`),
  staleTitle: "What you see may be out of date.",
  actionFailed: "That did not work.",
  noAnswer: (message: string) => `No answer from the extension: ${message}`,
  noAnswerNext: "Retry; if it happens again, reload the window. Marks that were confirmed are on disk.",

  embedderFailed: "Embedding stopped with an error.",
  stop: "Stop",
  resume: "Resume",
  passages: (n: number) => counted(n, "passage", "passages"),
  fromDisk: "read from disk: unsaved changes are not seen",
  recall: (kind: string, recall: number, sample: number) =>
    sample === 0 ? `${kind} search` : `${kind} search, recall ${recall.toFixed(3)} on ${counted(sample, "query", "queries")}`,
  progress: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  configProblem: "The config file is not in force:",
  statusRegion: "Index and embedding",

  samplerRegion: "Sampler proposal",
  samplerTitle: "Your marks suggest a change",
  showChange: "Show the change",
  notNow: "Not now",

  undo: "Undo",
  redo: "Redo",
  keys: "Keys",
  keySheetTitle: "Keys",
  keySheetNote: "Letters act on the current card unless a text field has focus.",
  keySheetOff: "Single letters are switched off in the settings. Arrows, Enter, Backspace and Ctrl keys work.",
  close: "Close",

  saidMark: (verdict: Verdict, left: number) => `${verdictLabels[verdict]}, ${left === 0 ? "none left" : `${count(left)} left`}`,
  saidAlso: (n: number) => ` · ${counted(n, "other card", "other cards")} with the same text went with it`,
  saidUndo: (verdict: Verdict) => `Undone: ${verdictLabels[verdict]}`,
  saidRedo: (verdict: Verdict) => `Redone: ${verdictLabels[verdict]}`,
  saidNothingToUndo: "Nothing to undo",
  saidNothingToRedo: "Nothing to redo",
  saidNoCard: "No current card",
  saidNoSuchCard: "That candidate is no longer in the list of its query",
  saidNoPositive: "This query has no positive",
  saidNoFurther: "No further query with work left",
  saidQuery: (position: number, total: number, left: number) => `Query ${count(position)} of ${count(total)}, ${count(left)} to judge`,
  saidCardLeft: (verdict: Verdict) => `${verdictLabels[verdict]} was not applied: its card has left the list`,
  saidHeld: "Not saved yet: retry or discard first",
  saidToggled: (what: string, on: boolean) => `${what} ${on ? "on" : "off"}`,
  saidConfigSaved: "Config saved, mining again",
  saidPutAside: "Put aside until the proposal changes",
} as const;

export const phaseLabels: Readonly<Record<DatasetStatus["phase"], string>> = {
  loading: "Reading",
  idle: "Waiting",
  embedding: "Embedding",
  indexing: "Indexing",
  mining: "Mining",
  ready: "Ready",
  stopped: "Stopped",
  failed: "Failed",
};
