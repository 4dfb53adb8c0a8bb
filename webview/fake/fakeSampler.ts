import type { SamplerControl, SamplerState, SettingEdit } from "#protocol/sampler";

/** The settings of the sampler that the fake computes with, by their names in the configuration; `a` to `axis` belong to SimANS. */
export interface FakeSettings {
  readonly draw: string | null;
  readonly range_after_filters: boolean;
  readonly relative_margin: number | null;
  readonly absolute_margin: number | null;
  readonly margin_anchor: string;
  readonly max_score: number | null;
  readonly min_score: number | null;
  readonly max_positive_similarity: number | null;
  readonly near_duplicate_similarity: number | null;
  readonly near_duplicate_overlap: number | null;
  readonly diversity_similarity: number | null;
  readonly diversity_overlap: number | null;
  readonly range_min: number;
  readonly range_max: number | null;
  readonly a: number;
  readonly b: number;
  readonly kernel: string;
  readonly anchor: string;
  readonly axis: string;
}

export interface FakeSource {
  readonly source: string;
  readonly n: number;
  readonly settings: FakeSettings;
}

/** A sampler with everything filled in. */
export interface FakeSampler {
  readonly sources: readonly FakeSource[];
}

interface MixEntry {
  readonly source: string;
  readonly n: number;
  readonly own: Partial<FakeSettings>;
}

/** The sampler's part of the scripted configuration. */
export interface FakeConfig {
  readonly strategy: string;
  readonly num_negatives: number;
  readonly settings: FakeSettings;
  readonly mix: readonly MixEntry[] | null;
}

const defaults: FakeSettings = {
  draw: null,
  range_after_filters: false,
  relative_margin: 0.05,
  absolute_margin: null,
  margin_anchor: "lowest",
  max_score: null,
  min_score: null,
  max_positive_similarity: 0.9,
  near_duplicate_similarity: 0.97,
  near_duplicate_overlap: 0.8,
  diversity_similarity: null,
  diversity_overlap: 0.8,
  range_min: 0,
  range_max: 50,
  a: 1,
  b: 0,
  kernel: "square",
  anchor: "lowest",
  axis: "standardised",
};

export const plainConfig: FakeConfig = { strategy: "simans", num_negatives: 5, settings: defaults, mix: null };
export const mixConfig: FakeConfig = {
  ...plainConfig,
  mix: [
    { source: "simans", n: 4, own: {} },
    { source: "same_article", n: 2, own: { relative_margin: null, max_positive_similarity: 0.8 } },
    { source: "random", n: 1, own: {} },
  ],
};

const simansNames: readonly string[] = ["a", "b", "kernel", "anchor", "axis"];
const neverOff: readonly string[] = ["margin_anchor", "range_min", "range_after_filters", ...simansNames];
const options: Readonly<Partial<Record<keyof FakeSettings, readonly string[]>>> = {
  draw: ["nearest", "even", "simans"],
  margin_anchor: ["lowest", "highest", "mean"],
  kernel: ["square", "first_order"],
  anchor: ["lowest", "mean", "drawn"],
  axis: ["standardised", "raw"],
};

const descriptions: Readonly<Record<string, string>> = {
  draw: "How same_article chooses among its survivors: the nearest, an even draw, or simans.",
  range_after_filters: "Count ranks among the survivors of the filters instead of in the raw retrieval list.",
  relative_margin:
    "Drop candidates scoring above p - |p| * relative_margin, p being the score of the margin_anchor. 0.05 is NV-Retriever's 95 % rule.",
  absolute_margin: "Drop candidates with score + absolute_margin above p, the score of the margin_anchor.",
  margin_anchor:
    "Which of the query's positives both margins are taken against, by score: the lowest (the strictest), the highest, or their mean.",
  max_score: "Drop candidates scoring above this.",
  min_score: "Drop candidates scoring below this.",
  max_positive_similarity:
    "Drop candidates whose highest similarity to a positive of the query, max s(d+, d), is above this: the second axis, which score limits do not see.",
  near_duplicate_similarity: "Drop candidates whose vector is at least this similar to a positive's. null switches the rule off.",
  near_duplicate_overlap:
    "Drop candidates that share at least this part of their three-word shingles with a positive (Jaccard). null switches the rule off.",
  diversity_similarity: "Pass over candidates whose vector is at least this similar to a negative already chosen for the query.",
  diversity_overlap:
    "Pass over candidates that share at least this part of their three-word shingles with a negative already chosen for the query.",
  range_min: "Skip this many of the nearest documents of the source's list.",
  range_max: "Look no further than this rank.",
  a: "Sharpness a' on the axis D' = (score - anchor) / sigma. Larger draws from a narrower band.",
  b: "Centre b' of the band, in units of sigma from the positive's score. Negative lies below the positive (the paper's sign).",
  kernel: '"square": p ~ exp(-a (D\' - b)^2), the paper\'s equation. "first_order": p ~ exp(-a |D\' - b|), the released MS MARCO code.',
  anchor: "Which positive's score D is measured from: the lowest, the mean of all, or one drawn for each query by the seed.",
  axis: '"standardised": sigma is the robust spread of the query\'s candidates. "raw": sigma is 1, to compare with the paper.',
  num_negatives: "Negatives wanted for each query where there is no mix. Too few survivors are reported, never filled up.",
  n: "Negatives wanted from this source.",
};

export function withFakeEdits(config: FakeConfig, edits: readonly SettingEdit[]): FakeConfig {
  return edits.reduce(withOne, config);
}

/** Why a configuration is not allowed, where it is not. */
export function problemOf({ sources }: FakeSampler): string | undefined {
  const wrong = sources.find(({ settings }) => settings.range_max !== null && settings.range_min >= settings.range_max);
  return wrong === undefined
    ? undefined
    : `sampler.range_min is ${String(wrong.settings.range_min)}: must be below range_max, else no candidate is left.`;
}

export function resolve({ strategy, num_negatives, settings, mix }: FakeConfig): FakeSampler {
  if (mix === null) return { sources: [{ source: strategy, n: num_negatives, settings }] };
  return { sources: mix.map(({ source, n, own }) => ({ source, n, settings: { ...settings, ...own } })) };
}

export function stateOf(config: FakeConfig, revision: number): SamplerState {
  const { mix } = config;
  const names = Object.keys(defaults) as (keyof FakeSettings)[];
  return {
    revision,
    sources: resolve(config).sources.map(({ source, n }, position) => ({ position, source, n })),
    isMix: mix !== null,
    controls: [
      ...(mix === null ? [amount(["sampler", "num_negatives"], config.num_negatives)] : []),
      ...names.map((name) => control(["sampler"], name, config.settings[name])),
    ],
    sourceControls: (mix ?? []).map(({ n, own }, at) => [
      { ...amount(["sampler", "mix", at, "n"], n), inherited: false },
      ...names.map((name) => ({
        ...control(["sampler", "mix", at], name, { ...config.settings, ...own }[name]),
        inherited: !(name in own),
      })),
    ]),
  };
}

function amount(path: SamplerControl["path"], value: number): SamplerControl {
  return { path, description: descriptions[String(path.at(-1))] ?? "", value, whole: true, nullable: false };
}

function control(above: SamplerControl["path"], name: keyof FakeSettings, value: SamplerControl["value"]): SamplerControl {
  const words = options[name];
  return {
    path: [...above, ...(simansNames.includes(name) ? ["simans"] : []), name],
    description: descriptions[name] ?? "",
    value,
    ...(words === undefined ? {} : { options: words }),
    ...(["range_min", "range_max"].includes(name) ? { whole: true } : {}),
    nullable: !neverOff.includes(name),
  };
}

function withOne(config: FakeConfig, { path, value }: SettingEdit): FakeConfig {
  const name = String(path.at(-1));
  const at = path[1] === "mix" ? path[2] : undefined;
  if (at === undefined)
    return name === "num_negatives"
      ? { ...config, num_negatives: Number(value) }
      : { ...config, settings: { ...config.settings, [name]: value } };
  const mix = (config.mix ?? []).map((entry, position) => {
    if (position !== at) return entry;
    if (name === "n") return { ...entry, n: Number(value) };
    const others = Object.fromEntries(Object.entries(entry.own).filter(([key]) => key !== name));
    return { ...entry, own: value === undefined ? others : { ...others, [name]: value } };
  });
  return { ...config, mix };
}
