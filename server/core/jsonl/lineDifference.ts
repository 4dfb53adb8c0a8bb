import type { JsonObjectNode } from "./jsonNode";
import { scanJson } from "./jsonScanner";
import { textStart } from "./readRecord";
import { applyEdits, removeMembersAt } from "./spanEdit";
import type { TextEdit } from "./spanEdit";

/**
 * Edits that turn one line into another: one for each member that changed or is gone, else one over all that changed. Each is as short as its first and
 * last unit that differ. None where the lines are equal.
 */
export function lineDifference(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const byMember = memberDifferences(before, after);
  // The blanks between members may be others too.
  return byMember !== undefined && applyEdits(before, byMember) === after ? byMember : [difference(before, after, 0)];
}

/** Differences of the values, and members that are gone; undefined where there are others, or the same in another order. */
function memberDifferences(before: string, after: string): readonly TextEdit[] | undefined {
  const [was, is] = [rootOf(before), rootOf(after)];
  if (was === undefined || is === undefined) return undefined;
  const edits: TextEdit[] = [];
  const gone: number[] = [];
  let next = 0;
  for (const [position, { name, value }] of was.members.entries()) {
    const other = is.members[next];
    if (other?.name !== name) {
      gone.push(position);
      continue;
    }
    next += 1;
    const [old, now] = [before.slice(value.start, value.end), after.slice(other.value.start, other.value.end)];
    if (old !== now) edits.push(difference(old, now, value.start));
  }
  return next === is.members.length ? [...edits, ...removeMembersAt(was, gone)].sort((a, b) => a.start - b.start) : undefined;
}

function difference(before: string, after: string, offset: number): TextEdit {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head < limit && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < limit - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start: offset + head, end: offset + before.length - tail, text: after.slice(head, after.length - tail) };
}

function rootOf(line: string): JsonObjectNode | undefined {
  const { root } = scanJson(line, textStart(line));
  return root?.kind === "object" ? root : undefined;
}
