import type { Config } from "../config/config";
import type { TrainingRecord } from "../formats/format";
import { sourcesOf, wantedOf } from "../mining/sourceSettings";
import type { NegativesMode } from "./exportQuery";
import type { TargetFormat } from "./targets";

/** Names of a data set's own columns, as far as it has columns. */
export interface OwnColumns {
  readonly anchor?: string;
  /** Column that holds one positive as a text. */
  readonly positive?: string;
  /** Column that holds a list of passages. */
  readonly passages?: string;
}

/** How the rows of a format are laid out, where it leaves a choice. */
export interface RowLayout {
  /** Number of negatives wanted for each query: the n of n-tuples. */
  readonly numNegatives: number;
  /** Write scores beside the texts; in place of the labels where a format has labels. */
  readonly outputScores?: boolean;
  /** The scores are a teacher's: a row with a passage that has none is left out, since a target that is not known teaches nothing. */
  readonly teacherScores?: boolean;
  /** Lay rows out as sentence-transformers does: labels stand in the positive's column, and a labelled list holds one positive. */
  readonly compat?: boolean;
  /** Where they take the place of the format's usual names. */
  readonly columns?: OwnColumns;
}

/** The layout that a configuration asks for. The negatives that the data lists have no scores. */
export function rowLayout({ sampler, export: exporting }: Config, negatives: NegativesMode): RowLayout {
  return {
    // The number of positives decides about windows alone.
    numNegatives: wantedOf(sourcesOf(sampler, 1)),
    outputScores: exporting.output_scores && negatives === "mined",
    compat: sampler.compat !== null,
    ...(exporting.scores === "teacher" ? { teacherScores: true } : {}),
  };
}

/** Formats that sentence-transformers' mining writes. */
export const MINED_FORMATS = ["st-triplet", "st-n-tuple", "st-labeled-pair", "st-labeled-list"] as const;

/** Formats whose rows have a place for scores. */
export function carriesScores(format: TargetFormat): boolean {
  return format === "flagembedding" || format === "margin-mse" || isMinedFormat(format);
}

/**
 * Whether rows are made anew although the format is the data set's own. sentence-transformers reads columns, so that scores must be in
 * every row or in none, and its own rows and order are what compat asks for.
 */
export function isMadeAnew(format: TargetFormat, { outputScores = false, compat = false }: RowLayout, mode: NegativesMode): boolean {
  return mode === "mined" && isMinedFormat(format) && (outputScores || compat);
}

/** The column names of a record; those of an object that is no row of columns are of no use elsewhere. */
export function ownColumns({ query, positives }: TrainingRecord): OwnColumns {
  const [anchor] = query?.path ?? [];
  const [name, ...inside] = positives[0]?.path ?? [];
  return {
    ...(typeof anchor === "string" ? { anchor } : {}),
    ...(typeof name === "string" ? (inside.length === 0 ? { positive: name } : { passages: name }) : {}),
  };
}

function isMinedFormat(format: TargetFormat): boolean {
  return (MINED_FORMATS as readonly string[]).includes(format);
}
