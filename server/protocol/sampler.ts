import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri, Verdict } from "./review";
import { notification, request } from "./rpc";

/** A change of the sampler, computed from marks, with its price. Nothing has changed yet. */
export interface SamplerProposal {
  /** "guard" and the other thresholds: the loosest value that passes the test. "simans": a and b fitted to the useful gradient. */
  readonly kind: "threshold" | "simans";
  /** The source of the mix that it is for. */
  readonly source: string;
  readonly position: number;
  /** What would be set. */
  readonly edits: readonly SettingEdit[];
  /** The parameter that moves (for SimANS "simans"), and its values in words: "not set", "0.1", "a 1, b 0". */
  readonly parameter: string;
  readonly from: string;
  readonly to: string;
  /** The test on audited pairs; absent for SimANS, which promises nothing about false negatives. */
  readonly test?: {
    /** Audited pairs that the setting would emit, and the false ones among them. */
    readonly pairs: number;
    readonly falseNegatives: number;
    /** Pairs it would newly emit that nobody was asked about: they count as false as well. */
    readonly unasked: number;
    /** Upper bound of the share of false negatives that the setting would emit. */
    readonly atMost: number;
    readonly target: number;
    readonly confidence: number;
  };
  /** Over all marked pairs: false negatives kept out and true negatives lost, of those emitted now. */
  readonly falseNegativesAvoided: number;
  readonly falseNegatives: number;
  readonly trueNegativesLost: number;
  readonly trueNegatives: number;
  /** Over the whole file: mean score of the emitted negatives, before and after; absent where nothing is emitted. */
  readonly hardness?: { readonly before: number; readonly after: number };
  /** Number of emitted negatives over the number asked for. */
  readonly yield: { readonly before: number; readonly after: number };
  /** The proposal as sentences: what moves, what it buys, what it costs, and what it does not change. */
  readonly text: string;
}

export interface ProposalAnswer {
  /** The most trusted first; none where nothing passes. */
  readonly proposals: readonly SamplerProposal[];
  /** Why there is none, or no more, and what would help: tighten, or about how many more marks. */
  readonly why?: string;
  /** Candidates of the whole file are being searched for; ask again when `samplerDidAdvance` says so. */
  readonly mining?: { readonly done: number; readonly total: number };
}

export interface ProposalParams extends DatasetParams {
  /** Tests are made again after a batch of changed marks; with this after a single one. */
  readonly fresh?: boolean;
}

/** Asked by the panel after marks. Writes nothing. */
export const proposeSampler = request<ProposalParams, Outcome<ProposalAnswer>>("nearmiss/proposeSampler");

/** One value of the configuration to be set or taken out: of the sampler, of the training, or the adapter in use. */
export interface SettingEdit {
  /** Keys and positions from the outside in, for example ["sampler", "mix", 0, "relative_margin"]. */
  readonly path: readonly (string | number)[];
  /** Absent: the setting is taken out, so that what it inherits or its default holds again. */
  readonly value?: string | number | boolean | null;
}

export interface ConfigEdit {
  /** URI of the config file, which may not exist yet. */
  readonly uri: string;
  readonly before: string;
  readonly after: string;
}

export interface ProposedConfigParams extends DatasetParams {
  /** What to set. */
  readonly edits: readonly SettingEdit[];
}

/** The config file with the edits applied, for the diff editor. Writes nothing. */
export const proposedConfig = request<ProposedConfigParams, Outcome<ConfigEdit>>("nearmiss/proposedConfig");

export interface ConfigLocation {
  /** URI of the config file of the data set, whether it exists or not. */
  readonly uri: string;
  readonly exists: boolean;
  /** What a new config file would hold: the schema's address and every default that matters. */
  readonly initialText: string;
}

/** Where the config of a data set is or would be. Writes nothing. */
export const locateConfig = request<DatasetParams, Outcome<ConfigLocation>>("nearmiss/locateConfig");

export interface PreviewParams {
  readonly dataset: DatasetUri;
  /** What the sliders stand at, where that is not what the configuration says. */
  readonly edits: readonly SettingEdit[];
}

/** Equal bins over a stretch; values beyond it are in the first or the last bin. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  /** Candidates in each bin that are kept, and that are dropped; both have the same length. */
  readonly kept: readonly number[];
  readonly dropped: readonly number[];
}

/** A threshold as a line in a histogram: what lies on the far side of it is dropped. */
export interface DrawnLimit {
  readonly parameter: string;
  readonly at: number;
  readonly drops: "above" | "below";
}

/** A mark as a dot in the histograms. */
export interface MarkedPoint {
  readonly verdict: Verdict;
  /** Score less the score of the margin anchor; absent where it is not known. */
  readonly difference?: number;
  /** Highest similarity to a positive. */
  readonly positiveSimilarity?: number;
  /** Position of its query. */
  readonly query: number;
}

export interface SourcePreview {
  /** Position in the mix; 0 where there is none. */
  readonly position: number;
  readonly source: string;
  /** Negatives wanted for each query. */
  readonly wanted: number;
  /** Candidates that the source found, those that passed its rules, and those taken by it. */
  readonly found: number;
  readonly survived: number;
  readonly kept: number;
  readonly short: number;
  /** Median over the queries of 1 / sum p^2: among how many candidates the draw really chooses. Absent where nothing is drawn. */
  readonly effectiveCandidates?: number;
}

/** Why negatives are missing, the most frequent cause first. */
export interface ShortfallView {
  readonly source: string;
  readonly cause: string;
  readonly missing: number;
  readonly queries: number;
  /** Name of the parameter that would help, where one would. */
  readonly parameter?: string;
  /** The cause and what would help, as one sentence. */
  readonly text: string;
}

/** What a configuration comes to over the whole file. Nothing was written, and nothing else changed. */
export interface SamplerPreview {
  /** The revision of the data that it was computed from. */
  readonly revision: number;
  readonly queries: number;
  /** Queries looked at: all, or an even sample of a very large file. */
  readonly sampled: number;
  readonly candidates: number;
  readonly kept: number;
  /** By rule, in the order in which rules are asked; rules that dropped nothing are not here. */
  readonly dropped: readonly { readonly rule: string; readonly count: number }[];
  readonly short: number;
  readonly shortQueries: number;
  /** 1 / sum p^2 over the draws: median over the queries. Absent where no source draws. */
  readonly effectiveCandidates?: number;
  readonly sources: readonly SourcePreview[];
  readonly shortfalls: readonly ShortfallView[];
  /** Of D, the score less the margin anchor's. */
  readonly difference: Histogram;
  /** Of s(d+, d), the highest similarity to a positive. */
  readonly positiveSimilarity: Histogram;
  /** Lines in the histogram of D and in that of s(d+, d). Limits on the score alone have no fixed place in D and are not drawn. */
  readonly differenceLimits: readonly DrawnLimit[];
  readonly positiveSimilarityLimits: readonly DrawnLimit[];
  readonly marks: readonly MarkedPoint[];
  /** Seconds that the computation took. */
  readonly seconds: number;
}

export type PreviewAnswer =
  | { readonly kind: "preview"; readonly preview: SamplerPreview }
  /** Candidates of the whole file are being searched for this; ask again when `samplerDidAdvance` says so. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** What the sampler would do with these settings. Fails with a reason where a value is not allowed. */
export const previewSampler = request<PreviewParams, Outcome<PreviewAnswer>>("nearmiss/previewSampler");

/** Server to panel, a few times a second: how far the search for the whole file's candidates is. */
export const samplerDidAdvance = notification<{
  readonly dataset: DatasetUri;
  readonly done: number;
  readonly total: number;
}>("nearmiss/samplerDidAdvance");

/** One threshold, slider or choice of the sampler view. */
export interface SamplerControl {
  readonly path: readonly (string | number)[];
  /** What the config reference says of it. */
  readonly description: string;
  readonly value: string | number | boolean | null;
  /** Allowed words, for a choice. */
  readonly options?: readonly string[];
  readonly whole?: boolean;
  readonly nullable: boolean;
}

/** The sampler as it is configured. */
export interface SamplerState {
  readonly revision: number;
  /** One entry for each source of the mix, or one for the sampling strategy. */
  readonly sources: readonly { readonly position: number; readonly source: string; readonly n: number }[];
  readonly isMix: boolean;
  /** The sampler's own controls, which hold for every source that does not say otherwise. */
  readonly controls: readonly SamplerControl[];
  /** For each source of a mix, its own controls; a value it does not set is the sampler's, and `inherited` says so. */
  readonly sourceControls: readonly (readonly (SamplerControl & { readonly inherited: boolean })[])[];
}

export const samplerState = request<DatasetParams, Outcome<SamplerState>>("nearmiss/samplerState");
