import type { Config } from "../config/config";
import { shortfallAdvice } from "../mining/shortfallWords";
import type { ShortfallCount } from "../mining/tally";
import type { NegativesMode } from "./exportQuery";
import type { MiningCounts } from "./miningTally";
import type { RecordCounts } from "./nativeExport";
import { carriesScores } from "./rowLayout";
import type { TargetFormat } from "./targets";

/** A file that an export was made from, named relative to the manifest where that is possible. */
export interface ManifestInput {
  readonly file: string;
  readonly role: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ManifestMarks {
  readonly file: string;
  readonly sha256: string;
  readonly lines: number;
}

export interface ManifestOutput {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ManifestParts {
  /** Name and version of the program. */
  readonly tool: string;
  /** The moment of the export, in ISO 8601: the one part that differs between two equal exports. */
  readonly created: string;
  readonly inputs: readonly ManifestInput[];
  readonly config: Config;
  readonly configHash: string;
  readonly model: { readonly id: string; readonly fingerprint: string };
  readonly marks: readonly ManifestMarks[];
  readonly counts: MiningCounts;
  readonly records: RecordCounts;
  readonly format: TargetFormat;
  /** Whether the records are the user's own, rewritten only where their passages changed. */
  readonly native: boolean;
  readonly negatives: NegativesMode;
  readonly outputs: readonly ManifestOutput[];
}

/** The manifest as JSON text with a line feed. Equal inputs give equal text but for `created`. */
export function manifestText(parts: ManifestParts): string {
  const { counts, records, config } = parts;
  const manifest = {
    tool: parts.tool,
    created: parts.created,
    format: parts.format,
    native: parts.native,
    negatives: parts.negatives,
    inputs: parts.inputs,
    config_hash: parts.configHash,
    seed: config.sampler.seed,
    model: parts.model,
    marks: parts.marks,
    counts: {
      queries: counts.queries,
      queries_left_out: counts.leftOutQueries,
      records: records.records,
      unchanged: records.unchanged,
      rewritten: records.rewritten,
      added: records.added,
      records_dropped: records.dropped,
      scores_removed: records.scoresRemoved,
      scores_unknown: records.scoresUnknown,
      skipped_rows: records.skipped,
      candidates: counts.candidates,
      kept: counts.kept,
      dropped: counts.dropped,
      short: counts.short,
      short_queries: counts.shortQueries,
      promoted: counts.promoted,
      removed_positives: counts.removedPositives,
    },
    outputs: parts.outputs,
    config,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export interface NoteFacts {
  readonly format: TargetFormat;
  readonly counts: MiningCounts;
  readonly records: RecordCounts;
  /** Whether scores were asked for, and rows of the data set's own format made anew. */
  readonly outputScores?: boolean;
  readonly madeAnew?: boolean;
}

/** What the person should know about an export besides its counts: one plain sentence each. */
export function exportNotes({ format, counts, records, outputScores = false, madeAnew = false }: NoteFacts): readonly string[] {
  const notes: string[] = [];
  const say = (n: number, one: string, many: string): void => {
    if (n > 0) notes.push(n === 1 ? `1 ${one}` : `${String(n)} ${many}`);
  };
  if (format === "st-pair") notes.push("This format carries no negatives: only positives were written.");
  if (outputScores && !carriesScores(format)) notes.push("This format carries no scores: export.output_scores had no effect.");
  if (madeAnew) notes.push("Rows were made anew, with their texts alone: other columns of the records were not carried over.");
  const fate = format === "st-n-tuple" ? "left out, since each row needs all of its negatives." : "written with fewer.";
  say(
    counts.shortQueries,
    `query has fewer negatives than wanted; it is ${fate}`,
    `queries have fewer negatives than wanted; they are ${fate}`,
  );
  notes.push(...counts.shortfalls.slice(0, SHORTFALLS_TOLD).map(shortfallNote));
  say(
    counts.leftOutQueries,
    "query is left out, since marks call it bad or took its last positive.",
    "queries are left out, since marks call them bad or took their last positive.",
  );
  notes.push(...recordNotes(format, records));
  return notes;
}

/** Causes after the third are in the report. */
const SHORTFALLS_TOLD = 3;

function shortfallNote({ source, cause, missing, queries, note }: ShortfallCount): string {
  const negatives = missing === 1 ? "1 negative" : `${String(missing)} negatives`;
  const where = queries === 1 ? "1 query" : `${String(queries)} queries`;
  return `The source "${source}" misses ${negatives} in ${where}: ${shortfallAdvice(cause, source, note).text}.`;
}

function recordNotes(format: TargetFormat, { scoresRemoved, scoresUnknown, skipped }: RecordCounts): readonly string[] {
  const notes: string[] = [];
  const say = (n: number, one: string, many: string): void => {
    if (n > 0) notes.push(n === 1 ? `1 ${one}` : `${String(n)} ${many}`);
  };
  say(
    scoresRemoved,
    "record lost its pos_scores and neg_scores, which no longer matched its passages.",
    "records lost their pos_scores and neg_scores, which no longer matched their passages.",
  );
  const instead = format === "flagembedding" ? "was given no scores" : "has null in their place";
  const insteadOfMany = format === "flagembedding" ? "were given no scores" : "have null in their place";
  say(
    scoresUnknown,
    `record holds a passage whose score is not known, and ${instead}.`,
    `records hold passages whose scores are not known, and ${insteadOfMany}.`,
  );
  say(
    skipped,
    "line could not be read as a record and was copied as it is.",
    "lines could not be read as records and were copied as they are.",
  );
  return notes;
}
