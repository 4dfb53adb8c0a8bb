import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";

/** One way to keep false negatives out, with one knob from strict to loose. */
export interface Filter {
  readonly name: string;
  /** Whether it looks at the query's side alone: similarities to the query, and ranks. */
  readonly isQuerySide: boolean;
  /** Whether it is measured once more with the marks in force that the guard learnt from. */
  readonly isComparedWithMarks: boolean;
  readonly settings: readonly Partial<SamplerConfig>[];
}

/** Negatives of a query that are measured, as in docs/quality.md. */
const NEGATIVES = 5;
/** Negatives of a query from which those to mark are taken: the window of the pilot that the goals come from. */
const MARKED_WINDOW = 20;
/** Deep enough that a filter need not yield less for want of candidates. */
const DEPTH = 200;

/** The nearest documents as they come, without any threshold. */
const plain: SamplerConfig = { ...defaultConfig.sampler, sampling_strategy: "top", relative_margin: null, range_max: DEPTH };

/** The sampler that is measured, with a filter's setting. */
export function measuredSampler(setting: Partial<SamplerConfig> = {}): SamplerConfig {
  return { ...plain, num_negatives: NEGATIVES, ...setting };
}

/** The sampler whose negatives are marked. */
export const markedSampler: SamplerConfig = { ...plain, num_negatives: MARKED_WINDOW };

/** Numbers from `first` to `last` in equal steps. */
function grid(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.round((last - first) / step) + 1 }, (_, i) => Number((first + i * step).toFixed(4)));
}

const SHIFTS = [100, 80, 60, 40, 30, 20, 15, 10, 5, 2, 0];

/** Margins below 0 let candidates pass that score higher than the positive. */
const RELATIVE = grid(-1, 0.6, 0.2).toReversed();
const ABSOLUTE = grid(-0.5, 0.3, 0.1).toReversed();

function margins(name: string, values: readonly number[], knob: "relative_margin" | "absolute_margin"): readonly Filter[] {
  return (["lowest", "highest"] as const).map((margin_anchor) => ({
    name: `${name} margin to the ${margin_anchor} positive`,
    isQuerySide: true,
    isComparedWithMarks: false,
    settings: values.map((value) => ({ margin_anchor, [knob]: value })),
  }));
}

export const filters: readonly Filter[] = [
  { name: "rank shift", isQuerySide: true, isComparedWithMarks: true, settings: SHIFTS.map((range_min) => ({ range_min })) },
  {
    name: "ceiling on s(q, d)",
    isQuerySide: true,
    isComparedWithMarks: true,
    settings: grid(0.16, 0.96, 0.04).map((max_score) => ({ max_score })),
  },
  ...margins("relative", RELATIVE, "relative_margin"),
  ...margins("absolute", ABSOLUTE, "absolute_margin"),
  {
    name: "ceiling on s(d+, d)",
    isQuerySide: false,
    isComparedWithMarks: true,
    settings: grid(0.16, 0.96, 0.04).map((max_positive_similarity) => ({ max_positive_similarity })),
  },
];

/** Probabilities at equal steps of their logits: sigmoid(-6) to sigmoid(3). */
export const guard: Filter = {
  name: "guard",
  isQuerySide: false,
  isComparedWithMarks: false,
  settings: [...grid(-6, 3, 0.5).map((logit) => ({ max_fn_probability: 1 / (1 + Math.exp(-logit)) })), {}],
};

/** Rank shifts whose hardness all filters are compared at: as hard as what stands at the ranks N + 1 to N + 5. */
export const LEVELS = [5, 10, 20] as const;
