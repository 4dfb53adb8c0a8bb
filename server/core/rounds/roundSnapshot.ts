import * as v from "valibot";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** Where a candidate stood in a round. */
export interface Standing {
  /** Text key of the passage: what marks are bound to, so that it survives edits and new ids. */
  readonly key: string;
  /** Place in the list of its source, the nearest being 1; absent for one that was drawn or pinned, not retrieved. */
  readonly rank?: number;
  /** Similarity to the query under the model of the round, to six decimals; absent where it is unknown. */
  readonly score?: number;
}

export interface EmittedNegative extends Standing {
  /** The source of the mix that gave it, or "listed". */
  readonly source: string;
}

export interface PassedOver extends Standing {
  /** The rule that dropped it: see `DROP_RULES`. */
  readonly rule: string;
}

export interface GoneNegative extends PassedOver {
  /** Why, in words. The rule is "not_found" where it is no candidate any more. */
  readonly reason: string;
}

/** One query in one round. */
export interface RoundQuery {
  /** Text key of the query, and its id, which tells apart queries of one text. */
  readonly key: string;
  readonly id: string;
  /** Emitted negatives, hardest first, each text once. */
  readonly emitted: readonly EmittedNegative[];
  /** Those of the round before that are emitted no more, in its order. */
  readonly gone: readonly GoneNegative[];
  /** The nearest other candidates that were not emitted, at most `MOST_OTHERS`: how one that comes later had stood before. */
  readonly others: readonly PassedOver[];
}

/** The negatives that one round mined, query by query in the order of the data set. */
export interface RoundSnapshot {
  /** From 1. */
  readonly round: number;
  readonly queries: readonly RoundQuery[];
}

/** Some 60 bytes each: 12 MB a round for 10,000 queries. */
export const MOST_OTHERS = 20;

/** Tells the queries of a data set apart. */
export function roundQueryName({ key, id }: Pick<RoundQuery, "key" | "id">): string {
  return `${key} ${id}`;
}

/** The snapshot as lines of JSON: the round and the number of its queries, then one query a line. Same snapshot, same bytes. */
export function snapshotText({ round, queries }: RoundSnapshot): string {
  const lines = [
    { round, queries: queries.length },
    ...queries.map(({ key, id, emitted, gone, others }) => ({ query: key, id, emitted, gone, others })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

const text = v.string("must be a text");
const number = v.number("must be a number");
const standing = { key: text, rank: v.exactOptional(number), score: v.exactOptional(number) };
const header = v.object({ round: number, queries: number });
const queryLine = v.object({
  query: text,
  id: text,
  emitted: v.array(v.object({ ...standing, source: text })),
  gone: v.array(v.object({ ...standing, rule: text, reason: text })),
  others: v.array(v.object({ ...standing, rule: text })),
});

/** Reads what `snapshotText` wrote. Fails with the line at fault, also where the file was cut off. */
export function parseSnapshot(file: string): Result<RoundSnapshot> {
  const lines = file.split("\n");
  const first = readLine(header, lines[0] ?? "");
  if (typeof first === "string") return fault(1, first);
  const queries: RoundQuery[] = [];
  for (let line = 2; line <= first.queries + 1; line += 1) {
    const read = readLine(queryLine, lines[line - 1] ?? "");
    if (typeof read === "string") return fault(line, read);
    const { query: key, ...rest } = read;
    queries.push({ key, ...rest });
  }
  return ok({ round: first.round, queries });
}

/** The value on a line, or what is wrong with it. */
function readLine<const Schema extends v.GenericSchema>(schema: Schema, line: string): v.InferOutput<Schema> | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return line === "" ? "The line is missing." : "The line is not JSON.";
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return `"${v.getDotPath(issue) ?? ""}" ${issue.message}.`;
}

function fault(line: number, message: string): Result<never> {
  return err({
    reason: "unknown-format",
    message: `Line ${String(line)} of the round's snapshot cannot be read. ${message}`,
    nextStep: "Train again to make a new one.",
  });
}
