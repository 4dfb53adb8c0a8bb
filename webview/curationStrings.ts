import type { Lane } from "#protocol/curation";
import type { Verdict } from "#protocol/review";
import { atMost, chance, count, counted, plain, share } from "./format";
import { verdictLabels } from "./strings";

export const laneLabels: Readonly<Record<Lane, string>> = {
  harvest: "Harvest",
  audit: "Audit",
  second: "Second person",
  conflicts: "Conflicts",
  disagreements: "Disagreements",
};

export const laneHints: Readonly<Record<Lane, string>> = {
  harvest: "Pairs whose false negatives would do the most harm. They teach; no rate is computed from them.",
  audit: "Pairs drawn at random, judged blind. They alone say how many false negatives are left.",
  second: "Audited pairs that somebody else has judged and you have not, blind. They say how far people agree.",
  conflicts: "Pairs that people judge differently, to be looked at again with what each of them said.",
  disagreements: "Pairs that you and a language model judge differently, to be looked at again with its reason.",
};

/** The order in which lanes are named wherever they are listed. */
export const laneOrder: readonly Lane[] = ["harvest", "audit", "second", "conflicts", "disagreements"];

/** The words of the lanes and of the curation view, and of what a mark brings with it. */
export const curationStrings = {
  title: "Curation",
  toggle: "Curation",
  close: "Back to the candidates",
  problems: "Some files of audits cannot be read",
  loading: "Reading where the curation stands",
  stateFailed: "Where the curation stands cannot be shown.",
  failed: "That did not work.",

  pairs: "Pairs",
  judgePairs: "Judge pairs",
  pair: "Pair to judge",
  lanes: "Lane",
  rhythm: "In turn",
  rhythmWhy: (harvest: number, audit: number) => `${count(harvest)} of the harvest, then ${count(audit)} of the audit, and again`,
  rhythmHint: "Harvest and audit in turn, in the rhythm of the config",
  wholeList: "Whole list",
  placeOf: (place: number, of: number) => `${count(place)} of ${count(of)}`,
  placeLabel: (lane: Lane) => `Place in this stretch of the lane ${laneLabels[lane]}`,
  left: (n: number) => `${count(n)} left`,
  leftIn: (n: number | undefined) => (n === undefined ? "" : count(n)),
  blind: "Blind",
  blindWhy: "Score, rank, source, suspicion and other people’s marks are hidden, whatever the Blind switch says.",
  asking: "Looking for the next pair",
  mining: "Searching the candidates of the whole file",
  miningWhat: "A lane is put in order once they are all known. You can go on with the whole list meanwhile.",
  laneFailed: "There is no next pair to show.",
  laneDone: (lane: Lane) => `${laneLabels[lane]}: nothing left`,
  goOn: "Go on with another lane",
  unfound: "the sampler does not find it for this query any more",
  gone: "This pair is no longer among the candidates of its query.",
  goneWhat: "The file or the configuration has changed since the pair was chosen.",
  nextPair: "Next pair",
  saidLane: (lane: Lane, place: number, of: number) => `${laneLabels[lane]}, ${count(place)} of ${count(of)}`,
  saidMark: (verdict: Verdict, lane: Lane, place: number, of: number) =>
    `${verdictLabels[verdict]} · ${laneLabels[lane]}, ${count(place)} of ${count(of)}`,
  saidMarkDone: (verdict: Verdict, lane: Lane) => `${verdictLabels[verdict]} · ${laneLabels[lane]}: nothing left`,
  saidPassed: "Passed over: it comes again at the end of its lane",
  saidReturned: "Back at the pair that was passed over",
  saidOneAtATime: "One pair at a time: Space passes it over, Shift+M shows the whole list",
  saidStillBlind: "This pair is judged blind in any case",
  saidHiddenLine: "The line of a blind pair is shown once it is judged",
  saidLeft: "The whole list of this query",
  saidNotInPairs: "The whole list is on show already",

  suspicion: (p: number) => `P(relevant) ${chance(p)}`,
  suspicionWhy: "What the marks so far make of it: the probability that it answers the query.",

  alikeTitle: (n: number) => counted(n, "near-duplicate", "near-duplicates"),
  alikeOffer: (n: number, verdict: Verdict) =>
    `of the passage just judged. Mark ${n === 1 ? "it" : "them"} “${verdictLabels[verdict]}” too?`,
  alikeRegion: "Near-duplicates of the passage just judged",
  alikeBy: { vectors: "vectors", words: "words" } as const,
  alikeWhy: (by: "vectors" | "words") =>
    by === "vectors" ? "Cosine similarity of the two passages" : "Shared three-word shingles (Jaccard)",
  alikeAccept: "Mark the same",
  alikeUndoIs: "One undo takes them all back.",
  dismiss: "Dismiss",
  saidAlike: (n: number, verdict: Verdict) => `${verdictLabels[verdict]}: ${counted(n, "near-duplicate", "near-duplicates")} with it`,
  saidNoAlike: "No near-duplicates are offered",
  saidUndoneMarks: (n: number, verdict: Verdict) => `Undone: ${counted(n, "mark", "marks")}, ${verdictLabels[verdict]}`,
  saidRedoneMarks: (n: number, verdict: Verdict) => `Redone: ${counted(n, "mark", "marks")}, ${verdictLabels[verdict]}`,
  fromEdit: " (from an edit; the file stays as it is)",

  fellOutRegion: "Negatives that fell out",
  fellOut: (n: number) =>
    `${counted(n, "negative", "negatives")} fell out of this query, since the promoted positive lowered the score that margins are taken from.`,
  fellOutShow: "Which",
  fellOutMoved: "This query’s negatives are chosen anew; T shows them among the dropped.",

  editsRegion: "Edits recognised as marks",
  editsUndo: "Undo these marks",

  counter: (marked: number, more: number | undefined) =>
    more === undefined
      ? `audit ${count(marked)}`
      : more === 0
        ? `audit ${count(marked)}, target reached`
        : `audit ${count(marked)} / about ${count(more)} more`,

  audit: "Audit",
  noAudit: "No audit has begun",
  noAuditWhat:
    "An audit judges pairs drawn at random from what is emitted now. It says how many false negatives are left, at a confidence that holds although you watch it while you mark.",
  startAudit: "Judge audit pairs",
  begun: (name: string, when: string) => `${name}, begun ${when}`,
  bound: (bound: number, confidence: number) => `At most ${atMost(bound)} false negatives, at ${share(confidence)} confidence`,
  target: (target: number) => `target ${chance(target)}`,
  wholeFile: "whole file",
  boundRow: (name: string, bound: number) => `${name} ${atMost(bound)}`,
  boundAxis: "share of false negatives, at most",
  reached: "Target reached",
  notReached: "Not yet",
  sourcesTitle: "By source",
  source: "Source",
  pairsColumn: "Pairs",
  markedColumn: "Marked",
  falseColumn: "False",
  atMostColumn: "At most",
  moreColumn: "Clean marks to go",
  moreWhy: "About how many more marks without a false negative until the target",
  reachedShort: "reached",
  unreachable: "not by marks alone",
  unreachableWhy: "So many were false that the sampler has to be made stricter first.",
  changedTitle: "What is emitted has changed since the audit began",
  changedFigures: (added: number, gone: number) => `${count(added)} new, ${count(gone)} gone`,
  changedWhat: "A fresh audit takes everything in, with a new random order, and its count starts again.",
  fresh: "Begin a fresh audit…",
  freshSure: "Begin a fresh audit of what is emitted now?",
  freshWhat: (marked: number) =>
    `The present order ends with ${counted(marked, "marked pair", "marked pairs")}. All marks stay marks and go on teaching; the bound starts from the marks that come early in the new order.`,
  freshYes: "Begin a fresh audit",
  freshUnderWay: "Beginning…",
  cancel: "Keep the present one",
  saidFresh: "A fresh audit has begun",

  lanesTitle: "Pairs to judge",
  goLane: "Judge",
  laneUnknown: "not known yet",
  rhythmLine: (harvest: number, audit: number) => `In turn: ${count(harvest)} harvest, ${count(audit)} audit.`,

  agreementTitle: "Agreement",
  agreementFigures: (pairs: number, agreement: number, kappa: number | undefined) =>
    `${share(agreement)} of ${counted(pairs, "pair", "pairs")} judged alike, ${kappa === undefined ? "kappa not defined" : `Cohen’s kappa ${plain(kappa)}`}`,
  agreementNone: "No pair has been judged by two people yet. The lane Second person offers a tenth of the audited pairs to another person.",

  modelTitle: "What the marks have taught",
  kinds: { prior: "rule without marks", fitted: "fitted to marks" } as const,
  modelPairs: (pairs: number) => counted(pairs, "judged pair", "judged pairs"),
  modelMissing: "The model follows when the vectors are there.",
  calibration: { none: "not calibrated", platt: "calibrated (Platt)", isotonic: "calibrated (isotonic)" } as const,
  effectsTitle: "What raises the suspicion",
  effectsWhy: "Change of the odds for a step of one standard deviation",
  effect: (effect: number) =>
    Math.abs(effect) < 0.02 ? "no change" : effect > 0 ? `odds × ${plain(Math.exp(effect))}` : `odds ÷ ${plain(Math.exp(-effect))}`,
  effectsMore: (n: number) => counted(n, "smaller effect", "smaller effects"),
  reliabilityTitle: "Predicted against observed",
  reliabilityWhat: "On the diagonal a suspicion of 30 % is right three times in ten. Larger dots stand for more pairs.",
  reliabilityNone: "Predicted and observed shares are compared once there are enough marks.",
  reliabilityX: "predicted",
  reliabilityY: "observed",
  reliabilityLabel: (bins: number) =>
    `Predicted against observed shares of false negatives in ${counted(bins, "bin", "bins")}; the table has them all.`,
  table: "Table",
  bin: "Predicted between",
  binPairs: "Pairs",
  predicted: "Predicted",
  observed: "Observed",
  span: (from: number, to: number) => `${share(from)} and ${share(to)}`,
  usedFor: "Used for",
  uses: [
    "max_fn_probability, a guard in the sampler that keeps suspected pairs out",
    "the order of the harvest",
    "weights 1 − P(false negative) in training, where the config asks for them",
    "the suspicion on cards",
  ],
  exportButton: "Export…",
  exportWhat: "An export can carry a certificate of this bound, which anybody can check from the export and the marks.",
} as const;
