import type { Outcome } from "./outcome";
import type { DatasetParams } from "./review";
import { request } from "./rpc";

/** A change of one sampler parameter, computed from marks. Nothing has changed yet. */
export interface SamplerProposal {
  readonly parameter: string;
  readonly from: number | null;
  readonly to: number;
  /** Marked false negatives the present setting lets through that the new one would have kept out. */
  readonly falseNegativesAvoided: number;
  readonly falseNegatives: number;
  /** Marked true negatives that the new setting would cost. */
  readonly trueNegativesLost: number;
  readonly trueNegatives: number;
  /** The proposal as one sentence. */
  readonly text: string;
}

export interface ProposalAnswer {
  readonly proposal?: SamplerProposal;
  /** Why there is none, and what would help. */
  readonly why?: string;
}

/** Asked by the panel after marks. */
export const proposeSampler = request<DatasetParams, Outcome<ProposalAnswer>>("nearmiss/proposeSampler");

export interface ConfigEdit {
  /** URI of the config file, which may not exist yet. */
  readonly uri: string;
  readonly before: string;
  readonly after: string;
}

/** The config file with the proposal applied, for the diff editor. Writes nothing. */
export const proposedConfig = request<DatasetParams, Outcome<ConfigEdit>>("nearmiss/proposedConfig");

export interface ConfigLocation {
  /** URI of the config file of the data set, whether it exists or not. */
  readonly uri: string;
  readonly exists: boolean;
  /** What a new config file would hold: the schema's address and every default that matters. */
  readonly initialText: string;
}

/** Where the config of a data set is or would be. Writes nothing. */
export const locateConfig = request<DatasetParams, Outcome<ConfigLocation>>("nearmiss/locateConfig");
