import type { GradientClass } from "./candidateGradient";
import type { Outcome } from "./outcome";
import type { DatasetUri, Verdict } from "./review";
import { request } from "./rpc";

export interface GradientParams {
  readonly dataset: DatasetUri;
  /** tau; the configuration's where it is absent. Must be above 0. */
  readonly temperature?: number;
}

/** One candidate as a point of the plots, to be clicked. */
export interface GradientPoint {
  /** Position of its query, and its text key. */
  readonly query: number;
  readonly key: string;
  /** D = s - s+, with the mean of the positives' scores. */
  readonly difference: number;
  readonly norm: number;
  readonly weight: number;
  readonly push: number;
  readonly kind: GradientClass;
  readonly kept: boolean;
  readonly source: string;
  readonly verdict?: Verdict;
}

/** Candidates of one field of the plane of D and |g|. Fields without any are left out. */
export interface GradientCell {
  readonly column: number;
  readonly row: number;
  readonly kept: number;
  readonly dropped: number;
  /** Its candidate with the longest gradient, which a click opens. */
  readonly query: number;
  readonly key: string;
}

/** The plane of D (across) and log10 |g| (up) in equal fields; what lies beyond an edge is in the last field. */
export interface GradientPlane {
  readonly differenceFrom: number;
  readonly differenceTo: number;
  readonly columns: number;
  readonly logNormFrom: number;
  readonly logNormTo: number;
  readonly rows: number;
  readonly cells: readonly GradientCell[];
}

/** |g| of the candidates at one rank, over the queries. Ranks are grouped where there are many. */
export interface RankGradient {
  readonly from: number;
  readonly to: number;
  readonly candidates: number;
  readonly mean: number;
  readonly variance: number;
}

export interface SourceGradient {
  readonly source: string;
  readonly candidates: number;
  readonly kept: number;
  /** Means over the kept ones; absent where there is none. */
  readonly score?: number;
  readonly difference?: number;
  readonly norm?: number;
  /** Sum of p / tau over kept ones. */
  readonly mass: number;
  /** Sum of p / tau over candidates that the source found and people marked: true negatives; and those marked relevant in any degree. */
  readonly useful: number;
  readonly harmful: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

export interface GradientReport {
  readonly revision: number;
  readonly temperature: number;
  /** The configuration's, to go back to. */
  readonly savedTemperature: number;
  readonly queries: number;
  /** Queries looked at: those with a positive, of all or of an even sample of a very large file. */
  readonly sampled: number;
  readonly candidates: number;
  /** Of the kept ones. */
  readonly easy: number;
  readonly useful: number;
  readonly dominant: number;
  /** Queries with no useful negative at all. */
  readonly queriesWithoutUseful: number;
  /** Quartiles over the queries; absent without queries. */
  readonly effectiveNegatives?: { readonly low: number; readonly median: number; readonly high: number };
  readonly plane: GradientPlane;
  /** Every marked candidate, and the kept ones with the longest gradients. */
  readonly points: readonly GradientPoint[];
  readonly ranks: readonly RankGradient[];
  readonly sources: readonly SourceGradient[];
  /** The rules of the classes, as sentences for people. */
  readonly rules: readonly { readonly kind: GradientClass; readonly text: string }[];
  readonly seconds: number;
}

export type GradientAnswer =
  | { readonly kind: "report"; readonly report: GradientReport }
  /** Candidates of the whole file are being searched for this; ask again when `samplerDidAdvance` says so. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** The gradients of the whole file at a temperature. Nothing changes. Fails with a reason where tau is not above 0 or there are no vectors. */
export const gradientReport = request<GradientParams, Outcome<GradientAnswer>>("nearmiss/gradientReport");
