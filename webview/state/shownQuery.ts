import type { QueryView } from "#protocol/review";
import { findCard, firstCard, settle } from "./cards";
import type { Review } from "./review.svelte";

/** Takes over an answer, unless something newer is on show, and keeps the person on the wanted card or near it. */
export function accept(review: Review, view: QueryView, wanted = review.currentId): void {
  const { view: shown, rows: before } = review;
  if (shown !== undefined && view.revision < shown.revision) return;
  review.view = view;
  const { rows } = review;
  // Where embeddings take the place of lexical candidates it is another list: a card that is not in it has no place to keep.
  const relisted = view.retrieval !== shown?.retrieval && findCard(rows, wanted) === undefined;
  const same = view.key === shown?.key && !relisted;
  review.currentId = same ? settle(before, rows, wanted) : (findCard(rows, wanted)?.id ?? firstCard(rows));
  if (!same) review.scroll = 0;
}

/** Shows the query of a lane's card. Where it was fetched before `newest` was answered, it is asked for again. */
export function put(review: Review, view: QueryView, newest = review.view): void {
  review.view = view;
  review.currentId = review.rows[0]?.id;
  review.scroll = 0;
  if (newest !== undefined && newest.revision > view.revision) recount(review, newest);
}

/** Takes over the counts of an answer about a query that need not be on show, and asks for that one again where it is older. */
export function recount(review: Review, newest: QueryView): void {
  const { view } = review;
  if (view === undefined) return;
  if (newest.key === view.key && newest.index === view.index) {
    accept(review, newest);
    return;
  }
  const { counts, canUndo, canRedo } = newest;
  review.view = { ...view, counts, canUndo, canRedo };
  if (newest.revision > view.revision) review.refresh(newest.revision);
}
