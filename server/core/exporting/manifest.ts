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
  readonly certificate?: ManifestCertificate;
}

/** The certificate beside an export, and how many emitted negatives were left out since they are not of its audit. */
export interface ManifestCertificate {
  readonly file: string;
  readonly page: string;
  readonly sha256: string;
  readonly outside: number;
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
    ...(parts.certificate === undefined ? {} : { certificate: parts.certificate }),
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
  notes.push(...shortfallNotes(format, counts));
  say(
    counts.leftOutQueries,
    "query is left out, since marks call it bad or took its last positive.",
    "queries are left out, since marks call them bad or took their last positive.",
  );
  notes.push(...recordNotes(format, records));
  return notes;
}

/** Causes after these are summed up; a report has them all. */
const SHORTFALLS_TOLD = 3;

/** How many negatives are missing, and why: in one sentence more where the cause is one, else in one for each cause. */
function shortfallNotes(format: TargetFormat, { short, shortQueries, shortfalls, sources }: MiningCounts): readonly string[] {
  if (shortQueries === 0) return [];
  const one = shortQueries === 1;
  const written = one ? "is written with fewer" : "are written with fewer";
  const leftOut = one ? "is left out, since its rows need" : "are left out, since their rows need";
  const fate = format === "st-n-tuple" ? `${leftOut} all negatives` : written;
  const total = `${inQueries(short, shortQueries)} and ${fate}.`;
  const [first, ...others] = shortfalls;
  if (first === undefined) return [total];
  if (others.length === 0 && sources.length === 1) {
    return [`${total} Cause: ${shortfallAdvice(first.cause, first.source, first.note).text}.`];
  }
  const told = shortfalls.slice(0, SHORTFALLS_TOLD).map((shortfall) => shortfallNote(shortfall, sources.length > 1));
  const rest = shortfalls.slice(SHORTFALLS_TOLD).reduce((sum, { missing }) => sum + missing, 0);
  return [total, ...told, ...(rest === 0 ? [] : [`${negatives(rest)} more ${rest === 1 ? "is" : "are"} missing for other reasons.`])];
}

function shortfallNote({ source, cause, missing, queries, note }: ShortfallCount, isMix: boolean): string {
  return `${isMix ? `${source}: ` : ""}${inQueries(missing, queries)}: ${shortfallAdvice(cause, source, note).text}.`;
}

function inQueries(missing: number, queries: number): string {
  return `${queries === 1 ? "1 query misses" : `${String(queries)} queries miss`} ${negatives(missing)}`;
}

function negatives(n: number): string {
  return n === 1 ? "1 negative" : `${String(n)} negatives`;
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
