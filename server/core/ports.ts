/**
 * What the pure core asks of the outside world. Everything with a file, a process, a clock or a window implements one of these
 * interfaces in `server/runtime` and is handed in by `server/main.ts`, `server/cli.ts` or a test.
 */
import type { Adapter } from "./adapter/adapter";
import type { Cancellation } from "./util/cancellation";
import type { Result } from "./util/result";

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** Seconds since an arbitrary start, for durations. */
export type Stopwatch = () => number;

/** The present moment as an ISO 8601 text in UTC. */
export type Clock = () => string;

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Never given texts of the user's data above level "debug". */
export type Logger = (level: LogLevel, message: string, data?: Readonly<Record<string, string | number | boolean>>) => void;

/** Lets waiting input in between two slices of a long computation on the main thread. */
export type Breathe = () => Promise<void>;

/** Which encoder makes the vectors. Two choices that differ in any field never share a vector. */
export interface ModelChoice {
  /** A hub id ("Xenova/all-MiniLM-L6-v2"), an absolute folder in the Xenova layout, or "embedded" for the model in the package. */
  readonly id: string;
  /** fp32 gives the same vector in every batch; int8 is about twice as fast and embeds one text at a time. */
  readonly precision: "fp32" | "int8";
  /** Put before each query before it is embedded. */
  readonly queryPrompt: string;
  /** Put before each document before it is embedded. */
  readonly corpusPrompt: string;
  /** Whether a model that is not on this machine may be fetched from the hub. False unless the user asked for it. */
  readonly allowDownload: boolean;
}

/** What a loaded encoder is. */
export interface ModelIdentity {
  readonly id: string;
  /** Changes whenever the model's vectors may change; part of each cached vector's key. */
  readonly fingerprint: string;
  readonly dimensions: number;
  /** Longer texts are cut at this number of tokens. */
  readonly maxTokens: number;
}

/** Queries and documents are embedded apart, since their prompts differ. */
export type Side = "query" | "document";

export interface EmbedProgress {
  readonly done: number;
  readonly total: number;
  /** Texts looked at so far that the cache does not have, which take the time of the model. */
  readonly uncached: number;
}

/** How many texts went through the model, and how many vectors came from the cache. */
export interface EmbedReport {
  readonly embedded: number;
  readonly cached: number;
}

/** One query's search. Slots are numbers the caller chose when it gave the texts. */
export interface RetrievalJob {
  readonly query: number;
  /** Document slots of the query's positives: scored against the query, and every hit is compared with them. */
  readonly positives: readonly number[];
  /** Document slots to score besides the nearest ones: random draws, pinned candidates. */
  readonly extra: readonly number[];
}

/** The nearest documents of one query, best first; equal scores in ascending slot order. Cosine similarities, higher is nearer. */
export interface Retrieved {
  readonly documents: Int32Array;
  readonly scores: Float32Array;
  /** For each hit, its highest similarity to any of the query's positives; NaN where the query has none. */
  readonly positiveSimilarity: Float32Array;
  /** Scores of the job's positives, in the job's order. */
  readonly positiveScores: Float32Array;
  /** Scores and similarities of the job's `extra` documents, in the job's order. */
  readonly extraScores: Float32Array;
  readonly extraPositiveSimilarity: Float32Array;
}

export type IndexKind = "exact" | "hnsw";

export interface IndexChoice {
  /** "auto" takes exact search up to the size where HNSW begins to pay. */
  readonly kind: IndexKind | "auto";
  readonly m: number;
  readonly efConstruction: number;
  readonly ef: number;
}

export interface IndexStatus {
  readonly kind: IndexKind;
  readonly documents: number;
  /** Share of the exact top list that the index returns, measured on a sample of queries; 1 for exact search. */
  readonly recall: number;
  /** Number of queries the recall was measured on; 0 for exact search. */
  readonly recallSample: number;
}

/** Pairs among the documents of one list, as positions in that list, the first below the second; in ascending order. */
export interface SimilarPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Cosine similarity of each pair. */
  readonly similarity: Float32Array;
}

/** How documents fall into topics. */
export interface TopicAssignment {
  /** Topic of each document slot, counted from 0; -1 for a slot without a vector. */
  readonly topicOfSlot: Int32Array;
  readonly topics: number;
  /** Mean similarity of the documents to the centre of their topic. */
  readonly cohesion: number;
}

/** What gives a query and a document a second score. */
export type RescorerChoice =
  | { readonly kind: "maxsim" }
  | { readonly kind: "cross_encoder"; readonly id: string; readonly precision: "fp32" | "int8"; readonly allowDownload: boolean };

export interface RescoreJob {
  /** Slot of the query. */
  readonly query: number;
  /** Document slots, candidates and positives alike. */
  readonly documents: readonly number[];
}

/** Documents to be compared with each other. */
export interface SimilarityJob {
  /** Document slots. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export interface WorkOptions {
  readonly cancellation: Cancellation;
  /** Called at most a few times a second. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Gives back the text of a slot, so that a process that died can be filled again. */
export type SlotText = (side: Side, slot: number) => string;

/**
 * Vectors of all texts, and search among them. Slots are stable small integers chosen by the caller.
 * One text has one slot on each side, however often the data set repeats it.
 */
export interface VectorSpace {
  /** Loads the encoder. May be called again with another choice, which drops all vectors. */
  open(choice: ModelChoice): Promise<Result<ModelIdentity>>;
  /** Gives these slots vectors, from the cache or the encoder. Slots that have one cost nothing. */
  put(side: Side, slots: readonly number[], options: PutOptions): Promise<Result<EmbedReport>>;
  /** Forgets these slots, which may then be used for other texts. */
  drop(side: Side, slots: readonly number[]): Promise<void>;
  /** The encoder's vectors of these slots before any adapter, one after the other. */
  vectors(side: Side, slots: readonly number[], cancellation: Cancellation): Promise<Result<Float32Array>>;
  /**
   * Keeps a copy of an adapter under a name that searches can ask for, until `release` or the next `open`. The same name again replaces it. A
   * search on the way whose adapter is replaced or released fails with reason "superseded", so that no answer is of two adapters; one under a
   * name that is not held fails with "not-ready", and one that needs a vector which the adapter leaves without a direction with "bad-vectors".
   */
  hold(name: string, adapter: Adapter): Promise<Result<null>>;
  release(name: string): Promise<void>;
  /**
   * Builds or rebuilds the index over all present document vectors, moved by the adapter `under` where that moves documents. Searches under
   * another adapter that moves documents are exact.
   */
  index(choice: IndexChoice, cancellation: Cancellation, under?: string): Promise<Result<IndexStatus>>;
  /** Nearest documents for each job, `depth` of them where there are as many, all vectors moved by the adapter `under` where one is named. */
  retrieve(jobs: readonly RetrievalJob[], depth: number, cancellation: Cancellation, under?: string): Promise<Result<readonly Retrieved[]>>;
  /** Cosine similarities of each job's documents, [rows, columns], row after row. */
  similarities(jobs: readonly SimilarityJob[], cancellation: Cancellation, under?: string): Promise<Result<readonly Float32Array[]>>;
  /** For each list of document slots the pairs that are at least so similar. */
  similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
    under?: string,
  ): Promise<Result<readonly SimilarPairs[]>>;
  /**
   * Spherical k-means over all present document vectors (Dhillon and Modha 2001), seeded, so that the same vectors in the same slots fall
   * into the same topics. Topics are numbered by their first document.
   */
  topics(count: number, seed: number, options: WorkOptions, under?: string): Promise<Result<TopicAssignment>>;
  /**
   * Scores of each job's documents by the rescorer, in the job's order; higher is more relevant, on a scale of the rescorer's own. Scores of
   * pairs that were asked before cost nothing.
   */
  rescore(choice: RescorerChoice, jobs: readonly RescoreJob[], options: WorkOptions): Promise<Result<readonly Float32Array[]>>;
  dispose(): Promise<void>;
}

export interface PutOptions {
  readonly cancellation: Cancellation;
  /** Called at most a few times a second. */
  readonly onProgress?: (progress: EmbedProgress) => void;
  /** These go first: what the user looks at. */
  readonly first?: readonly number[];
}

/** Small files in a project's folder `.nearmiss`, by names with "/" between folders. Each write is whole or not at all. */
export interface HomeFiles {
  /** Fails with reason "missing-file" where there is none. */
  readText(name: string): Promise<Result<string>>;
  readBytes(name: string): Promise<Result<Uint8Array>>;
  writeText(name: string, text: string): Promise<Result<null>>;
  writeBytes(name: string, bytes: Uint8Array): Promise<Result<null>>;
  /** Makes a folder. False where there is one of this name already: of two processes that ask at once, one is answered true. */
  claim(folder: string): Promise<Result<boolean>>;
  /** Names of the files and folders in a folder, sorted; none where it is not there. */
  list(folder: string): Promise<Result<readonly string[]>>;
}
