import { failureText } from "../util/failure";
import type { Failure } from "../util/failure";
import type { LabellingCosts } from "./labellingOutcome";
import type { LabellingTask } from "./labellingOrder";
import type { RunTally } from "./runTally";

/** From so many pairs on it is worth a word that a model flags nothing, or nearly everything. */
const TELLING_PAIRS = 20;
const NEARLY_EVERYTHING = 0.8;

/** A number with its noun: "1 query", "1,200 queries". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

export function queriesText(count: number): string {
  return counted(count, "query", "queries");
}

/** Money with the digits that count. The currency is whatever the person's prices are in. */
export function moneyText(cost: number): string {
  return cost === 0 || cost >= 0.1 ? cost.toFixed(2) : String(Number(cost.toPrecision(2)));
}

/** What there is to say where a run has nothing to ask. */
export function nothingToAsk(task: LabellingTask): string {
  return task === "judge"
    ? "There is nothing to ask: every pair that is emitted has a person's verdict or a model's."
    : "There is nothing to ask: every query that emits negatives has an attributed answer.";
}

export interface EndFacts {
  readonly task: LabellingTask;
  readonly isDryRun: boolean;
  readonly end: "finished" | "stopped" | "failed";
  /** Why it failed. */
  readonly failure?: Failure;
  /** Queries that were to be asked about. */
  readonly total: number;
  readonly tally: RunTally;
  readonly costs: LabellingCosts;
  readonly isConfirmed: boolean;
}

/** How a run ended and what it found, as sentences. */
export function endText(facts: EndFacts): string {
  const { task, total, tally, isDryRun, costs } = facts;
  if (total === 0) return nothingToAsk(task);
  const sentences = [
    howItEnded(facts),
    ...(tally.found === 0 ? [] : task === "judge" ? judgedText(facts) : [answeredText(tally)]),
    ...(tally.failed === 0 ? [] : [`${queriesText(tally.failed)} got no verdict.`]),
    ...(tally.passedOver === 0
      ? []
      : [`${queriesText(tally.passedOver)} ${tally.passedOver === 1 ? "was" : "were"} passed over, judged or changed meanwhile.`]),
    costsText(costs),
    ...(isDryRun ? ["This was a dry run: its answers are kept for the run itself, and nothing else is."] : []),
  ];
  return sentences.join(" ");
}

function howItEnded({ end, failure, total, tally }: EndFacts): string {
  const far = `${String(tally.done)} of ${queriesText(total)}`;
  switch (end) {
    case "finished":
      return total === 1 ? "The one query was asked about." : `All ${queriesText(total)} were asked about.`;
    case "stopped":
      return `Stopped on request after ${far}; the next run goes on there.`;
    case "failed":
      return `The run ended after ${far}${tally.done === 0 ? "" : ", which are kept"}. ${failure === undefined ? "" : failureText(failure)}`.trimEnd();
  }
}

function judgedText({ tally, isConfirmed }: EndFacts): readonly string[] {
  const { pairs, found, firstFlagged, flagged, unconfirmed } = tally;
  const judged = `${counted(pairs, "pair")} of ${queriesText(found)} ${pairs === 1 ? "was" : "were"} judged`;
  const first = isConfirmed
    ? `${judged}: the first model flagged ${String(firstFlagged)}, and ${String(flagged)} of them stand after the second one's look.`
    : `${judged}, and ${String(flagged)} of them flagged: called relevant, relevant in part or a duplicate of a positive.`;
  return [
    first,
    ...(unconfirmed === 0
      ? []
      : [`Of ${queriesText(unconfirmed)} the second model said nothing of use; there the first one's word stands.`]),
    ...interpretation(tally),
  ];
}

function interpretation({ pairs, firstFlagged, flagged, flaggedBefore }: RunTally): readonly string[] {
  // Pairs that were chosen because they are flagged say nothing of how much a model flags.
  if (pairs < TELLING_PAIRS || flaggedBefore > 0) return [];
  if (firstFlagged === 0) {
    return [
      "It flagged nothing: either the negatives are clean, or this model cannot tell. Judge a few of the hardest yourself to know which.",
    ];
  }
  if (flagged < NEARLY_EVERYTHING * pairs) return [];
  return [
    "It flagged nearly everything, which tells nothing apart: say in labelling.guidelines what counts as relevant, or ask a stronger model. If it is right, the sampler's margins are too narrow.",
  ];
}

function answeredText({ found, teachers }: RunTally): string {
  const { ranking, flat, one_hot: oneHot, none } = teachers;
  const rest = [
    ...(flat === 0 ? [] : [`${String(flat)} on too many passages alike or on none`]),
    ...(oneHot === 0 ? [] : [`${String(oneHot)} on a single passage`]),
    ...(none === 0 ? [] : [`${String(none)} had fewer than three passages`]),
  ];
  const others = rest.length === 0 ? "" : ` The others teach nothing: ${rest.join(", ")}.`;
  return `${queriesText(found)} ${found === 1 ? "was" : "were"} answered, and ${String(ranking)} of the answers rank the passages.${others}`;
}

function costsText({ calls, cachedCalls, inputTokens, outputTokens, cost }: LabellingCosts): string {
  const before = cachedCalls === 0 ? "" : `, ${String(cachedCalls)} of them answered before`;
  const tokens = `${inputTokens.toLocaleString("en-US")} tokens in and ${outputTokens.toLocaleString("en-US")} out`;
  return `${counted(calls, "question")}${before}; ${tokens}${cost === undefined ? "" : `, at a cost of ${moneyText(cost)}`}.`;
}
