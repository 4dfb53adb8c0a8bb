import type { Lane, LaneCard } from "#protocol/curation";
import type { MarkAnswer, RevisionAnswer } from "#protocol/marks";
import { showQuery, type QueryView, type Verdict } from "#protocol/review";
import { curationStrings as words } from "../curationStrings";
import { strings, verdictLabels } from "../strings";
import { ask } from "./ask";
import { findCard, firstCard } from "./cards";
import type { JobEnd } from "./commandQueue";
import type { ShownCard } from "./lanes.svelte";
import type { Review } from "./review.svelte";
import type { Pair } from "./saved";
import { accept, put, recount } from "./shownQuery";

/** Judges pairs one at a time: of a lane, or of harvest and audit in turn. Where that is so already, says which pair is on show. */
export function enterLanes(review: Review, lane?: Lane): void {
  const { lanes } = review;
  if (lanes.card !== undefined && lanes.wanted === lane) {
    sayPlace(review, lanes.card);
    review.focusAsked += 1;
    return;
  }
  // A verdict pressed behind this is meant for the card that is on show now, and not for one that nobody has seen.
  review.planned();
  review.enqueue(async () => {
    lanes.enter(lane);
    review.curation.want();
    review.currentId = undefined;
    const end = await showNext(review);
    if (lanes.card !== undefined) sayPlace(review, lanes.card);
    return end;
  });
}

/** Takes the lanes up again as they were before a reload. */
export function resumeLanes(review: Review, { lane, passedOver }: { readonly lane?: Lane; readonly passedOver: readonly Pair[] }): void {
  review.lanes.restore(lane, passedOver);
  review.curation.want();
  askAgain(review);
}

/** Goes back to the whole list of the query, on the card that was on show. */
export function leaveLanes(review: Review): void {
  if (!review.lanes.active) {
    review.say(words.saidNotInPairs);
    return;
  }
  review.planned().lose();
  review.enqueue(() => {
    backToList(review);
    review.say(words.saidLeft);
    return Promise.resolve("done");
  });
}

/** Shows the whole list again, on the card that was judged alone. */
export function backToList(review: Review): void {
  const document = review.lanes.card?.document;
  review.lanes.leave();
  review.currentId = findCard(review.rows, document)?.id ?? firstCard(review.rows);
  review.focusAsked += 1;
}

/** Puts the pair on show off to the end of its lane. Nothing is written: a pair that was put off has no verdict. */
export function passOver(review: Review): void {
  const meant = review.lanes.card;
  if (meant === undefined) {
    review.say(strings.saidNoCard);
    return;
  }
  review.planned();
  review.enqueue(async () => {
    const { lanes } = review;
    if (lanes.card !== meant) return "done";
    review.afterMark.clear();
    lanes.pass(meant);
    await goOn(review);
    review.say(words.saidPassed);
    return "done";
  });
}

/** Asks for the next pair again: after a failure, or when all candidates are known. */
export function askAgain(review: Review): void {
  review.enqueue(async () => (review.lanes.active && review.lanes.card === undefined ? await showNext(review) : "done"));
}

/** Goes on to the next pair after a verdict on the present one is on disk; `remark` is said with it. */
export async function nextAfterMark(review: Review, judged: LaneCard, verdict: Verdict, answer: MarkAnswer, remark = ""): Promise<JobEnd> {
  review.lanes.judged(judged);
  await goOn(review, answer.view);
  const { card, phase } = review.lanes;
  if (card !== undefined) review.say(words.saidMark(verdict, card.lane, card.place, card.of) + remark);
  else review.say((phase.kind === "done" ? words.saidMarkDone(verdict, phase.lane) : verdictLabels[verdict]) + remark);
  return "done";
}

/** Goes back to the pair that was passed over last, where that was the last thing the person did; undefined where it was not. */
export async function returnToPassed(review: Review): Promise<JobEnd | undefined> {
  const { dataset, lanes } = review;
  const last = lanes.steps.at(-1);
  if (!lanes.active || last?.kind !== "pass") return undefined;
  const answer = await ask(review.host, showQuery, { dataset, index: last.card.index, key: last.card.query });
  if (!answer.ok) return review.hold(strings.actionFailed, answer.failure);
  keepForLater(review);
  lanes.takeBackPass(last.card);
  place(review, { card: last.card, view: answer.value });
  review.say(words.saidReturned);
  return "done";
}

/** Shows what an undo or redo has come to while pairs are judged one at a time. */
export async function afterRevision(review: Review, direction: "undo" | "redo", { done, view }: RevisionAnswer): Promise<void> {
  const { lanes } = review;
  const last = lanes.steps.at(-1);
  const isOf = (card: LaneCard): boolean => done?.query === card.query && (done.document ?? card.document) === card.document;
  if (done === undefined) recount(review, view);
  else if (direction === "redo" && lanes.card !== undefined && isOf(lanes.card)) {
    lanes.judged(lanes.card);
    await goOn(review, view);
  } else if (direction === "redo") {
    lanes.step({ kind: "aside" });
    recount(review, view);
  } else if (last?.kind === "mark" && isOf(last.card)) {
    keepForLater(review);
    lanes.stepBack();
    place(review, { card: last.card, view });
  } else if (last?.kind === "aside") {
    lanes.stepBack();
    recount(review, view);
  } else {
    // It was given before the lanes were entered: its place is the list.
    backToList(review);
    accept(review, view, done.document);
  }
}

/** To the card that was fetched ahead, else to the one that the server names. `newest` is the query that was just answered. */
async function goOn(review: Review, newest?: QueryView): Promise<JobEnd> {
  const { lanes } = review;
  const ahead = lanes.takeAhead();
  if (ahead === undefined) {
    if (newest !== undefined) recount(review, newest);
    return await showNext(review);
  }
  const isFresh = newest !== undefined && newest.key === ahead.view.key && newest.index === ahead.view.index;
  place(review, isFresh ? { card: ahead.card, view: newest } : ahead, newest);
  void lanes.confirm().then(() => lanes.fetchAhead());
  return "done";
}

async function showNext(review: Review): Promise<JobEnd> {
  const { lanes } = review;
  const answer = await lanes.next();
  review.pending = undefined;
  if (!lanes.active) return "done";
  if (!answer.ok) lanes.phase = { kind: "failed", failure: answer.failure };
  else if (answer.value.kind !== "card") lanes.phase = answer.value;
  else {
    place(review, answer.value);
    void lanes.fetchAhead();
    return "done";
  }
  review.currentId = undefined;
  review.focusAsked += 1;
  return "done";
}

function place(review: Review, { card, view }: ShownCard, newest?: QueryView): void {
  review.pending = undefined;
  review.lanes.show(card);
  put(review, view, newest);
  review.focusAsked += 1;
}

/** The card that an undo leaves is the next one again. */
function keepForLater(review: Review): void {
  const { card } = review.lanes;
  if (card !== undefined && review.view !== undefined) review.lanes.keepAhead({ card, view: review.view });
}

function sayPlace(review: Review, { lane, place: at, of }: LaneCard): void {
  review.say(words.saidLane(lane, at, of));
}
