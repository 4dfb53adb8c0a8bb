import type { LaneCard } from "#protocol/curation";
import type { PositiveView, QueryView } from "#protocol/review";

/** The positives of a query on show. A pair that is judged blind is not shown as the positive that somebody has made of it. */
export function shownPositives({ positives }: QueryView, card: LaneCard | undefined): readonly PositiveView[] {
  return card?.blind === true ? positives.filter(({ key }) => key !== card.document) : positives;
}

/**
 * The positives that the verdict's key is for, one press after another: those that a language model calls wrong and no mark does, then the
 * first. Who judges blind is not told what is called wrong, and has the first alone.
 */
export function keyedPositives(positives: readonly PositiveView[], blind: boolean): readonly PositiveView[] {
  const wrong = blind ? [] : positives.filter(({ calledWrong, verdict }) => calledWrong !== undefined && verdict !== "bad_positive");
  const first = positives.slice(0, 1).filter((positive) => !wrong.includes(positive));
  return [...wrong, ...first];
}

/** Which of the positives that a key was meant for it acts on in the query as it is now: the first that no mark calls bad. */
export function positiveToMark(meant: readonly PositiveView[], { positives }: QueryView): PositiveView | undefined {
  const verdicts = new Map(positives.map(({ key, verdict }) => [key, verdict]));
  const there = meant.filter(({ key }) => verdicts.has(key));
  return there.find(({ key }) => verdicts.get(key) !== "bad_positive") ?? there.at(-1);
}
