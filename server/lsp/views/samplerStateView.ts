import type { MixEntry, SamplerConfig } from "#core/config/samplerSchema";
import { slotAt } from "#core/config/settings";
import type { Config } from "#core/config/config";
import type { SamplerControl, SamplerState, SettingEdit } from "#protocol/sampler";

type Path = SamplerControl["path"];

/** Settings that a panel can set with a slider, a switch or a choice, below the sampler or below one source of its mix. */
const SHARED: readonly Path[] = [
  ["draw"],
  ["simans", "a"],
  ["simans", "b"],
  ["simans", "kernel"],
  ["simans", "anchor"],
  ["simans", "axis"],
  ["relative_margin"],
  ["absolute_margin"],
  ["margin_anchor"],
  ["max_score"],
  ["min_score"],
  ["max_positive_similarity"],
  ["max_fn_probability"],
  ["near_duplicate_similarity"],
  ["near_duplicate_overlap"],
  ["near_query_similarity"],
  ["near_query_overlap"],
  ["diversity_similarity"],
  ["diversity_overlap"],
  ["range_min"],
  ["range_max"],
  ["range_after_filters"],
];
const RESCORING: readonly Path[] = [
  ["rescore", "relative_margin"],
  ["rescore", "absolute_margin"],
  ["rescore", "max_score"],
  ["rescore", "min_score"],
];

/** The sampler of a configuration as a panel shows it. */
export function samplerStateView({ sampler }: Config, revision: number): SamplerState {
  const { mix, sampling_strategy, num_negatives, rescore } = sampler;
  const shared = rescore.kind === "none" ? SHARED : [...SHARED, ...RESCORING];
  return {
    revision,
    isMix: mix !== null,
    sources:
      mix === null
        ? [{ position: 0, source: sampling_strategy, n: num_negatives }]
        : mix.map(({ source, n }, position) => ({ position, source, n })),
    controls: [...(mix === null ? [["num_negatives"]] : []), ...shared].map((path) =>
      control(["sampler", ...path], valueAt(sampler, path)),
    ),
    sourceControls: (mix ?? []).map((entry, position) => sourceControls(sampler, entry, ["sampler", "mix", position], shared)),
  };
}

function sourceControls(
  sampler: SamplerConfig,
  entry: MixEntry,
  above: Path,
  shared: readonly Path[],
): SamplerState["sourceControls"][number] {
  const inherited = shared.map((path) => {
    const own = valueAt(entry, path);
    return { ...control([...above, ...path], own === undefined ? valueAt(sampler, path) : own), inherited: own === undefined };
  });
  return [{ ...control([...above, "n"], entry.n), inherited: false }, ...inherited];
}

function control(path: Path, value: SettingEdit["value"]): SamplerControl {
  const slot = slotAt(path);
  if (slot?.kind !== "setting") throw new Error(`${path.join(".")} is not a setting.`);
  const { description, choices, isNullable, isWhole } = slot.setting;
  return {
    path,
    description,
    value: value ?? null,
    ...(choices === undefined ? {} : { options: choices }),
    ...(isWhole ? { whole: true } : {}),
    nullable: isNullable,
  };
}

/** The value at a path in plain data; undefined where nothing is set. */
function valueAt(data: object, path: Path): SettingEdit["value"] | undefined {
  const found = path.reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], data);
  return found as SettingEdit["value"] | undefined;
}
