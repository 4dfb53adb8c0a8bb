/** What the client and the process that owns the vectors say to each other. */
import type { Adapter } from "#core/adapter/adapter";
import type {
  EmbedProgress,
  EmbedReport,
  IndexChoice,
  IndexStatus,
  ModelChoice,
  ModelIdentity,
  RescoreJob,
  RescorerChoice,
  RetrievalJob,
  Side,
  TopicAssignment,
} from "#core/ports";

/** Where the process finds files, and how much of the machine it may use. */
export interface ProcessSettings {
  /** Holds the embedded model and search.onnx. */
  readonly modelsFolder: string;
  /** Undefined: no vector outlives the process. */
  readonly cacheFolder?: string;
  /** Relative model folders start here. */
  readonly baseFolder: string;
  /** Threads of ONNX Runtime; by default one for each core. */
  readonly threads?: number;
  /** Gives way to other processes, as an editor wants it. */
  readonly background?: boolean;
}

export interface OpenModel {
  readonly kind: "openModel";
  readonly settings: ProcessSettings;
  readonly choice: ModelChoice;
}

/** Vectors of the user's own instead of a model. */
export interface OpenFiles {
  readonly kind: "openFiles";
  readonly settings: ProcessSettings;
  readonly files: Readonly<Record<Side, string>>;
}

export interface PutTexts {
  readonly kind: "putTexts";
  readonly side: Side;
  readonly slots: readonly number[];
  readonly texts: readonly string[];
  /** Goes before all other embedding. */
  readonly urgent: boolean;
}

export interface PutRows {
  readonly kind: "putRows";
  readonly side: Side;
  readonly slots: readonly number[];
  readonly rows: readonly number[];
}

export interface BuildIndex {
  readonly kind: "index";
  readonly choice: IndexChoice;
  /** Name of an adapter that was held; undefined: the encoder's vectors as they are. */
  readonly under: string | undefined;
}

export interface Retrieve {
  readonly kind: "retrieve";
  readonly jobs: readonly RetrievalJob[];
  readonly depth: number;
  readonly urgent: boolean;
  readonly under: string | undefined;
}

/** Lists of slots, one after the other. */
export interface SlotLists {
  readonly counts: Int32Array;
  readonly slots: Int32Array;
}

export interface FindSimilarPairs {
  readonly kind: "similarPairs";
  readonly lists: SlotLists;
  readonly least: number;
  readonly urgent: boolean;
  readonly under: string | undefined;
}

/** Documents to compare: job i takes list i of the rows and list i of the columns. */
export interface FindSimilarities {
  readonly kind: "similarities";
  readonly rows: SlotLists;
  readonly columns: SlotLists;
  readonly urgent: boolean;
  readonly under: string | undefined;
}

export interface ReadVectors {
  readonly kind: "vectors";
  readonly side: Side;
  readonly slots: Int32Array;
  readonly urgent: boolean;
}

export interface HoldAdapter {
  readonly kind: "hold";
  readonly name: string;
  readonly adapter: Adapter;
}

export interface FindTopics {
  readonly kind: "topics";
  readonly count: number;
  readonly seed: number;
  readonly under: string | undefined;
}

export interface Rescore {
  readonly kind: "rescore";
  readonly choice: RescorerChoice;
  readonly jobs: readonly RescoreJob[];
  /** The text of each slot that the jobs name. */
  readonly texts: Readonly<Record<Side, ReadonlyMap<number, string>>>;
  /** Goes before all embedding and other rescoring. */
  readonly urgent: boolean;
}

export type VectorRequest =
  | OpenModel
  | OpenFiles
  | PutTexts
  | PutRows
  | ReadVectors
  | HoldAdapter
  | BuildIndex
  | Retrieve
  | Rescore
  | FindSimilarities
  | FindSimilarPairs
  | FindTopics;

/** The lists of several `Retrieved`, one after the other: fewer, larger arrays cross the process border faster. */
export interface RetrievedLists {
  /** Hits of each job. Lengths of the other lists follow from the jobs. */
  readonly counts: Int32Array;
  readonly documents: Int32Array;
  readonly scores: Float32Array;
  readonly positiveSimilarity: Float32Array;
  readonly positiveScores: Float32Array;
  readonly extraScores: Float32Array;
  readonly extraPositiveSimilarity: Float32Array;
}

/** The pairs of several lists, one after the other; positions count from the start of their own list. */
export interface PairLists {
  readonly counts: Int32Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly similarity: Float32Array;
}

export interface VectorAnswers {
  readonly openModel: ModelIdentity;
  readonly openFiles: ModelIdentity;
  readonly putTexts: EmbedReport;
  readonly putRows: EmbedReport;
  /** One after the other. */
  readonly vectors: Float32Array;
  readonly hold: null;
  readonly index: IndexStatus;
  readonly retrieve: RetrievedLists;
  /** Scores of the jobs' documents, one job after the other. */
  readonly rescore: Float32Array;
  /** [rows, columns] of each job, one job after the other. */
  readonly similarities: Float32Array;
  readonly similarPairs: PairLists;
  readonly topics: TopicAssignment;
}

/** The vectors of these slots are no longer wanted. */
export interface DropSlots {
  readonly drop: Side;
  readonly slots: readonly number[];
}

export interface ReleaseAdapter {
  /** Its name. */
  readonly release: string;
}

export interface VectorTraffic {
  readonly request: VectorRequest;
  readonly answers: VectorAnswers;
  readonly progress: EmbedProgress;
  readonly notice: DropSlots | ReleaseAdapter;
}
