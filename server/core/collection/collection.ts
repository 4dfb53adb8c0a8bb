/**
 * The training set as mining sees it: unique queries and unique documents. Built anew from the records whenever they change, in one
 * pass, so that the order of edits can never matter.
 */
import type { PassageFields } from "../formats/passageFields";

/** A document of the corpus, or a passage that a record lists. */
export interface Document {
  /** The id in the data, or the first 16 digits of the text key where the data has none. */
  readonly id: string;
  /** What is embedded: title and text joined by one space where the format keeps them apart. */
  readonly text: string;
  readonly title?: string;
  /**
   * Scalar fields of the record, or of the passage inside a record, that the document was made of: the corpus record where there is one, the
   * first to name it otherwise. Texts of more than 256 UTF-16 units are left out. Absent where there are none. Read by `fieldOf`.
   */
  readonly fields?: PassageFields;
  /** Number of the document's group of equal normalised texts. */
  readonly group: number;
  /** Index in `Collection.files`, and 1-based line. */
  readonly file: number;
  readonly line: number;
  /** Whether it can be drawn as a negative: whether it has any text. A listed negative that is not in a separate corpus still can. */
  readonly minable: boolean;
}

export interface Query {
  /** Text key of the query: what marks are bound to. */
  readonly key: string;
  /** The id in the data, or the first 16 digits of the key. */
  readonly id: string;
  readonly text: string;
  /** Scalar fields of the record that is the first to name the query, passages and labels aside. Absent where there are none. */
  readonly fields?: PassageFields;
  /** Short texts that the same record lists as answers. Absent where it lists none. */
  readonly answers?: readonly string[];
  /** Group of equal normalised texts shared with documents; -1 where no document has the query's text. */
  readonly group: number;
  /** Indices in `Collection.documents`, without repetition, in order of appearance. */
  readonly positives: readonly number[];
  /** Positives of other queries with the same text but another id. They are never negatives of this one. */
  readonly twinPositives: readonly number[];
  /** The negatives that the file lists now. */
  readonly negatives: readonly number[];
  /** Where the query stands: file index and 1-based lines. One query may stand on several lines. */
  readonly file: number;
  readonly lines: readonly number[];
}

/** A line of qrels that names a query or a document that the data does not hold. */
export interface UnresolvedQrel {
  /** Index in the qrels that the collection was built from. */
  readonly qrel: number;
  readonly missing: "query" | "document" | "both";
}

export interface Collection {
  readonly files: readonly string[];
  readonly queries: readonly Query[];
  readonly documents: readonly Document[];
  /** Documents of each group. */
  readonly groups: readonly (readonly number[])[];
  /** Text key of each group. */
  readonly groupKeys: readonly string[];
  /** Group of each text key. */
  readonly groupOfKey: ReadonlyMap<string, number>;
  readonly unresolved: readonly UnresolvedQrel[];
}
