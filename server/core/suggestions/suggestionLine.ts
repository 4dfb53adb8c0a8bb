import type { Suggestion } from "./suggestion";

/** Order of the fields in a line, so that files compare well. Fields that this version does not know follow in their own order. */
const fieldOrder = [
  "kind",
  "suggestion",
  "time",
  "author",
  "model",
  "prompt",
  "stage",
  "method",
  "query",
  "verdicts",
  "query_finding",
  "wrong_positives",
  "answer",
  "passages",
  "input_tokens",
  "output_tokens",
  "cost",
] as const;

/** The suggestion as one line of a suggestions file, without a line feed. The tool's version comes last, as in marks. */
export function suggestionLine(suggestion: Suggestion): string {
  const { tool, ...rest } = suggestion;
  const values = new Map<string, unknown>(Object.entries(rest));
  const known = fieldOrder.filter((name) => values.has(name));
  const others = [...values.keys()].filter((name) => !known.some((field) => field === name));
  const fields = [...known, ...others].map((name) => [name, values.get(name)] as const);
  return JSON.stringify(Object.fromEntries([...fields, ["tool", tool]]));
}
