import type { CollectionInput, CollectionRow, FileRole } from "../collection/buildCollection";
import type { Config } from "../config/config";
import type { FormatId } from "../formats/format";
import type { Qrels } from "../formats/qrels";
import type { Failure } from "../util/failure";

/** One file of a data set, read. Paths are absolute. */
export interface LoadedFile {
  readonly path: string;
  readonly role: FileRole;
  readonly format: FormatId;
  readonly formatLabel: string;
  readonly rows: Iterable<CollectionRow>;
  /** Problems of single lines; lines with one may still hold a record. */
  readonly problems: number;
  /** Whether the rows are those of a text that is open in an editor, and not those on disk. */
  readonly open: boolean;
  /** Size and SHA-256 of the bytes on disk. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Everything that is read from disk or open editors before mining begins. */
export interface LoadedDataset {
  /** What names the data set: its training file, or its folder in BEIR form. Absolute. */
  readonly path: string;
  readonly kind: "file" | "beir";
  /** The file whose lines are the queries: training file, or queries file of a BEIR folder. */
  readonly queryFile: string;
  readonly files: readonly LoadedFile[];
  readonly qrels?: QrelsFile;
  readonly input: CollectionInput;
  readonly config: Config;
  readonly configFile: string;
  /** The text of the config file; absent where there is no such file. */
  readonly configText?: string;
  /** Why the file is not in force. The configuration used is then the fallback that was given. */
  readonly configFailure?: Failure;
  /** The folder `.nearmiss`, and the folder that holds it. */
  readonly homeFolder: string;
  readonly homeBase: string;
}

export interface QrelsFile {
  readonly path: string;
  readonly split: string;
  readonly splits: readonly string[];
  readonly content: Qrels;
  readonly bytes: number;
  readonly sha256: string;
}
