import type { AnswerCache, ChatModel } from "#core/chat/chat";
import type { Side, SlotText, VectorSpace } from "#core/ports";
import type { Trainer } from "#core/training/trainer";
import type { Cancellation } from "#core/util/cancellation";

/** Vectors of the user's own: two .npy files, and which of their rows belongs to a text. */
export interface OwnVectors {
  readonly files: Readonly<Record<Side, string>>;
  readonly rowOf: (side: Side, text: string) => number | undefined;
}

/** Where the vectors come from. */
export interface VectorRequest {
  readonly textOf: SlotText;
  /** Relative model folders start here. */
  readonly baseFolder: string;
  readonly own?: OwnVectors;
}

/** The terminal and the process, as the commands see them. */
export interface CliHost {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output and waits until it has been taken. */
  readonly print: (text: string | Uint8Array) => Promise<void>;
  /** Writes one line to standard error. */
  readonly tell: (line: string) => void;
  /** Shows how far something is, on standard error; an empty text ends it. */
  readonly progress: (text: string) => void;
  /** Asked by long work; true after Ctrl+C. */
  readonly cancellation: Cancellation;
  readonly createVectors: (request: VectorRequest) => VectorSpace;
  readonly createTrainer: () => Trainer;
  /** A language model behind an OpenAI-compatible address; `timeout` in seconds for each try of a question. */
  readonly createEndpointChat: (access: { readonly url: string; readonly key?: string }, timeout: number) => ChatModel;
  /** Answers that language models gave before, in the user's cache folder. */
  readonly openAnswerCache: () => AnswerCache;
  /** Name and version, for manifests. */
  readonly tool: string;
  /** The present moment in ISO 8601. */
  readonly clock: () => string;
  /** Seconds since some start. */
  readonly stopwatch: () => number;
}

export const EXIT_OK = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_BAD_INPUT = 2;
/** 128 + SIGINT, as shells expect. */
export const EXIT_STOPPED = 130;
