import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { FoldedMarks } from "../marks/foldMarks";
import type { Conflict, QueryVerdicts } from "../marks/verdictsForQuery";
import type { LaneAnswer, PairKeys } from "./card";
import { firstNotPassed } from "./passedOver";

export interface ConflictsState {
  readonly marks: FoldedMarks;
  readonly collection: Collection;
  readonly verdicts: (query: number) => QueryVerdicts;
  readonly author: string;
  readonly passedOver: readonly PairKeys[];
}

interface OpenConflict extends PairKeys {
  readonly conflict: Conflict;
}

/** A pair that persons judge differently and that this one has not looked at as such. */
export function nextConflict(state: ConflictsState): LaneAnswer {
  const open = openConflicts(state);
  const next = firstNotPassed(open, state.passedOver);
  if (next === undefined) return { left: 0, text: "No pair that persons judge differently waits for you." };
  return { next, left: open.length, text: whyOf(next.conflict) };
}

/** In the order of the file. */
export function openConflicts({ marks, collection, verdicts, author }: Omit<ConflictsState, "passedOver">): readonly OpenConflict[] {
  const disputed = marks.markedQueries().filter((key) => new Set(marks.ofQuery(key).map((mark) => mark.author)).size > 1);
  const found = disputed.flatMap((key) => {
    const [index] = queriesWithKey(collection, key);
    return index === undefined ? [] : [{ key, index }];
  });
  found.sort((a, b) => a.index - b.index);
  return found.flatMap(({ key, index }) => {
    const { conflicts, marksOfGroup } = verdicts(index);
    // Who has judged it as a conflict and stays with the verdict is not asked again.
    const isSettled = ({ group }: Conflict): boolean =>
      (marksOfGroup.get(group) ?? []).some((mark) => mark.author === author && mark.lane === "conflicts");
    return conflicts
      .filter((conflict) => !isSettled(conflict))
      .map((conflict) => ({ query: key, document: collection.groupKeys[conflict.group] ?? "", conflict }));
  });
}

function whyOf({ verdicts }: Conflict): string {
  const said = verdicts.map(({ author, verdict }) => `${author} says ${verdict.replaceAll("_", " ")}`);
  return `Persons judge it differently: ${said.join(", ")}.`;
}
