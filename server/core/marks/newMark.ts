import { idFromKey } from "../collection/textKey";
import type { Mark, RevisionMark, TextIdentity, VerdictMark } from "./mark";

/** Order of the fields in a line, so that files compare well. Fields that this version does not know follow in their own order. */
const fieldOrder: readonly (keyof VerdictMark | keyof RevisionMark)[] = [
  "kind",
  "mark",
  "time",
  "author",
  "of",
  "verdict",
  "query",
  "document",
  "reason",
  "note",
  "origin",
  "group",
  "lane",
  "salt",
  "source",
  "rank",
  "score",
  "positive_score",
  "positive_similarity",
  "fn_probability",
  "config_hash",
  "model",
  "file",
  "line",
  "blind",
  "suggestion_shown",
  "opinion_shown",
  "tool",
];

/** The mark as one line of a marks file, without a line feed. Numbers that JSON cannot hold are left out. */
export function markLine(mark: Mark): string {
  const values = new Map<string, unknown>(Object.entries(mark));
  const known = fieldOrder.filter((name) => values.has(name));
  const others = [...values.keys()].filter((name) => !known.some((field) => field === name));
  const fields = [...known, ...others].map((name) => [name, values.get(name)] as const);
  return JSON.stringify(Object.fromEntries(fields.filter(([, value]) => !isUnwritable(value))));
}

function isUnwritable(value: unknown): boolean {
  return value === undefined || (typeof value === "number" && !Number.isFinite(value));
}

/** Names a text in a mark, with its id where the data gives one: an id made from the key says nothing more. */
export function textIdentity(key: string, id: string): TextIdentity {
  return id === idFromKey(key) ? { key } : { key, id };
}
