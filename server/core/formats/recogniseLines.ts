import { parseLine, isBlank } from "../jsonl/readRecord";
import type { Failure } from "../util/failure";
import { err, ok, type Result } from "../util/result";
import { DETECTION_SAMPLE, detectFormat, type Detection } from "./detect";
import type { FormatId, JsonObject } from "./format";
import { isObject } from "./jsonObject";

/** Lines looked at before giving up, so that a large file that is no JSON Lines is refused at once. */
const LINES_LOOKED_AT = 1000;

/** A detected format. `firstMisfit` counts among the lines, from zero. */
export interface FileDetection extends Detection {
  readonly firstMisfitLine: number | undefined;
}

/**
 * Tells what a file's lines are: a known format, or why they cannot be read and what to do about it.
 *
 * @param lines the file's lines, from the first on; only the start is consumed
 */
export function recogniseLines(lines: Iterable<string>, override: FormatId | "auto" = "auto"): Result<FileDetection> {
  const objects: JsonObject[] = [];
  const objectLines: number[] = [];
  const texts: string[] = [];
  let number = -1;
  for (const line of lines) {
    number++;
    if (number >= LINES_LOOKED_AT || objects.length >= DETECTION_SAMPLE) break;
    if (isBlank(line)) continue;
    if (texts.length < 20) texts.push(line);
    const { value } = parseLine(line);
    // "[" opens an array over several lines, whose elements would pass for records.
    if (texts.length === 1 && value === undefined && line.trimStart().startsWith("[")) break;
    if (!isObject(value)) continue;
    objects.push(value);
    objectLines.push(number);
  }
  if (objects.length === 0) return err(refusal(texts));
  const detection = detectFormat(objects, override);
  if (!detection.ok) return detection;
  const { firstMisfit } = detection.value;
  return ok({ ...detection.value, firstMisfitLine: firstMisfit === undefined ? undefined : objectLines[firstMisfit] });
}

/** Why a file without a single record is refused. */
function refusal(texts: readonly string[]): Failure {
  const first = (texts[0] ?? "").trimStart().replace(/^\uFEFF/, "");
  if (texts.length === 0) return unknown("The file is empty.", "Add one record in braces on each line, or open another file.");
  if (first.startsWith("[")) return jsonArray(texts);
  if (first.startsWith("{")) {
    return unknown(
      "The file's records are no JSON Lines: its first lines are not complete JSON objects.",
      "If the JSON is spread over several lines, write each record on one line, for example with jq -c.",
    );
  }
  const columns = texts.map((text) => text.split("\t").length);
  const width = columns[0] ?? 1;
  if (width > 1 && columns.every((count) => count === width)) return tabSeparated(texts, width);
  return unknown(
    `The file is not JSON Lines: its first line begins with ${JSON.stringify(first.slice(0, 30))}.`,
    "Convert it to JSON Lines: one record in braces on each line.",
  );
}

function jsonArray(texts: readonly string[]): Failure {
  const isDpr = texts[0]?.slice(0, 100_000).includes('"positive_ctxs"') === true || texts.some((text) => text.includes('"positive_ctxs"'));
  return unknown(
    `The file is a JSON array, one value over the whole file${isDpr ? ", with DPR's fields" : ""}; records are read line by line.`,
    `Convert it to JSON Lines, for example with jq -c '.[]'${isDpr ? ', and rename "question", "positive_ctxs" and "hard_negative_ctxs" to "query", "positive_passages" and "negative_passages"' : ""}.`,
  );
}

function tabSeparated(texts: readonly string[], width: number): Failure {
  const first = texts[0]?.split("\t") ?? [];
  if (first[0] === "query-id" && first[1] === "corpus-id") {
    return unknown("The file is a qrels table of a BEIR folder.", "Open the folder that holds corpus.jsonl, queries.jsonl and qrels/.");
  }
  const guess = knownTable(width, texts);
  return unknown(
    `The file is tab-separated text with ${String(width)} columns${guess === undefined ? "" : `, as ${guess}`}; only JSON Lines is read.`,
    "Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
  );
}

/** Tables known from the field by their number of columns and where they keep numbers. */
function knownTable(width: number, texts: readonly string[]): string | undefined {
  const column = (index: number): readonly string[] => texts.map((text) => text.split("\t")[index] ?? "");
  const isLabel = (index: number): boolean => column(index).every((cell) => /^-?[0-9]+\s*$/.test(cell));
  if (width === 6 && isLabel(5))
    return "RocketQA's dual-encoder file (query, title and text of a positive, title and text of a negative, 0)";
  if (width === 4 && isLabel(3) && isLabel(1)) return "TREC qrels (query, iteration, document, relevance)";
  if (width === 4 && isLabel(3)) return "RocketQA's cross-encoder file (query, title, text, label)";
  if (width === 3 && isLabel(2)) return "a judgement table (query, document, score)";
  if (width === 3) return "MS MARCO triples (query, positive, negative)";
  return undefined;
}

function unknown(message: string, nextStep: string): Failure {
  return { reason: "unknown-format", message, nextStep };
}
