import * as v from "valibot";
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
  readonly problems: readonly MarkProblem[];
  /** The last line, where it has no line feed and is no whole mark: a write that was cut off. */
  readonly torn?: string;
}

const text = v.string("must be a text");
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
});

const revisionMark = v.looseObject({ ...header, kind: v.picklist(["undo", "redo"]), of: text });

const markSchema = v.variant("kind", [verdictMark, revisionMark], 'kind must be "verdict", "undo" or "redo"');

/**
 * Reads a marks file. Fields that this version does not know are kept. A line that is no mark is reported and left out; the others hold.
 * Never throws.
 */
export function parseMarks(file: string): MarksReading {
  const lines = file.replace(/^\uFEFF/u, "").split("\n");
  const marks: Mark[] = [];
  const problems: MarkProblem[] = [];
  let torn: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      continue;
    }
    const read = readMark(line);
    if (typeof read !== "string") {
      marks.push(read);
      continue;
    }
    const isLast = index === lines.length - 1;
    torn = isLast ? line : undefined;
    problems.push({ line: index + 1, message: isLast ? "The last line is cut off and was left out: a write did not finish." : read });
  }
  return torn === undefined ? { marks, problems } : { marks, problems, torn };
}

/** The mark on a line, or in words why there is none. */
function readMark(line: string): Mark | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "The line is not valid JSON.";
  }
  const parsed = v.safeParse(markSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue);
    return field === null ? `The line is no mark: ${issue.message}.` : `The line is no mark: ${field} ${issue.message}.`;
  }
  const mark = parsed.output;
  if (mark.kind !== "verdict") {
    return mark;
  }
  const onQuery = QUERY_VERDICTS.some((verdict) => verdict === mark.verdict);
  if (onQuery !== (mark.document === undefined)) {
    return onQuery ? `The line is no mark: ${mark.verdict} takes no document.` : `The line is no mark: ${mark.verdict} needs a document.`;
  }
  return mark;
}
