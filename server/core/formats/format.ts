import type { PassageFields } from "./passageFields";

/** The formats Nearmiss reads and writes. Exact field names: see the table in the README. */
export type FormatId =
  "flagembedding" | "st-pair" | "st-triplet" | "st-n-tuple" | "st-labeled-pair" | "st-labeled-list" | "tevatron" | "beir" | "corpus";

/** Where a value stands inside a record: keys and array positions from the outside in. */
export type JsonPath = readonly (string | number)[];

/** A passage as a record names it. */
export interface RecordPassage {
  /** What is embedded and compared: title and text joined by one space where the format keeps them apart. */
  readonly text: string;
  readonly id?: string;
  readonly title?: string;
  /**
   * The other scalar fields of a corpus record, or of a passage that is an object inside a record. Texts of more than 256 UTF-16 units are
   * left out. Absent where there are none.
   */
  readonly fields?: PassageFields;
  /** The string value in the record that holds the text. */
  readonly path: JsonPath;
}

export interface RecordQuery {
  readonly text: string;
  readonly id?: string;
  /** The other scalar fields of the record, passages and labels aside; of a BEIR query also those of its `metadata`. As a passage's otherwise. */
  readonly fields?: PassageFields;
  /** Short texts that the record lists as answers. Absent where it lists none. */
  readonly answers?: readonly string[];
  readonly path: JsonPath;
}

/** One record of a training set, whatever its format. A plain corpus record has no query and one passage in `documents`. */
export interface TrainingRecord {
  readonly query?: RecordQuery;
  readonly positives: readonly RecordPassage[];
  readonly negatives: readonly RecordPassage[];
  /** Passages that are neither: a line of a corpus file. */
  readonly documents: readonly RecordPassage[];
}

/** Something wrong with a record's fields. The rest of the record is still used. */
export interface RecordProblem {
  readonly code: "HN101" | "HN102" | "HN106" | "HN107" | "HN401";
  readonly message: string;
  /** The value at fault; the whole record where the path is empty. */
  readonly path: JsonPath;
}

export interface RecordReading {
  readonly record: TrainingRecord;
  readonly problems: readonly RecordProblem[];
}

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One format: how to recognise it and how to read a record. Pure, and never throws on any input. */
export interface RecordFormat {
  readonly id: FormatId;
  /** The name people know it by, as code lens and messages show it. */
  readonly label: string;
  /** Whether an object has this format's fields, judged by names and types. */
  recognises(value: JsonObject): boolean;
  read(value: JsonObject): RecordReading;
}
