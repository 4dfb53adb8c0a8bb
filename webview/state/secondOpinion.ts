import type { CandidateView, OpinionView, QueryView, Verdict } from "#protocol/review";
import { opinionStrings } from "../opinionStrings";

/** How a card is shown. */
export interface Showing {
  readonly blind: boolean;
  /** As the one pair of a lane: then blind is blind to an earlier verdict too. */
  readonly alone: boolean;
}

/** The opinion that a card shows: where it is sent at all, and no verdict is to be given blind to it. */
export function shownOpinion({ opinion, verdict }: CandidateView, { blind, alone }: Showing): OpinionView | undefined {
  return blind && (alone || verdict === undefined) ? undefined : opinion;
}

/** Whether a card says that there is an opinion to come. A blind card says nothing. */
export function announcesOpinion({ hasHiddenOpinion }: CandidateView, { blind }: Showing): boolean {
  return hasHiddenOpinion === true && !blind;
}

/** Whether a person and a language model say different things of a passage: a clean negative against one that is not. */
export function disagrees(verdict: Verdict, { verdict: said }: OpinionView): boolean {
  switch (verdict) {
    case "true_negative":
      return said !== "not_relevant";
    case "false_negative":
    case "partly_relevant":
    case "duplicate_of_positive":
      return said === "not_relevant";
    default:
      return false;
  }
}

/** What to say after a verdict that the opinion on the passage differs from; nothing where it does not. */
export function disagreementText(view: QueryView, document: string, verdict: Verdict): string {
  const opinion = [...view.candidates, ...view.dropped].find(({ key }) => key === document)?.opinion;
  return opinion !== undefined && disagrees(verdict, opinion) ? opinionStrings.saidDiffers(opinion.verdict) : "";
}
