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
