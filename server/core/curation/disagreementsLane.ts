import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { FoldedMarks } from "../marks/foldMarks";
import type { VerdictMark } from "../marks/mark";
import type { PairOpinion, Suggestions } from "../suggestions/pairOpinion";
import type { LaneAnswer, PairKeys } from "./card";
import { isCleanVerdict, isFlagged, opinionBy } from "./opinions";
import { firstNotPassed } from "./passedOver";

export interface DisagreementsState {
  readonly marks: FoldedMarks;
  readonly suggestions: Suggestions;
  readonly collection: Collection;
  readonly author: string;
  readonly passedOver: readonly PairKeys[];
}

interface OpenDisagreement extends PairKeys {
  readonly mark: VerdictMark;
  readonly opinion: PairOpinion;
}

/** A pair that the person and a language model judge differently, and that the person has not looked at as such. */
export function nextDisagreement(state: DisagreementsState): LaneAnswer {
  const open = openDisagreements(state);
  const next = firstNotPassed(open, state.passedOver);
  if (next === undefined) return { left: 0, text: "No pair that you and a language model judge differently waits for you." };
  return { next, left: open.length, text: whyOf(next) };
}

/**
 * In the order of the file. Only clean against not clean counts; doubt is no disagreement. A mark made in this lane settles a pair, whatever it says,
 * until a model is asked about it again.
 */
export function openDisagreements({
  marks,
  suggestions,
  collection,
  author,
}: Omit<DisagreementsState, "passedOver">): readonly OpenDisagreement[] {
  const found = marks.markedQueries().flatMap((query) => {
    const [index] = suggestions.opinionsOf(query).size === 0 ? [] : queriesWithKey(collection, query);
    return index === undefined ? [] : [{ query, index }];
  });
  found.sort((a, b) => a.index - b.index);
  return found.flatMap(({ query }) => {
    const opinions = suggestions.opinionsOf(query);
    return marks.ofQuery(query).flatMap((mark) => {
      const opinion = opinions.get(mark.document?.key ?? "");
      if (mark.document === undefined || opinion === undefined || mark.author !== author) return [];
      const isOpen = collection.groupOfKey.has(mark.document.key) && differ(mark, opinion) && !isSettled(mark, opinion);
      return isOpen ? [{ query, document: mark.document.key, mark, opinion }] : [];
    });
  });
}

function differ({ verdict }: VerdictMark, opinion: PairOpinion): boolean {
  const isClean = isCleanVerdict(verdict);
  return isClean !== undefined && isClean === isFlagged(opinion);
}

/** A time that cannot be read must not have the pair come back for ever. */
function isSettled({ lane, time }: VerdictMark, opinion: PairOpinion): boolean {
  return lane === "disagreements" && !(Date.parse(opinion.time) > Date.parse(time));
}

function whyOf({ mark, opinion }: OpenDisagreement): string {
  const [yours, models] = [mark.verdict, opinion.verdict].map((verdict) => verdict.replaceAll("_", " "));
  const who = opinion.stage === "confirm" ? `${opinionBy(opinion)},` : opinionBy(opinion);
  return `You say ${yours ?? ""}, and ${who} says ${models ?? ""}. Look again with its reason at hand; your verdict stays yours.`;
}
