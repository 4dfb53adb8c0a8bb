import { UNDECIDED } from "../mining/candidate";
import { explainRows } from "../mining/explain";
import type { MinedQuery } from "../mining/miningState";

/** A negative that is not emitted any more. */
export interface FellOut {
  /** Group of equal texts. */
  readonly group: number;
  /** The rule that drops it now, in words. */
  readonly reason: string;
}

/**
 * What a passage that became a positive made fall out of its query's negatives: margins are taken against the lowest positive, and a ceiling on
 * the similarity to a positive counts the new one too. Empty where no passage became one.
 *
 * @param marked groups of equal texts that were marked themselves
 */
export function fellOut(before: MinedQuery, after: MinedQuery, marked: ReadonlySet<number>): readonly FellOut[] {
  const former = new Set(groupsOfPromoted(before));
  if (!groupsOfPromoted(after).some((group) => !former.has(group))) return [];
  const kept = new Set(after.decision.kept.map((row) => after.facts.groups[row]));
  const gone = before.decision.kept.map((row) => before.facts.groups[row] ?? -1).filter((group) => !kept.has(group) && !marked.has(group));
  return gone.map((group) => {
    const row = after.facts.groups.findIndex((other, at) => other === group && after.decision.fates[at] !== UNDECIDED);
    const reason = row === -1 ? undefined : explainRows(after, [row])[0]?.reason;
    return { group, reason: reason ?? "no source finds it any more" };
  });
}

function groupsOfPromoted({ verdicts, facts }: MinedQuery): readonly number[] {
  return verdicts.promoted.map((document) => facts.identity.collection.documents[document]?.group ?? -1);
}
