import { textKey } from "#core/collection/textKey";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import type { OpinionVerdict, Suggestion } from "#core/suggestions/suggestion";
import { sha256 } from "./sha256";

/** What a model said of one query, by the texts of the passages. */
export interface Said {
  readonly opinions?: Readonly<Record<string, OpinionVerdict>>;
  /** Contributions to its answer. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Suggestions as if a model had said so, by the texts of the queries. */
export function saidSuggestions(said: Readonly<Record<string, Said>>): FoldedSuggestions {
  return new FoldedSuggestions(saidLines(said));
}

/** The same as lines of a suggestions file. */
export function saidLines(said: Readonly<Record<string, Said>>): readonly Suggestion[] {
  return Object.entries(said).flatMap(([query, { opinions, weights }]) => linesOf(query, { opinions, weights }));
}

function linesOf(query: string, { opinions, weights }: { [name in keyof Said]: Said[name] | undefined }): readonly Suggestion[] {
  const head = {
    time: "2026-01-01T00:00:00.000Z",
    author: "ann",
    model: "scripted",
    prompt: "judge-1",
    query: { key: textKey(query, sha256) },
    input_tokens: 0,
    output_tokens: 0,
    tool: "test",
  };
  const documentOf = (text: string) => ({ key: textKey(text, sha256) });
  const verdicts = Object.entries(opinions ?? {}).map(([text, verdict]) => ({ document: documentOf(text), verdict, reason: "" }));
  const passages = Object.entries(weights ?? {}).map(([text, weight]) => ({ document: documentOf(text), weight }));
  return [
    ...(opinions === undefined
      ? []
      : [{ ...head, suggestion: `${query} j`, kind: "judgement" as const, stage: "flag" as const, verdicts }]),
    ...(weights === undefined
      ? []
      : [{ ...head, suggestion: `${query} a`, kind: "attribution" as const, method: "logprobs" as const, answer: "", passages }]),
  ];
}
