import type { AttributionSuggestion, JudgementSuggestion, OpinionVerdict } from "#core/suggestions/suggestion";

let made = 0;

/** A judgement of passages by their keys. Names are given in the order of the calls. */
export function judgement(
  query: string,
  verdicts: Readonly<Record<string, OpinionVerdict>>,
  more: Partial<JudgementSuggestion> = {},
): JudgementSuggestion {
  made += 1;
  return {
    kind: "judgement",
    suggestion: `s${String(made).padStart(4, "0")}`,
    time: "2026-01-01T00:00:00.000Z",
    author: "ann",
    model: "small",
    prompt: "judge-1",
    stage: "flag",
    query: { key: query },
    verdicts: Object.entries(verdicts).map(([document, verdict]) => ({ document: { key: document }, verdict, reason: `why ${document}` })),
    input_tokens: 100,
    output_tokens: 20,
    tool: "test",
    ...more,
  };
}

export function attribution(
  query: string,
  weights: Readonly<Record<string, number>>,
  more: Partial<AttributionSuggestion> = {},
): AttributionSuggestion {
  made += 1;
  return {
    kind: "attribution",
    suggestion: `s${String(made).padStart(4, "0")}`,
    time: "2026-01-01T00:00:00.000Z",
    author: "ann",
    model: "small",
    prompt: "answer-1",
    method: "logprobs",
    query: { key: query },
    answer: "an answer",
    passages: Object.entries(weights).map(([document, weight]) => ({ document: { key: document }, weight })),
    input_tokens: 300,
    output_tokens: 50,
    tool: "test",
    ...more,
  };
}
