/**
 * Reciprocal-rank fusion (Cormack, Clarke and Buettcher 2009): documents of several ranked lists by the sum of 1 / (k + rank), best first, ranks
 * counted from 1; equal sums in ascending order of document.
 */
export function fuseRanks(lists: readonly Iterable<number>[], k: number): readonly number[] {
  const sums = new Map<number, number>();
  for (const list of lists) {
    let rank = 0;
    for (const document of list) {
      rank += 1;
      sums.set(document, (sums.get(document) ?? 0) + 1 / (k + rank));
    }
  }
  return [...sums.keys()].sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0) || a - b);
}
