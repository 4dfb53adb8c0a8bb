import type { AuditProgress } from "./auditProgress";
import type { LaneAnswer, PairKeys } from "./card";
import { firstNotPassed } from "./passedOver";

export interface AuditState {
  readonly progress: AuditProgress;
  /** Places in the order of pairs whose texts are not in the data any more. */
  readonly gone: ReadonlySet<number>;
  /** Whether this person put the pair off. */
  readonly isPutOff: (pair: PairKeys) => boolean;
  readonly passedOver: readonly PairKeys[];
}

/** So many pairs are judged behind one that was put off before it is asked for again: until it has a verdict, the sample ends before it. */
const PATIENCE = 20;

/** The next pair of the audit's order without a verdict. */
export function nextAudited(state: AuditState): LaneAnswer {
  const { progress, gone, passedOver } = state;
  const first = progress.total.count.marked;
  if (first === progress.order.length) return { left: 0, text: emptyText(first) };
  if (gone.has(first)) return { left: 0, text: goneText(first) };
  const { pairs, overdue } = openPairs(state, first);
  const next = firstNotPassed(pairs, passedOver);
  if (next === undefined) return { left: 0, text: emptyText(progress.order.length) };
  const text =
    next === overdue ? putOffText : "Drawn at random from all negatives that are emitted: what says how many false ones are left.";
  return { next, left: auditLeft(progress, gone), text };
}

/** Pairs of the audit without a verdict whose texts are in the data. */
export function auditLeft(progress: AuditProgress, gone: ReadonlySet<number>): number {
  return progress.order.length - progress.judged - [...gone].filter((place) => progress.verdictAt(place) === undefined).length;
}

const putOffText = "You put it off. The count of the audit goes no further than this pair until it has a verdict.";

/** Pairs without a verdict in the order in which they are offered; `overdue` is one that was put off and holds the sample up. */
function openPairs(
  { progress, gone, isPutOff }: AuditState,
  first: number,
): { readonly pairs: readonly PairKeys[]; readonly overdue?: PairKeys } {
  const putOff: PairKeys[] = [];
  const open: PairKeys[] = [];
  let judgedBehind = 0;
  // One page of open pairs is enough: more than that nobody passes over.
  for (let place = first; place < progress.order.length && open.length <= PATIENCE; place += 1) {
    const pair = progress.order[place]?.pair;
    if (pair === undefined || gone.has(place)) continue;
    if (progress.verdictAt(place) !== undefined) judgedBehind += Number(open.length === 0);
    else if (isPutOff(pair)) putOff.push(pair);
    else open.push(pair);
  }
  const [overdue] = putOff;
  if (overdue === undefined) return { pairs: open };
  return judgedBehind < PATIENCE && open.length > 0 ? { pairs: [...open, ...putOff], overdue } : { pairs: [...putOff, ...open], overdue };
}

function emptyText(pairs: number): string {
  return pairs === 0
    ? "Nothing was emitted when the audit began, so that there is nothing to judge. Change the sampler and begin a new audit."
    : `All ${String(pairs)} pairs of the audit have a verdict.`;
}

function goneText(marked: number): string {
  return `The next pair of the audit is of a text that is not in the data any more: its count ends at ${String(marked)} pairs. Begin a new audit of what is emitted now.`;
}
