import { foldMarks } from "./foldMarks";
import type { MarkFold } from "./foldMarks";
import type { Mark } from "./mark";
import { markLine } from "./newMark";
import { parseMarks } from "./parseMarks";
import type { MarkProblem } from "./parseMarks";

/** One person's marks as they are on disk. */
export interface MarksText {
  readonly file: string;
  /** Complete lines. */
  readonly text: string;
  /** A last line that a crash cut off. */
  readonly torn?: string;
}

/** Something that a person should know of a marks file. The file is never changed because of it. */
export interface MarkFileProblem extends MarkProblem {
  readonly file: string;
  /** "warning": a line does not count. "information": all counts, though the file is not as it was written. */
  readonly severity: "warning" | "information";
}

export interface MarkFiles {
  readonly folded: MarkFold;
  /** In the order of files and lines. */
  readonly problems: readonly MarkFileProblem[];
}

interface PlacedMark {
  readonly mark: Mark;
  readonly line: number;
}

/** Folds everyone's marks, and says of every line that has no effect why. */
export function readMarkFiles(files: readonly MarksText[]): MarkFiles {
  const readings = files.map(({ file, text, torn }) => {
    const { marks, lines, problems } = parseMarks(text);
    const placed = marks.map((mark, i): PlacedMark => ({ mark, line: lines[i] ?? 0 }));
    return { file, placed, problems: torn === undefined ? problems : [...problems, tornLine(text)] };
  });
  const folded = foldMarks(readings.flatMap(({ placed }) => placed.map(({ mark }) => mark)));
  const ignored = new Map(folded.ignored.map(({ mark, why }) => [mark, why]));
  const first = new Map<string, Mark>();
  for (const { placed } of readings) for (const { mark } of placed) if (!first.has(mark.mark)) first.set(mark.mark, mark);
  const problems = readings.flatMap(({ file, placed, problems: unread }) =>
    [
      ...unread.map(asWarning),
      ...namesakes(placed, first).map(asWarning),
      ...strangers(placed, ignored).map(asWarning),
      ...repetitions(placed, first).map(asInformation),
      ...orphans(placed, first).map(asInformation),
      ...backwards(placed.filter(({ mark }) => isFirst(mark, first))).map(asInformation),
    ]
      .sort((a, b) => a.line - b.line)
      .map((problem): MarkFileProblem => ({ file, ...problem })),
  );
  return { folded, problems };
}

function asWarning(problem: MarkProblem): Omit<MarkFileProblem, "file"> {
  return { ...problem, severity: "warning" };
}

function asInformation(problem: MarkProblem): Omit<MarkFileProblem, "file"> {
  return { ...problem, severity: "information" };
}

function tornLine(text: string): MarkProblem {
  return { line: text.split("\n").length, message: "The last line is cut off and was left out: a write did not finish." };
}

/** Lines that name a mark as another, different line does. */
function namesakes(placed: readonly PlacedMark[], first: ReadonlyMap<string, Mark>): readonly MarkProblem[] {
  return placed
    .filter(({ mark }) => !isFirst(mark, first) && !isRepetition(mark, first))
    .map(({ line, mark }) => ({
      line,
      message: `Another line has the name ${JSON.stringify(mark.mark)} already: this one does not count.`,
    }));
}

function strangers(placed: readonly PlacedMark[], ignored: ReadonlyMap<Mark, string>): readonly MarkProblem[] {
  return placed.flatMap(({ mark, line }) =>
    mark.kind !== "verdict" && ignored.get(mark)?.includes("another person") === true
      ? [{ line, message: `The ${mark.kind} names a mark of another person, which stands.` }]
      : [],
  );
}

/** Lines that merging has doubled. */
function repetitions(placed: readonly PlacedMark[], first: ReadonlyMap<string, Mark>): readonly MarkProblem[] {
  return toldOnce(
    placed.filter(({ mark }) => isRepetition(mark, first)),
    "A line repeats a mark that is there already, as merging leaves it: the mark counts once.",
    (count) => `${count} lines repeat marks that are there already, as merging leaves them: each mark counts once.`,
  );
}

/** Undo and redo lines whose verdict is nowhere. */
function orphans(placed: readonly PlacedMark[], first: ReadonlyMap<string, Mark>): readonly MarkProblem[] {
  return toldOnce(
    placed.filter(({ mark }) => mark.kind !== "verdict" && first.get(mark.of)?.kind !== "verdict"),
    "A line takes back or restores a mark that is in no file: it has no effect.",
    (count) => `${count} lines take back or restore marks that are in no file: they have no effect.`,
  );
}

/** Where the times of a person's lines go back. The order of the lines is what counts, so that no clock can change it. */
function backwards(placed: readonly PlacedMark[]): readonly MarkProblem[] {
  const latest = new Map<string, string>();
  const found = placed.filter(({ mark: { author, time } }) => {
    const before = latest.get(author) ?? "";
    if (time >= before) latest.set(author, time);
    return time < before;
  });
  return toldOnce(
    found,
    "A line has an earlier time than one above it, after a merge or with a clock that was set back: the order of the lines counts.",
    (count) =>
      `${count} lines have an earlier time than one above them, after a merge or with a clock that was set back: the order of the lines counts.`,
  );
}

/** One message for all such lines of a file, at the first of them: a merge can leave hundreds. */
function toldOnce(found: readonly PlacedMark[], one: string, many: (count: string) => string): readonly MarkProblem[] {
  const [head] = found;
  return head === undefined ? [] : [{ line: head.line, message: found.length === 1 ? one : many(found.length.toLocaleString("en-US")) }];
}

function isFirst(mark: Mark, first: ReadonlyMap<string, Mark>): boolean {
  return first.get(mark.mark) === mark;
}

function isRepetition(mark: Mark, first: ReadonlyMap<string, Mark>): boolean {
  const other = first.get(mark.mark);
  return other !== undefined && other !== mark && markLine(other) === markLine(mark);
}
