/** A line of one of two versions of a text. */
export interface NumberedLine {
  /** Zero-based. */
  readonly line: number;
  readonly text: string;
  /** Number of lines before it, in its version, that the other version holds too: where two versions of a line meet. */
  readonly anchor: number;
}

export interface ChangedLines {
  readonly removed: readonly NumberedLine[];
  readonly added: readonly NumberedLine[];
}

/** The lines that one version of a text holds and the other does not. A line that only moved is in neither list. */
export function changedLines(before: readonly string[], after: readonly string[]): ChangedLines {
  const head = commonHead(before, after);
  const tail = commonTail(before, after, head);
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail];
  const counts = new Map<string, number>();
  for (let line = head; line < newEnd; line++) add(counts, after[line] ?? "", 1);
  const removed = unmatched(before, head, oldEnd, counts);
  // What is left of the counts has no counterpart in the old version; the last of equal lines is then the new one.
  const kept = new Map<string, number>();
  for (let line = head; line < newEnd; line++) add(kept, after[line] ?? "", 1);
  for (const [text, left] of counts) add(kept, text, -left);
  return { removed, added: unmatched(after, head, newEnd, kept) };
}

/** Lines from `first` to before `end` beyond those that `counts` has in store, which are used up. */
function unmatched(lines: readonly string[], first: number, end: number, counts: Map<string, number>): readonly NumberedLine[] {
  const found: NumberedLine[] = [];
  for (let line = first; line < end; line++) {
    const text = lines[line] ?? "";
    if ((counts.get(text) ?? 0) > 0) add(counts, text, -1);
    else found.push({ line, text, anchor: line - found.length });
  }
  return found;
}

function add(counts: Map<string, number>, text: string, by: number): void {
  counts.set(text, (counts.get(text) ?? 0) + by);
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  const limit = Math.min(a.length, b.length);
  let head = 0;
  while (head < limit && a[head] === b[head]) head++;
  return head;
}

function commonTail(a: readonly string[], b: readonly string[], head: number): number {
  const limit = Math.min(a.length, b.length) - head;
  let tail = 0;
  while (tail < limit && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return tail;
}
