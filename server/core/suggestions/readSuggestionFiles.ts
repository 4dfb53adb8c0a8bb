import type { Failure, Place } from "../util/failure";
import { parseSuggestion } from "./parseSuggestion";
import type { Suggestion } from "./suggestion";
import { suggestionLine } from "./suggestionLine";
import { byTime, timed } from "./suggestionOrder";

/** One person's suggestions as they are on disk. */
export interface SuggestionsText {
  readonly file: string;
  /** Complete lines. */
  readonly text: string;
  /** A last line that a crash cut off. */
  readonly torn?: string;
}

/** Something that a person should know of a suggestions file. The file is never changed because of it. */
export interface SuggestionProblem extends Failure {
  readonly place: Required<Place>;
  /** "warning": a line does not count. "information": all counts, though the file is not as it was written. */
  readonly severity: "warning" | "information";
}

export interface SuggestionFiles {
  /** Each once, in the order of files and lines. */
  readonly suggestions: readonly Suggestion[];
  /** In the order of files and lines. */
  readonly problems: readonly SuggestionProblem[];
}

interface PlacedSuggestion {
  readonly suggestion: Suggestion;
  /** 1-based. */
  readonly line: number;
}

interface Found {
  readonly line: number;
  readonly severity: SuggestionProblem["severity"];
  readonly message: string;
}

/** Reads everyone's suggestions, and says of every line that does not count why. Never throws. */
export function readSuggestionFiles(files: readonly SuggestionsText[]): SuggestionFiles {
  const readings = files.map((file) => ({ file: file.file, ...readLines(file) }));
  const counted = countedByName(readings.flatMap(({ placed }) => placed.map(({ suggestion }) => suggestion)));
  const problems = readings.flatMap(({ file, placed, unread }) =>
    [...unread, ...namesakes(placed, counted), ...repetitions(placed, counted), ...backwards(placed, counted)]
      .sort((a, b) => a.line - b.line)
      .map(({ line, severity, message }): SuggestionProblem => {
        const nextStep = severity === "warning" ? { nextStep: "Correct the line or delete it, or have the model asked again." } : {};
        return { reason: "unknown-format", severity, message, ...nextStep, place: { file, line } };
      }),
  );
  const suggestions = readings
    .flatMap(({ placed }) => placed.map(({ suggestion }) => suggestion))
    .filter((suggestion) => counted.get(suggestion.suggestion) === suggestion);
  return { suggestions, problems };
}

function readLines({ text, torn }: SuggestionsText): { readonly placed: readonly PlacedSuggestion[]; readonly unread: readonly Found[] } {
  const placed: PlacedSuggestion[] = [];
  const unread: Found[] = [];
  const rows = text.split("\n");
  for (const [index, row] of rows.entries()) {
    // Files put one behind another have byte order marks in their middle too.
    const plain = row.replace(/^\uFEFF/u, "");
    if (plain.trim() === "") continue;
    const read = parseSuggestion(plain);
    if (read.problem !== undefined) unread.push({ line: index + 1, severity: "warning", message: read.problem });
    else placed.push({ suggestion: read.suggestion, line: index + 1 });
  }
  if (torn !== undefined) {
    unread.push({
      line: rows.length,
      severity: "warning",
      message: "The last line is cut off and was left out: a write did not finish.",
    });
  }
  return { placed, unread };
}

/** The suggestion that counts for each name: the first to be read of those with the earliest time, so that the order of files cannot matter. */
function countedByName(suggestions: readonly Suggestion[]): ReadonlyMap<string, Suggestion> {
  const counted = new Map<string, Suggestion>();
  for (const suggestion of suggestions) {
    const known = counted.get(suggestion.suggestion);
    if (known === undefined || byTime(timed(suggestion), timed(known)) < 0) counted.set(suggestion.suggestion, suggestion);
  }
  return counted;
}

/** Lines that name a suggestion as another, different line does that counts. */
function namesakes(placed: readonly PlacedSuggestion[], counted: ReadonlyMap<string, Suggestion>): readonly Found[] {
  return placed
    .filter(({ suggestion }) => counted.get(suggestion.suggestion) !== suggestion && !isRepetition(suggestion, counted))
    .map(({ line, suggestion }) => ({
      line,
      severity: "warning",
      message: `Another line has the name ${JSON.stringify(suggestion.suggestion)} too: this one does not count.`,
    }));
}

/** Lines that merging has doubled. */
function repetitions(placed: readonly PlacedSuggestion[], counted: ReadonlyMap<string, Suggestion>): readonly Found[] {
  return toldOnce(
    placed.filter(({ suggestion }) => isRepetition(suggestion, counted)),
    "A line repeats a suggestion that is there already, as merging leaves it: it counts once.",
    (count) => `${count} lines repeat suggestions that are there already, as merging leaves them: each counts once.`,
  );
}

/** Where the times of a person's lines go back. */
function backwards(placed: readonly PlacedSuggestion[], counted: ReadonlyMap<string, Suggestion>): readonly Found[] {
  const latest = new Map<string, number>();
  const found = placed.filter(({ suggestion }) => {
    if (counted.get(suggestion.suggestion) !== suggestion) return false;
    const { moment } = timed(suggestion);
    const before = latest.get(suggestion.author) ?? Number.NEGATIVE_INFINITY;
    latest.set(suggestion.author, Math.max(moment, before));
    return moment < before;
  });
  return toldOnce(
    found,
    "A line has an earlier time than one above it, after a merge or with a clock that was set back: of two answers the later time counts.",
    (count) =>
      `${count} lines have an earlier time than one above them, after a merge or with a clock that was set back: of two answers the later time counts.`,
  );
}

/** One message for all such lines of a file, at the first of them: a merge can leave hundreds. */
function toldOnce(found: readonly PlacedSuggestion[], one: string, many: (count: string) => string): readonly Found[] {
  const [head] = found;
  if (head === undefined) return [];
  const message = found.length === 1 ? one : many(found.length.toLocaleString("en-US"));
  return [{ line: head.line, severity: "information", message }];
}

function isRepetition(suggestion: Suggestion, counted: ReadonlyMap<string, Suggestion>): boolean {
  const other = counted.get(suggestion.suggestion);
  return other !== undefined && other !== suggestion && suggestionLine(other) === suggestionLine(suggestion);
}
