import type { Suggestions } from "./pairOpinion";

/** So many suggestions more or fewer have made anew what rests on all of them: a run adds about one a second. */
const BATCH = 10;

/** Whether what was made with the suggestions of before is behind those of now: with the first one, the last one gone, a batch of them, or other ones. */
export function isSaidAnew(before: Suggestions, now: Suggestions): boolean {
  if (before === now) return false;
  const [earlier, later] = [before.totals.suggestions, now.totals.suggestions];
  if (earlier === 0 || later === 0) return earlier !== later;
  return earlier === later || Math.abs(later - earlier) >= BATCH;
}
