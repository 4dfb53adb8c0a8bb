import * as v from "valibot";
import { isMergeMarker } from "../marks/parseMarks";
import { ATTRIBUTION_METHODS, OPINION_VERDICTS } from "./suggestion";
import type { Suggestion } from "./suggestion";

const text = v.string("must be a text");
const amount = v.pipe(v.number("must be a number"), v.finite("must be finite"), v.minValue(0, "must not be negative"));
const identity = v.looseObject({ key: text, id: v.exactOptional(text) }, "must be an object with a key");
/** With its zone, since which of two answers is the later one must not depend on where the file is read. */
const time = v.pipe(
  text,
  v.isoTimestamp("must be a time in ISO 8601 with its zone"),
  v.check((value) => !Number.isNaN(Date.parse(value)), "must be a time in ISO 8601 with its zone"),
);

const header = {
  suggestion: text,
  time,
  author: text,
  model: text,
  prompt: text,
  query: identity,
  input_tokens: amount,
  output_tokens: amount,
  cost: v.exactOptional(amount),
  tool: text,
};

const verdict = v.looseObject({
  document: identity,
  verdict: v.picklist(OPINION_VERDICTS, `must be one of ${OPINION_VERDICTS.join(", ")}`),
  reason: text,
  span: v.exactOptional(text),
});

const judgement = v.looseObject({
  ...header,
  kind: v.literal("judgement"),
  stage: v.picklist(["flag", "confirm"], 'must be "flag" or "confirm"'),
  verdicts: v.array(verdict, "must be a list"),
  query_finding: v.exactOptional(v.looseObject({ finding: v.literal("ambiguous", 'must be "ambiguous"'), reason: text })),
  wrong_positives: v.exactOptional(v.array(v.looseObject({ document: identity, reason: text }), "must be a list")),
});

const attribution = v.looseObject({
  ...header,
  kind: v.literal("attribution"),
  method: v.picklist(ATTRIBUTION_METHODS, `must be one of ${ATTRIBUTION_METHODS.join(", ")}`),
  answer: text,
  passages: v.array(v.looseObject({ document: identity, weight: amount }), "must be a list"),
});

const suggestionSchema = v.variant("kind", [judgement, attribution], 'kind must be "judgement" or "attribution"');

export type SuggestionReading = { readonly suggestion: Suggestion; readonly problem?: never } | { readonly problem: string };

/** Reads one line of a suggestions file, without its line feed. Fields that this version does not know are kept. Never throws. */
export function parseSuggestion(line: string): SuggestionReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: isMergeMarker(line) ? MERGE_MARKER : "The line is not valid JSON." };
  }
  const parsed = v.safeParse(suggestionSchema, value);
  if (parsed.success) return { suggestion: parsed.output };
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  // A field that is not there has a message of the library's own.
  const message = issue.message.startsWith("Invalid key") ? "is missing" : issue.message;
  return { problem: `The line is no suggestion: ${field === null || message.startsWith(field) ? "" : `${field} `}${message}.` };
}

const MERGE_MARKER =
  "The line is left over from a merge in Git that was not finished. The suggestions on both sides of it count; delete this line.";
