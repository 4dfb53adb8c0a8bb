import { appendMark, redoMark, undoMark, type MarkAnswer } from "#protocol/marks";
import type { Outcome } from "#protocol/outcome";
import type { PairVerdict, PositiveView } from "#protocol/review";
import { strings, verdictLabels } from "../strings";
import { ask } from "./ask";
import { findCard, firstCard, nextOpen, openCount } from "./cards";
import type { JobEnd } from "./commandQueue";
import type { Review } from "./review.svelte";

/** Gives a verdict to the card that the person sees as current. */
export function judgeCard(review: Review, verdict: PairVerdict): void {
  const plan = review.planned();
  const meant = plan.id;
  if (meant === undefined && plan.known) {
    review.say(strings.saidNoCard);
    return;
  }
  if (meant !== undefined) plan.judge(review.rows, meant);
  const { blind } = review;
  let target = meant;
  review.enqueue(() => {
    // After an undo or another query the card is the one that the answer made current.
    target ??= review.currentId;
    if (target === undefined || findCard(review.rows, target) === undefined || target !== review.currentId) {
      review.say(strings.saidCardLeft(verdict));
      review.forgetKeys();
      return Promise.resolve("done");
    }
    return writeMark(review, target, verdict, blind);
  });
}

/** Marks the query as unusable. */
export function judgeQuery(review: Review): void {
  const { blind } = review;
  review.enqueue(async () => {
    const { dataset, view } = review;
    if (view === undefined) return "done";
    const answer = await ask(review.host, appendMark, { dataset, query: view.key, index: view.index, verdict: "bad_query", blind });
    return takeMark(review, answer, verdictLabels.bad_query);
  });
}

/** Marks a positive as wrong: the one given, else the first. */
export function judgePositive(review: Review, positive: PositiveView | undefined = review.view?.positives[0]): void {
  if (positive === undefined) {
    review.say(strings.saidNoPositive);
    return;
  }
  const { blind } = review;
  review.enqueue(async () => {
    const { dataset, view } = review;
    if (view === undefined) return "done";
    const answer = await ask(review.host, appendMark, {
      dataset,
      query: view.key,
      index: view.index,
      document: positive.key,
      verdict: "bad_positive",
      blind,
    });
    return takeMark(review, answer, verdictLabels.bad_positive);
  });
}

/** Takes back the last verdict, or restores the one last taken back, and goes to its card. */
export function revise(review: Review, direction: "undo" | "redo"): void {
  review.planned().lose();
  review.enqueue(async () => {
    const { dataset, view } = review;
    const answer = await ask(review.host, direction === "undo" ? undoMark : redoMark, { dataset, index: view?.index ?? 0 });
    if (!answer.ok) return review.hold(strings.actionFailed, answer.failure);
    const { done, view: after } = answer.value;
    review.accept(after, done?.document ?? review.currentId);
    review.say(revisionText(direction, done));
    review.focusAsked += 1;
    void review.proposal.refresh(dataset);
    return "done";
  });
}

function revisionText(direction: "undo" | "redo", done: { readonly verdict: keyof typeof verdictLabels } | undefined): string {
  if (direction === "undo") return done === undefined ? strings.saidNothingToUndo : strings.saidUndo(done.verdict);
  return done === undefined ? strings.saidNothingToRedo : strings.saidRedo(done.verdict);
}

async function writeMark(review: Review, id: string, verdict: PairVerdict, blind: boolean): Promise<JobEnd> {
  const { dataset, view } = review;
  const card = findCard(review.rows, id);
  if (view === undefined || card === undefined) return "done";
  review.pending = { id, verdict };
  const answer = await ask(review.host, appendMark, {
    dataset,
    query: view.key,
    index: view.index,
    document: card.candidate.key,
    verdict,
    blind,
  });
  review.pending = undefined;
  if (!answer.ok) return review.hold(strings.markFailed(verdictLabels[verdict]), answer.failure);
  const next = nextOpen(review.rows, id, new Set());
  review.accept(answer.value.view, next ?? id);
  // The mark may have let a new candidate in where all the others were judged.
  if (next === undefined && card.section === "kept" && openCount(answer.value.view) > 0) review.currentId = firstCard(review.rows);
  const also = answer.value.alsoAffected;
  review.say(strings.saidMark(verdict, openCount(answer.value.view)) + (also > 0 ? strings.saidAlso(also) : ""));
  review.focusAsked += 1;
  void review.proposal.refresh(dataset);
  return "done";
}

function takeMark(review: Review, answer: Outcome<MarkAnswer>, label: string): JobEnd {
  if (!answer.ok) return review.hold(strings.markFailed(label), answer.failure);
  review.accept(answer.value.view);
  review.say(label);
  void review.proposal.refresh(review.dataset);
  return "done";
}
