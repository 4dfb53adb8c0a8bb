import type { AnswerCache, ChatModel } from "#core/chat/chat";
import type { CollectionRow } from "#core/collection/buildCollection";
import type { Config } from "#core/config/config";
import type { Clock, HomeFiles } from "#core/ports";
import type { MarkLog } from "#core/session/markLog";
import type { SuggestionLog } from "#core/session/suggestionLog";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { DatasetSession } from "#core/session/datasetSession";
import type { SessionPorts } from "#core/session/sessionPorts";
import type { Trainer } from "#core/training/trainer";
import type { Cancellation } from "#core/util/cancellation";
import type { Result } from "#core/util/result";
import type { EndpointAccess } from "#protocol/chat";
import type { ExportAnswer, ExportFormat } from "#protocol/exporting";

/** Rows of a file that is open in the editor; undefined for files that are not. */
export type OpenRows = (path: string) => { readonly rows: Iterable<CollectionRow>; readonly problems: number } | undefined;

export interface LoadRequest {
  /** Absolute path of a training file, a BEIR folder or a file of one. */
  readonly path: string;
  readonly openRows: OpenRows;
  /** In force while the config file is broken. */
  readonly fallback: Config;
}

export interface ExportRequest {
  readonly dataset: LoadedDataset;
  readonly session: DatasetSession;
  readonly format: string;
  readonly negatives: "mined" | "listed";
  readonly certify: boolean;
  readonly out: string;
  readonly cancellation: Cancellation;
  readonly onProgress: (done: number, total: number) => void;
}

/** What the language server needs from the machine it runs on. */
export interface ServerHost extends Omit<SessionPorts, "home"> {
  readonly clock: Clock;
  /** A fresh name for a mark. */
  readonly newMarkId: () => string;
  /** 32 hexadecimal digits by chance: the order of a new audit. */
  readonly newSalt: () => string;
  /** Name and version of this program. */
  readonly tool: string;
  /** Runs a task later, once; the answer calls it off. */
  readonly later: (milliseconds: number, task: () => void) => () => void;
  /** Absolute path of a `file:` URI; undefined for other schemes. */
  readonly toPath: (uri: string) => string | undefined;
  readonly toUri: (path: string) => string;
  readonly load: (request: LoadRequest) => Promise<Result<LoadedDataset>>;
  /** The configuration, or why this workspace may not have it: it came with somebody else's folder and would load a model. */
  readonly permit: (config: Config) => Result<Config>;
  /** The configuration in force for a file; the defaults where there is none or it is broken. */
  readonly configFor: (path: string | undefined) => Promise<Config>;
  /** Whether there is a `.nearmiss` for a file: somebody has used Nearmiss on it or beside it. */
  readonly hasHome: (path: string) => Promise<boolean>;
  readonly openMarkLog: (homeFolder: string) => MarkLog;
  readonly openSuggestionLog: (homeFolder: string) => SuggestionLog;
  /** The project's folder `.nearmiss`. */
  readonly openHome: (homeFolder: string) => HomeFiles;
  readonly createTrainer: () => Trainer;
  /** A language model behind an OpenAI-compatible address; `timeout` in seconds for each try of a question. */
  readonly createEndpointChat: (access: EndpointAccess, timeout: number) => ChatModel;
  /** Answers that language models gave before, in the user's cache folder. */
  readonly openAnswerCache: () => AnswerCache;
  /** The text on disk, cut into lines at line feeds, without a byte order mark. */
  readonly readLines: (path: string) => Promise<Result<readonly string[]>>;
  /** Writes lines to a file that is not there yet: it is there whole, or not at all. */
  readonly writeNew: (path: string, lines: readonly string[]) => Promise<Result<null>>;
  readonly exportFormats: (dataset: LoadedDataset) => readonly ExportFormat[];
  readonly runExport: (request: ExportRequest) => Promise<Result<ExportAnswer>>;
}
