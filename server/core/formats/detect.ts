import { err, ok, type Result } from "../util/result";
import type { FormatId, JsonObject, RecordFormat } from "./format";
import { formatById, RECOGNISED_FORMATS } from "./registry";

export interface Detection {
  readonly format: RecordFormat;
  /** Part of the sample that has this format's fields, 0 to 1. */
  readonly share: number;
  /** Position in the sample of the first object without them; undefined where all have them. */
  readonly firstMisfit: number | undefined;
}

/** How many records of a file's start are enough to know its format. */
export const DETECTION_SAMPLE = 200;

/** Below this share, a format is a guess that would do more harm than good. */
const LEAST_SHARE = 0.5;

/**
 * Which format the records have: the one that recognises most of them, the earlier in the registry where two are equal.
 *
 * @param override the config's choice, which is taken whatever the records look like
 */
export function detectFormat(sample: readonly JsonObject[], override: FormatId | "auto" = "auto"): Result<Detection> {
  if (override !== "auto") return ok(judge(sample, formatById(override)));
  if (sample.length === 0) {
    return err({
      reason: "unknown-format",
      message: "There is no JSON object to tell the format from.",
      nextStep: "Put one record in braces on each line.",
    });
  }
  const counts = new Map<RecordFormat, number>();
  for (const value of sample) {
    const format = RECOGNISED_FORMATS.find((candidate) => candidate.recognises(value));
    if (format !== undefined) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  let best: RecordFormat | undefined;
  for (const format of RECOGNISED_FORMATS) {
    if ((counts.get(format) ?? 0) > (best === undefined ? 0 : (counts.get(best) ?? 0))) best = format;
  }
  const detection = best === undefined ? undefined : judge(sample, best);
  if (detection === undefined || detection.share < LEAST_SHARE) return err(unknownFormat(sample[0] ?? {}, detection));
  return ok(detection);
}

function judge(sample: readonly JsonObject[], format: RecordFormat): Detection {
  const misfit = sample.findIndex((value) => !format.recognises(value));
  const fits = sample.filter((value) => format.recognises(value)).length;
  return { format, share: sample.length === 0 ? 1 : fits / sample.length, firstMisfit: misfit === -1 ? undefined : misfit };
}

function unknownFormat(first: JsonObject, nearest: Detection | undefined) {
  const keys = Object.keys(first)
    .slice(0, 8)
    .map((key) => `"${key.slice(0, 40)}"`)
    .join(", ");
  const found = keys === "" ? "The first record is empty." : `The first record has ${keys}.`;
  const near =
    nearest === undefined ? "" : ` Only ${String(Math.round(nearest.share * 100))} % of the records look like ${nearest.format.label}.`;
  return {
    reason: "unknown-format" as const,
    message: `No known format fits the records. ${found}${near}`,
    nextStep: 'Rename the fields to those of a format in the README, or name the format under "data.format" in .nearmiss/config.json.',
  };
}
