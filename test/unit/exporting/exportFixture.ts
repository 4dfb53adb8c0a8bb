import { NativeExport } from "#core/exporting/nativeExport";
import type { ExportPassage, ExportQuery } from "#core/exporting/exportQuery";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { sentenceTransformersLabeledList } from "#core/formats/sentenceTransformersLabeledList";
import { sentenceTransformersLabeledPair } from "#core/formats/sentenceTransformersLabeledPair";
import { sentenceTransformersNTuple } from "#core/formats/sentenceTransformersNTuple";
import { sentenceTransformersPair } from "#core/formats/sentenceTransformersPair";
import { sentenceTransformersTriplet } from "#core/formats/sentenceTransformersTriplet";
import { tevatron } from "#core/formats/tevatron";
import { parseLine } from "#core/jsonl/readRecord";
import type { JsonObject } from "#core/formats/format";

const formats = [
  tevatron,
  flagEmbedding,
  sentenceTransformersLabeledList,
  sentenceTransformersNTuple,
  sentenceTransformersTriplet,
  sentenceTransformersLabeledPair,
  sentenceTransformersPair,
];

/** What mining and marks made of a query, by its text. Every passage scores 0.5, but for those of `unscored`. */
export interface Outcome {
  readonly negatives?: readonly string[];
  readonly positives?: readonly string[];
  readonly promoted?: readonly string[];
  readonly bad?: readonly string[];
  readonly mode?: "mined" | "listed";
  readonly unscored?: readonly string[];
  readonly leftOut?: "bad_query" | "no_positive_left";
}

export function passage(text: string): ExportPassage {
  return { id: `id-${text}`, text, score: 0.5 };
}

export function outcome(
  text: string,
  { negatives = [], positives = [], promoted = [], bad = [], mode = "mined", unscored = [], leftOut }: Outcome,
): ExportQuery {
  const scored = (name: string): ExportPassage => (unscored.includes(name) ? { ...passage(name), score: Number.NaN } : passage(name));
  return {
    id: `q-${text}`,
    text,
    positives: [...positives, ...promoted].map(scored),
    promoted: promoted.map(passage),
    removedPositives: new Set(bad),
    mode,
    barred: new Set(promoted),
    negatives: negatives.map(scored),
    short: 0,
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

/** Exports lines in their own format; queries that have no outcome were not mined. */
export function exportLines(lines: readonly string[], outcomes: Readonly<Record<string, Outcome>>, scores: boolean | "teacher" = false) {
  const values = lines.map((line) => parseLine(line).value);
  const format = formats.find((candidate) =>
    values.some((value) => typeof value === "object" && value !== null && candidate.recognises(value as JsonObject)),
  );
  if (format === undefined) throw new Error("no format recognises these lines");
  const queries = Object.entries(outcomes).map(([text, made]) => outcome(text, made));
  const queryOf = values.map((value) => {
    const text = typeof value === "object" && value !== null ? format.read(value as JsonObject).record.query?.text : undefined;
    const index = queries.findIndex((query) => query.text === text);
    return index === -1 ? undefined : index;
  });
  const exporter = new NativeExport({
    format,
    queryAtLine: (line) => queryOf[line - 1],
    linesOf: (query) => queryOf.flatMap((found, i) => (found === query ? [i + 1] : [])),
    exported: (query) => queries[query],
    outputScores: scores !== false,
    teacherScores: scores === "teacher",
  });
  const out = lines.flatMap((text, i) => exporter.row({ line: i + 1, text }));
  return { out, counts: exporter.counts };
}
