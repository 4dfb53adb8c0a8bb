import type { LaneCard } from "#protocol/curation";
import { appendMark, redoMark, undoMark, type MarkAnswer, type MarkParams, type RevisionAnswer } from "#protocol/marks";
import type { PairVerdict, PositiveView, QueryView } from "#protocol/review";
import { curationStrings } from "../curationStrings";
import { strings, verdictLabels } from "../strings";
import { ask } from "./ask";
import { findCard, firstCard, nextOpen, openCount, type CardRow } from "./cards";
import { disagreementText, shownOpinion } from "./secondOpinion";
import type { JobEnd } from "./commandQueue";
import { afterRevision, nextAfterMark, passOver, returnToPassed } from "./laneActions";
import { keyedPositives, positiveToMark, shownPositives } from "./positives";
import type { Review } from "./review.svelte";
import { accept, recount } from "./shownQuery";

/** Gives a verdict to the card that the person sees as current. Where pairs are judged one at a time, "later" passes the pair over. */
export function judgeCard(review: Review, verdict: PairVerdict): void {
  if (review.lanes.active && verdict === "later") {
    passOver(review);
    return;
  }
  const plan = review.planned();
  const meant = plan.id;
  if (meant === undefined && plan.known) {
    review.say(strings.saidNoCard);
    return;
  }
  if (meant !== undefined) plan.judge(review.rows, meant);
  const how: Circumstances = { blind: review.blindNow, opinionSeen: meant !== undefined && seesOpinion(review, meant) };
  let target = meant;
  review.enqueue(() => {
    // After an undo or another query the card is the one that the answer made current.
    target ??= review.currentId;
    if (target === undefined || findCard(review.rows, target) === undefined || target !== review.currentId) {
      review.say(strings.saidCardLeft(verdict));
      review.forgetKeys();
      return Promise.resolve("done");
    }
    return writeMark(review, target, verdict, how);
  });
}

/** Marks the query as unusable. */
export function judgeQuery(review: Review): void {
  const blind = review.blindNow;
  review.enqueue(async () => {
    const { dataset, view, lanes } = review;
    if (view === undefined) return "done";
    const { card } = lanes;
    if (lanes.active && card === undefined) return noPair(review);
    const answer = await appended(review, {
      dataset,
      query: view.key,
      index: view.index,
      verdict: "bad_query",
      blind,
      suggestionShown: false,
      ...(view.calledAmbiguous === undefined ? {} : { opinionShown: !blind }),
      ...laneOf(card),
    });
    if (answer === "hold") return "hold";
    // The pair goes with its query.
    if (card !== undefined) return await nextAfterMark(review, card, "bad_query", answer);
    return taken(review, answer, verdictLabels.bad_query);
  });
}

/** Marks a positive as wrong: the one given, else the one that the key is for. */
export function judgePositive(review: Review, given?: PositiveView): void {
  const { view: seen, blindNow: blind } = review;
  const keyed = seen === undefined ? [] : keyedPositives(shownPositives(seen, review.lanes.card), blind);
  const meant = given === undefined ? keyed : [given];
  if (meant.length === 0) {
    review.say(strings.saidNoPositive);
    return;
  }
  review.enqueue(async () => {
    const { dataset, view, lanes } = review;
    if (view === undefined) return "done";
    if (lanes.active && lanes.card === undefined) return noPair(review);
    const positive = view.key === seen?.key ? positiveToMark(meant, view) : undefined;
    if (positive === undefined) return positiveLeft(review);
    const answer = await appended(review, {
      dataset,
      query: view.key,
      index: view.index,
      document: positive.key,
      verdict: "bad_positive",
      blind,
      suggestionShown: false,
      ...(positive.calledWrong === undefined ? {} : { opinionShown: !blind }),
    });
    if (answer === "hold") return "hold";
    if (lanes.active) lanes.step({ kind: "aside" });
    return taken(review, answer, verdictLabels.bad_positive + strings.saidPassage(positive.text));
  });
}

/** Gives the verdict of the last mark to the near-duplicates that are offered, as one group. */
export function markAlike(review: Review): void {
  const offer = review.afterMark.offer;
  if (offer === undefined) {
    review.say(curationStrings.saidNoAlike);
    return;
  }
  const opinionSeen = offer.cards.some(({ key }) => seesOpinion(review, key));
  review.planned().lose();
  review.enqueue(async () => {
    const [first, ...others] = offer.cards.map(({ key }) => key);
    if (review.afterMark.offer !== offer || first === undefined) return "done";
    // They were not drawn by the lane: only the card that was is the lane's.
    const { lane: _lane, salt: _salt, opinionShown: _shown, ...mark } = offer.mark;
    const answer = await appended(review, {
      ...mark,
      document: first,
      ...(others.length === 0 ? {} : { alsoDocuments: others }),
      suggestionShown: false,
      ...opinionShown(review, [first, ...others], opinionSeen),
    });
    if (answer === "hold") return "hold";
    if (review.lanes.active) lanesGoOn(review, answer.view);
    else accept(review, answer.view);
    review.say(curationStrings.saidAlike(offer.cards.length, offer.verdict));
    review.focusAsked += 1;
    return "done";
  });
}

/** Takes back the last verdict, or restores the one last taken back, and goes to its card. */
export function revise(review: Review, direction: "undo" | "redo"): void {
  review.planned().lose();
  review.enqueue(async () => {
    const { dataset, view } = review;
    review.afterMark.clear();
    // What is taken back hides its opinion again, but it has been seen.
    if (view !== undefined) review.seen.addJudged(view);
    const returned = direction === "undo" ? await returnToPassed(review) : undefined;
    if (returned !== undefined) return returned;
    const answer = await ask(review.host, direction === "undo" ? undoMark : redoMark, { dataset, index: view?.index ?? 0 });
    if (!answer.ok) return review.hold(strings.actionFailed, answer.failure);
    const { done, view: after } = answer.value;
    if (review.lanes.active) await afterRevision(review, direction, answer.value);
    else accept(review, after, done?.document ?? review.currentId);
    review.say(revisionText(direction, answer.value));
    review.focusAsked += 1;
    void review.proposal.refresh(dataset);
    return "done";
  });
}

function revisionText(direction: "undo" | "redo", { done, view }: RevisionAnswer): string {
  if (done === undefined) return direction === "undo" ? strings.saidNothingToUndo : strings.saidNothingToRedo;
  const { verdict, marks, origin } = done;
  const one = direction === "undo" ? strings.saidUndo(verdict) : strings.saidRedo(verdict);
  const several = direction === "undo" ? curationStrings.saidUndoneMarks(marks, verdict) : curationStrings.saidRedoneMarks(marks, verdict);
  const positive = verdict === "bad_positive" ? view.positives.find(({ key }) => key === done.document) : undefined;
  const which = positive === undefined ? "" : strings.saidPassage(positive.text);
  return (marks > 1 ? several : one) + which + (origin === "edit" ? curationStrings.fromEdit : "");
}

/** What the person had before their eyes when they pressed the key. */
interface Circumstances {
  readonly blind: boolean;
  readonly opinionSeen: boolean;
}

async function writeMark(review: Review, id: string, verdict: PairVerdict, { blind, opinionSeen }: Circumstances): Promise<JobEnd> {
  const { dataset, view, lanes } = review;
  const row = findCard(review.rows, id);
  if (view === undefined || row === undefined) return "done";
  const { card } = lanes;
  review.pending = { id, verdict };
  const answer = await appended(review, {
    dataset,
    query: view.key,
    index: view.index,
    document: row.candidate.key,
    verdict,
    blind,
    suggestionShown: !blind && row.candidate.suspicion !== undefined,
    ...opinionShown(review, [row.candidate.key], opinionSeen),
    ...laneOf(card),
  });
  if (answer === "hold") return "hold";
  review.seen.addJudged(answer.view);
  // Who has given the verdict with the opinion on show need not be told of it.
  const remark = opinionSeen ? "" : disagreementText(answer.view, row.candidate.key, verdict);
  if (card !== undefined) return await nextAfterMark(review, card, verdict, answer, remark);
  return nextInList(review, row, verdict, answer, remark);
}

/** Whether the opinion on a card is on show now. */
function seesOpinion(review: Review, id: string): boolean {
  const row = findCard(review.rows, id);
  return row !== undefined && shownOpinion(row.candidate, { blind: review.blindNow, alone: review.lanes.active }) !== undefined;
}

/** What a mark on passages of the query says of second opinions: nothing where there is none, and never that one was hidden that was seen before. */
function opinionShown({ view, seen }: Review, documents: readonly string[], isOnShow: boolean): Pick<MarkParams, "opinionShown"> {
  if (view === undefined) return {};
  const concerned = [...view.candidates, ...view.dropped].filter(({ key }) => documents.includes(key));
  const wasSeen = isOnShow || documents.some((document) => seen.has(view, document));
  const isThere = concerned.some(({ opinion, hasHiddenOpinion }) => opinion !== undefined || hasHiddenOpinion === true);
  return wasSeen || isThere ? { opinionShown: wasSeen } : {};
}

/** Goes on to the next card of the list without a verdict. */
function nextInList(review: Review, row: CardRow, verdict: PairVerdict, { view, alsoAffected }: MarkAnswer, remark: string): JobEnd {
  review.pending = undefined;
  const next = nextOpen(review.rows, row.id, new Set());
  accept(review, view, next ?? row.id);
  // The mark may have let a new candidate in where all the others were judged.
  if (next === undefined && row.section === "kept" && openCount(view) > 0) review.currentId = firstCard(review.rows);
  review.say(strings.saidMark(verdict, openCount(view)) + (alsoAffected > 0 ? strings.saidAlso(alsoAffected) : "") + remark);
  review.focusAsked += 1;
  return "done";
}

/** Writes a mark; what it brings with it is on show when it is on disk. On a failure the queue waits for the person. */
async function appended(review: Review, mark: MarkParams): Promise<MarkAnswer | "hold"> {
  review.afterMark.clear();
  const answer = await ask(review.host, appendMark, mark);
  if (!answer.ok) {
    review.pending = undefined;
    review.hold(strings.markFailed(verdictLabels[mark.verdict]), answer.failure);
    return "hold";
  }
  review.afterMark.take(mark, answer.value);
  void review.proposal.refresh(review.dataset);
  return answer.value;
}

function taken(review: Review, answer: MarkAnswer, label: string): JobEnd {
  accept(review, answer.view);
  review.say(label);
  return "done";
}

/** Near-duplicates were marked beside the pair that is on show, which stays. */
function lanesGoOn(review: Review, view: QueryView): void {
  review.lanes.step({ kind: "aside" });
  recount(review, view);
}

/** What the key was pressed for is not on show any more; what was pressed behind it was meant for the same query. */
function positiveLeft(review: Review): JobEnd {
  review.say(strings.saidPositiveLeft);
  review.forgetKeys();
  return "done";
}

/** The query beside an empty lane is one that the person is done with. */
function noPair(review: Review): JobEnd {
  review.say(strings.saidNoCard);
  return "done";
}

function laneOf(card: LaneCard | undefined): Pick<MarkParams, "lane" | "salt"> {
  return card === undefined ? {} : { lane: card.lane, ...(card.salt === undefined ? {} : { salt: card.salt }) };
}
