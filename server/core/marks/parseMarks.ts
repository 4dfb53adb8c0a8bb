import * as v from "valibot";
import { isObject } from "../formats/jsonObject";
import type { Mark } from "./mark";
import { MARK_LANES, PAIR_VERDICTS, POSITIVE_VERDICTS, QUERY_VERDICTS } from "./mark";

/** A line of a marks file that could not be used. The file is never changed because of it. */
export interface MarkProblem {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

export interface MarksReading {
  readonly marks: readonly Mark[];
  /** The 1-based line of each mark. */
  readonly lines: readonly number[];
  readonly problems: readonly MarkProblem[];
  /** The last line, where it has no line feed and is no whole mark: a write that was cut off. */
  readonly torn?: string;
}

const text = v.string("must be a text");
/** Fields that a later version may fill with what this one does not know. Without them, a verdict is still a verdict. */
const OPTIONAL_WORDS = ["lane", "origin", "opinion_shown"] as const;
const number = v.number("must be a number");
const verdicts = [...PAIR_VERDICTS, ...POSITIVE_VERDICTS, ...QUERY_VERDICTS];
const identity = v.looseObject({ key: text, id: v.exactOptional(text) }, "must be an object with a key");
const header = { mark: text, time: text, author: text, tool: text };

const verdictMark = v.looseObject({
  ...header,
  kind: v.literal("verdict"),
  verdict: v.picklist(verdicts, `must be one of ${verdicts.join(", ")}`),
  query: identity,
  document: v.exactOptional(identity),
  reason: v.exactOptional(text),
  note: v.exactOptional(text),
  origin: v.exactOptional(v.literal("edit", 'must be "edit"')),
  group: v.exactOptional(text),
  lane: v.exactOptional(v.picklist(MARK_LANES, `must be one of ${MARK_LANES.join(", ")}`)),
  salt: v.exactOptional(text),
  fn_probability: v.exactOptional(number),
  source: v.exactOptional(text),
  rank: v.exactOptional(number),
  score: v.exactOptional(number),
  positive_score: v.exactOptional(number),
  positive_similarity: v.exactOptional(number),
  config_hash: v.exactOptional(text),
  model: v.exactOptional(text),
  file: v.exactOptional(text),
  line: v.exactOptional(number),
  blind: v.boolean("must be true or false"),
  suggestion_shown: v.boolean("must be true or false"),
  opinion_shown: v.exactOptional(v.boolean("must be true or false")),
});

const revisionMark = v.looseObject({ ...header, kind: v.picklist(["undo", "redo"]), of: text });

const markSchema = v.variant("kind", [verdictMark, revisionMark], 'kind must be "verdict", "undo" or "redo"');

/**
 * Reads a marks file. Fields that this version does not know are kept. A line that is no mark is reported and left out; the others hold.
 * Of a verdict with an unknown lane or origin, or one that does not say as it should whether an opinion was shown, only that field is left out, so that nobody's judgement is lost. Never throws.
 */
export function parseMarks(file: string): MarksReading {
  // Files put one behind another have byte order marks in their middle too.
  const rows = file.split("\n").map((row) => row.replace(/^\uFEFF/u, ""));
  const marks: Mark[] = [];
  const lines: number[] = [];
  const problems: MarkProblem[] = [];
  let torn: string | undefined;
  for (const [index, row] of rows.entries()) {
    if (row.trim() === "") {
      continue;
    }
    const line = index + 1;
    const { mark, problem } = readMark(row);
    if (mark !== undefined) {
      marks.push(mark);
      lines.push(line);
    }
    if (problem === undefined) {
      continue;
    }
    const isCutOff = mark === undefined && line === rows.length;
    torn = isCutOff ? row : undefined;
    problems.push({ line, message: isCutOff ? "The last line is cut off and was left out: a write did not finish." : problem });
  }
  return { marks, lines, problems, ...(torn === undefined ? {} : { torn }) };
}

interface LineReading {
  readonly mark?: Mark;
  /** Why there is no mark, or what of it was left out. */
  readonly problem?: string;
}

function readMark(line: string): LineReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: isMergeMarker(line) ? MERGE_MARKER : "The line is not valid JSON." };
  }
  const parsed = v.safeParse(markSchema, value);
  if (parsed.success) {
    const problem = misplacedDocument(parsed.output);
    return problem === undefined ? { mark: parsed.output } : { problem };
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  const message = `${field === null || issue.message.startsWith(field) ? "" : `${field} `}${messageOf(issue)}`;
  const word = OPTIONAL_WORDS.find((name) => name === field);
  if (word === undefined || !isObject(value)) return { problem: `The line is no mark: ${message}.` };
  const { [word]: _, ...rest } = value;
  const { mark, problem } = readMark(JSON.stringify(rest));
  return mark === undefined ? { problem: problem ?? message } : { mark, problem: `The mark counts without its ${word}: ${message}.` };
}

function misplacedDocument(mark: Mark): string | undefined {
  if (mark.kind !== "verdict") return undefined;
  const onQuery = QUERY_VERDICTS.some((verdict) => verdict === mark.verdict);
  if (onQuery === (mark.document === undefined)) return undefined;
  return onQuery ? `The line is no mark: ${mark.verdict} takes no document.` : `The line is no mark: ${mark.verdict} needs a document.`;
}

/** A field that is not there has a message of the library's own. */
function messageOf(issue: { readonly message: string; readonly received: string }): string {
  return issue.message.startsWith("Invalid key") ? "is missing" : issue.message;
}

const MERGE_MARKER =
  "The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.";

export function isMergeMarker(line: string): boolean {
  return /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/u.test(line);
}
