import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { Trainer } from "#core/training/trainer";
import { splitOf, TEST_SHARE } from "../judged/hiddenPositives";
import type { Split } from "../judged/hiddenPositives";
import { trainAdapter } from "../judged/trainAdapter";
import type { TrainedAdapter } from "../judged/trainAdapter";
import type { Workbench } from "../judged/workbench";
import { Curator } from "./curator";
import { emissionOf } from "./emission";
import type { Emission } from "./emission";
import { markPairs } from "./marking";
import { markedSampler, measuredSampler } from "./samplers";

/** The guard of the rows that have one, chosen before anything was measured. */
export const GUARD = 0.1;

/** What negatives are trained on. */
export interface Curation {
  readonly name: string;
  readonly marks: number;
  readonly isGuarded: boolean;
}

/** What the others are compared with, besides the frozen encoder. */
export const BEFORE = "top, no marks";

export const curations: readonly Curation[] = [
  { name: BEFORE, marks: 0, isGuarded: false },
  { name: "guard, no marks", marks: 0, isGuarded: true },
  { name: "guard, 100 marks", marks: 100, isGuarded: true },
  { name: "guard, 400 marks", marks: 400, isGuarded: true },
];

export interface AdapterTrial extends TrainedAdapter {
  /** Of the training queries. */
  readonly emission: Emission;
}

/** By name of the row. */
export type SplitAdapters = Readonly<Record<string, AdapterTrial>>;

/** Adapters of one split, from the same start and seed, on what is emitted before and after a curator without errors has marked training queries. */
export async function adapterGains(bench: Workbench, seed: number, createTrainer: () => Trainer): Promise<SplitAdapters> {
  const split = splitOf(bench.judged.whole, seed);
  const labelled = new Map(split.training.map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((query, index) => labelled.get(index) ?? query.positives));
  const marks = await markPairs(bench, configFor(markedSampler, split), {
    curator: new Curator(bench.judged, { errors: 0, seed }),
    queries: new Set(labelled.keys()),
    rhythm: defaultConfig.curation,
    salt: `audit ${String(seed)}`,
    total: Math.max(...curations.map((one) => one.marks)),
  });
  const trials: Record<string, AdapterTrial> = {};
  for (const curation of curations) {
    const sampler = measuredSampler({ ...(curation.isGuarded ? { max_fn_probability: GUARD } : {}) });
    await bench.use(configFor(sampler, split), marks.slice(0, curation.marks));
    const emission = emissionOf(await bench.mineAll(), split.training, bench.judged.judged);
    trials[curation.name] = { emission, ...(await trainAdapter(bench, split.test, createTrainer)) };
  }
  return trials;
}

function configFor(sampler: SamplerConfig, { seed }: Split): Config {
  return { ...defaultConfig, sampler: { ...sampler, seed }, training: { ...defaultConfig.training, seed, test_share: TEST_SHARE } };
}
