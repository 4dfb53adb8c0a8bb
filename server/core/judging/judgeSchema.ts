import { OPINION_VERDICTS, type OpinionVerdict } from "../suggestions/suggestion";

/** The verdicts that make sense: without a positive nothing can be a duplicate of one. */
export function verdictsFor(positives: number): readonly OpinionVerdict[] {
  return positives === 0 ? OPINION_VERDICTS.filter((verdict) => verdict !== "duplicate_of_positive") : OPINION_VERDICTS;
}

/**
 * JSON schema of an answer, for providers that hold a model to one. Within what OpenAI's strict mode can do: every field required, none
 * besides. That each id comes exactly once cannot be said in it.
 */
export function judgeSchema(candidates: readonly string[], positives: readonly string[]): Readonly<Record<string, unknown>> {
  const text = { type: "string" };
  // The reason comes before the verdict, so that a model that writes from left to right thinks first.
  const judged = record({ id: oneOf(candidates), reason: text, span: text, verdict: oneOf(verdictsFor(positives.length)) });
  const wrong = record({ id: positives.length === 0 ? text : oneOf(positives), reason: text });
  return record({
    candidates: { type: "array", items: judged },
    query: record({ reason: text, ambiguous: { type: "boolean" } }),
    wrong_positives: { type: "array", items: wrong },
  });
}

function oneOf(values: readonly string[]): Readonly<Record<string, unknown>> {
  return { type: "string", enum: values };
}

function record(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
