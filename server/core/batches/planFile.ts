import * as v from "valibot";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** A batch as a plan file has it, one a line. */
export interface PlannedBatch {
  /** From 1. */
  readonly epoch: number;
  /** Number in its epoch, from 1. */
  readonly batch?: number;
  /** Absent where tasks are blended. */
  readonly task?: string;
  /** Ids of its queries, and for each the line of its record, from 1. At least one of the two lists is there; they are of equal length. */
  readonly rows?: readonly string[];
  readonly lines?: readonly number[];
}

/** A line of a plan, without its line feed. */
export function planLine({ epoch, batch, task, rows, lines }: PlannedBatch): string {
  return JSON.stringify({ epoch, batch, task, rows, lines });
}

const whole = v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(1, "must be at least 1"));
const planned = v.pipe(
  v.object(
    {
      epoch: v.optional(whole, 1),
      batch: v.exactOptional(whole),
      task: v.exactOptional(v.string("must be a text")),
      rows: v.exactOptional(v.array(v.union([v.string(), v.pipe(v.number(), v.transform(String))], "must be an id"), "must be a list")),
      lines: v.exactOptional(v.array(whole, "must be a list")),
    },
    "must be an object",
  ),
  v.check(({ rows, lines }) => rows !== undefined || lines !== undefined, 'must have "rows" or "lines"'),
  v.check(
    ({ rows, lines }) => rows === undefined || lines === undefined || rows.length === lines.length,
    'must have as many "lines" as "rows"',
  ),
);

/** Reads a line of a plan, this program's or another's. Ids may be numbers, the epoch is 1 where it is absent, other members are passed over. */
export function parsePlanLine(text: string): Result<PlannedBatch> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return flaw("The line is not JSON.");
  }
  const parsed = v.safeParse(planned, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  return flaw(place === null ? `The batch ${issue.message}.` : `"${place}" ${issue.message}.`);
}

function flaw(message: string): Result<never> {
  return err({ reason: "unknown-format", message });
}
