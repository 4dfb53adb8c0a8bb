import type { Config } from "../config/config";
import { shortfallAdvice } from "../mining/shortfallWords";
import type { ShortfallCount } from "../mining/tally";
import type { NegativesMode } from "./exportQuery";
import type { MiningCounts } from "./miningTally";
import type { RecordCounts } from "./nativeExport";
import { carriesScores } from "./rowLayout";
import type { ScoreSource } from "./scoreSource";
import type { TargetFormat } from "./targets";

/** A file that an export was made from, named relative to the manifest where that is possible. */
export interface ManifestInput {
  readonly file: string;
  readonly role: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** An append-only file of marks, or of suggestions. */
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
  /** What language models said: it teaches the false-negative model, and the teacher's scores are made of it. */
  readonly suggestions: readonly ManifestMarks[];
  readonly counts: MiningCounts;
  readonly records: RecordCounts;
  readonly format: TargetFormat;
  /** Whether the records are the user's own, rewritten only where their passages changed. */
  readonly native: boolean;
  readonly negatives: NegativesMode;
  /** What the scores are that were written; absent where none were. */
  readonly scores?: ScoreSource;
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
    ...(parts.scores === undefined ? {} : { scores: parts.scores }),
    inputs: parts.inputs,
    config_hash: parts.configHash,
    seed: config.sampler.seed,
    model: parts.model,
    marks: parts.marks,
    ...(parts.suggestions.length === 0 ? {} : { suggestions: parts.suggestions }),
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
  /** Whether the scores are a teacher's. */
  readonly teacherScores?: boolean;
  readonly madeAnew?: boolean;
}

/** What the person should know about an export besides its counts: one plain sentence each. */
export function exportNotes(facts: NoteFacts): readonly string[] {
  const { format, counts, outputScores = false, madeAnew = false } = facts;
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
  notes.push(...recordNotes(facts));
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

function recordNotes(facts: NoteFacts): readonly string[] {
  const { scoresRemoved, skipped } = facts.records;
  const others = facts.teacherScores === true ? " or were not the teacher's" : "";
  const notes: string[] = [];
  const say = (n: number, one: string, many: string): void => {
    if (n > 0) notes.push(n === 1 ? `1 ${one}` : `${String(n)} ${many}`);
  };
  say(
    scoresRemoved,
    `record lost its pos_scores and neg_scores, which no longer matched its passages${others}.`,
    `records lost their pos_scores and neg_scores, which no longer matched their passages${others}.`,
  );
  notes.push(...scoreNotes(facts));
  say(
    skipped,
    "line could not be read as a record and was copied as it is.",
    "lines could not be read as records and were copied as they are.",
  );
  return notes;
}

function scoreNotes({ format, records, outputScores = false, teacherScores = false }: NoteFacts): readonly string[] {
  const { scoresUnknown } = records;
  if (format === "margin-mse") return marginNotes(records);
  if (teacherScores && outputScores && carriesScores(format)) return teacherNotes(format, records);
  if (scoresUnknown === 0) return [];
  const isOne = scoresUnknown === 1;
  const instead =
    format === "flagembedding" ? `${isOne ? "was" : "were"} given no scores` : `${isOne ? "has" : "have"} null in their place`;
  return isOne
    ? [`1 record holds a passage whose score is not known, and ${instead}.`]
    : [`${String(scoresUnknown)} records hold passages whose scores are not known, and ${instead}.`];
}

/** How many rows have a teacher's scores, and what to do about the others. */
function teacherNotes(format: TargetFormat, { records, scoresUnknown, skipped }: RecordCounts): readonly string[] {
  const stay = format === "flagembedding";
  const scored = stay ? records - scoresUnknown - skipped : records;
  const have = `${String(scored)} ${scored === 1 ? "record has" : "records have"} the teacher's scores.`;
  if (scoresUnknown === 0) return [have];
  const isOne = scoresUnknown === 1;
  const fate = stay ? `${isOne ? "was" : "were"} given none` : `${isOne ? "is" : "are"} left out`;
  const others = `${String(scoresUnknown)} ${isOne ? "holds a passage" : "hold passages"} that no teacher ranks, and ${fate}: ${ASK_MORE}.`;
  const trainer = "FlagEmbedding stops at records without scores when it distils: keep those that have pos_scores.";
  return [`${have} ${others}`, ...(stay ? [trainer] : [])];
}

const ASK_MORE = "ask a model about more queries, or about more candidates of each (labelling.candidates)";

function marginNotes({ records, scoresUnknown }: RecordCounts): readonly string[] {
  const have = `${String(records)} ${records === 1 ? "pair has" : "pairs have"} a margin`;
  if (scoresUnknown === 0) return [`${have}.`];
  return [
    `${have}; ${String(scoresUnknown)} more ${scoresUnknown === 1 ? "lacks" : "lack"} a score and ${scoresUnknown === 1 ? "is" : "are"} left out.`,
  ];
}
