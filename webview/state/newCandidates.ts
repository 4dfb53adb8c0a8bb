import { stepQuery } from "#protocol/review";
import { trainingStrings as words } from "../trainingStrings";
import { ask } from "./ask";
import type { Row } from "./cards";
import type { JobEnd } from "./commandQueue";
import type { Review } from "./review.svelte";
import { accept } from "./shownQuery";

/**
 * Goes to the next candidate that the adapter in use has brought and nobody has judged: in this query below the current card, else in the
 * next query that has one, else from the first query on. Says so where there is none.
 */
export function nextNew(review: Review): void {
  // Which cards are new is known when the marks pressed before have been answered.
  review.planned().lose();
  review.enqueue(async () => {
    const here = nextNewCard(review.rows, review.currentId);
    if (here === undefined) return await elsewhere(review);
    review.currentId = here;
    review.focusAsked += 1;
    return "done";
  });
}

/** In a later query, or else in an earlier one or further up in this one. */
async function elsewhere(review: Review): Promise<JobEnd> {
  const { dataset, view } = review;
  for (const index of new Set([view?.index ?? 0, 0])) {
    const answer = await ask(review.host, stepQuery, { dataset, index, direction: 1, onlyOpen: false, onlyNew: true });
    if (!answer.ok) return review.hold(words.noNewTitle, answer.failure);
    // Where no further query has one, the answer is the query itself.
    const first = answer.value.candidates.find(({ isNew }) => isNew === true);
    if (first === undefined) continue;
    accept(review, answer.value);
    review.currentId = first.key;
    review.say(words.saidNew(answer.value.index + 1, answer.value.total));
    review.focusAsked += 1;
    return "done";
  }
  review.say(words.saidNoNew);
  return "done";
}

/** The first kept card below another one that is new; from the top where there is no other one. */
function nextNewCard(rows: readonly Row[], id: string | undefined): string | undefined {
  const at = rows.findIndex((row) => row.id === id);
  return rows.find((row, index) => index > at && row.kind === "card" && row.section === "kept" && row.candidate.isNew === true)?.id;
}
