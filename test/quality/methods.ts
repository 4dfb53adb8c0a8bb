import type { SamplerConfig } from "#core/config/samplerSchema";

/** What becomes of the hidden positives: nothing, as without a curator; marked "partly relevant"; or those near the query promoted. */
export type Curation = "none" | "removed" | "promoted";

/** One way to negatives. The frozen encoder, which learns nothing, is not among them. */
export interface Method {
  readonly name: string;
  readonly sampling_strategy: SamplerConfig["sampling_strategy"];
  readonly relative_margin: SamplerConfig["relative_margin"];
  readonly curation: Curation;
}

/** Method that the others are compared with, besides the frozen encoder: the nearest documents as they come. */
export const TOP = "top";

/** Five negatives a query; what is not named here has the sampler's defaults. */
export const methods: readonly Method[] = [
  { name: "random", sampling_strategy: "random", relative_margin: null, curation: "none" },
  { name: TOP, sampling_strategy: "top", relative_margin: null, curation: "none" },
  { name: "top, margin of 5 % (default)", sampling_strategy: "top", relative_margin: 0.05, curation: "none" },
  { name: "SimANS", sampling_strategy: "simans", relative_margin: null, curation: "none" },
  { name: "top, false negatives removed", sampling_strategy: "top", relative_margin: null, curation: "removed" },
  { name: "top, false negatives promoted", sampling_strategy: "top", relative_margin: null, curation: "promoted" },
];
