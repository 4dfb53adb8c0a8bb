import type { SamplerControl } from "#protocol/sampler";

export type SettingValue = SamplerControl["value"];
export type SettingPath = SamplerControl["path"];

/** Controls that belong together, in the order in which they are shown. */
export const CONTROL_GROUPS = [
  "amount",
  "simans",
  "margin",
  "score",
  "positive",
  "duplicate",
  "diversity",
  "window",
  "query",
  "rescore",
  "other",
] as const;
export type ControlGroup = (typeof CONTROL_GROUPS)[number];

/** A slider's ends and step in the parameter's own unit. Values beyond the ends are allowed: the slider then reaches to them. */
export interface SliderScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Equal ways on the slider multiply the value, for what matters by its order of magnitude. */
  readonly logarithmic?: true;
  /** The value on switching on what was off. */
  readonly start?: number;
}

interface TableRow {
  /** The setting's keys below the sampler or below the source of a mix, joined by points. */
  readonly name: string;
  readonly group: ControlGroup;
  readonly scale?: SliderScale;
}

const share = { min: 0, max: 1, step: 0.01 };
const nearOne = { min: 0.5, max: 1, step: 0.005 };
const cosine = { min: -0.2, max: 1, step: 0.01 };
const margin = { min: 0, max: 0.5, step: 0.005, start: 0.05 };
const overlap = { min: 0.05, max: 1, step: 0.01, start: 0.8 };

/** The one table of what the view shows, and in which order. A setting that is not here comes last, with a number field alone. */
const TABLE: readonly TableRow[] = [
  { name: "num_negatives", group: "amount", scale: { min: 1, max: 50, step: 1 } },
  { name: "n", group: "amount", scale: { min: 1, max: 50, step: 1 } },
  { name: "draw", group: "amount" },
  { name: "simans.a", group: "simans", scale: { min: 0.01, max: 100, step: 0.01, logarithmic: true } },
  { name: "simans.b", group: "simans", scale: { min: -3, max: 3, step: 0.05 } },
  { name: "simans.kernel", group: "simans" },
  { name: "simans.anchor", group: "simans" },
  { name: "simans.axis", group: "simans" },
  { name: "relative_margin", group: "margin", scale: margin },
  { name: "absolute_margin", group: "margin", scale: margin },
  { name: "margin_anchor", group: "margin" },
  { name: "max_score", group: "score", scale: { ...cosine, start: 0.9 } },
  { name: "min_score", group: "score", scale: { ...cosine, start: 0.2 } },
  { name: "max_positive_similarity", group: "positive", scale: { ...share, start: 0.9 } },
  { name: "max_fn_probability", group: "positive", scale: { ...share, start: 0.3 } },
  { name: "near_duplicate_similarity", group: "duplicate", scale: { ...nearOne, start: 0.97 } },
  { name: "near_duplicate_overlap", group: "duplicate", scale: overlap },
  { name: "diversity_similarity", group: "diversity", scale: { ...nearOne, start: 0.95 } },
  { name: "diversity_overlap", group: "diversity", scale: overlap },
  { name: "range_min", group: "window", scale: { min: 0, max: 100, step: 1 } },
  { name: "range_max", group: "window", scale: { min: 1, max: 500, step: 1, start: 100 } },
  { name: "range_after_filters", group: "window" },
  { name: "near_query_similarity", group: "query", scale: { ...nearOne, start: 0.97 } },
  { name: "near_query_overlap", group: "query", scale: overlap },
  { name: "rescore.relative_margin", group: "rescore", scale: margin },
  { name: "rescore.absolute_margin", group: "rescore", scale: margin },
  { name: "rescore.max_score", group: "rescore", scale: { ...cosine, start: 0.9 } },
  { name: "rescore.min_score", group: "rescore", scale: { ...cosine, start: 0.2 } },
];

/** The setting's name without where it is set: the same for the sampler and for each source of a mix. */
export function settingName(path: SettingPath): string {
  const below = path[1] === "mix" ? path.slice(3) : path.slice(1);
  return below.join(".");
}

export function groupOf(path: SettingPath): ControlGroup {
  return rowOf(path)?.group ?? "other";
}

export function scaleOf(path: SettingPath): SliderScale | undefined {
  return rowOf(path)?.scale;
}

/** Controls as they are shown: in groups, in the order of the table. */
export function inGroups<C extends SamplerControl>(
  controls: readonly C[],
): readonly { readonly group: ControlGroup; readonly controls: readonly C[] }[] {
  return CONTROL_GROUPS.map((group) => ({
    group,
    controls: controls.filter(({ path }) => groupOf(path) === group).sort((one, other) => placeOf(one.path) - placeOf(other.path)),
  })).filter((entry) => entry.controls.length > 0);
}

/** Positions on a logarithmic slider, which a native range input counts in whole steps. */
const LOG_STEPS = 200;

/** A slider as a native range input knows it. */
export interface RangeInput {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly position: number;
}

/** A slider's ends, which give way to values beyond them. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

export function endsOf(scale: SliderScale, values: readonly unknown[]): Ends {
  const numbers = values.filter((value): value is number => typeof value === "number" && (scale.logarithmic !== true || value > 0));
  return { low: Math.min(scale.min, ...numbers), high: Math.max(scale.max, ...numbers) };
}

/** Where a value stands on its slider. */
export function rangeInput(scale: SliderScale, { low, high }: Ends, value: number): RangeInput {
  if (scale.logarithmic !== true) return { min: low, max: high, step: scale.step, position: value };
  const share = Math.log(Math.max(value, low) / low) / Math.log(high / low);
  return { min: 0, max: LOG_STEPS, step: 1, position: Math.round(share * LOG_STEPS) };
}

/** The value at a position of the slider; where the slider is logarithmic with two digits that count. */
export function valueAt(scale: SliderScale, { low, high }: Ends, position: number): number {
  if (scale.logarithmic !== true) return position;
  return Number((low * (high / low) ** (position / LOG_STEPS)).toPrecision(2));
}

function rowOf(path: SettingPath): TableRow | undefined {
  const name = settingName(path);
  return TABLE.find((row) => row.name === name);
}

function placeOf(path: SettingPath): number {
  const name = settingName(path);
  const place = TABLE.findIndex((row) => row.name === name);
  return place === -1 ? TABLE.length : place;
}
