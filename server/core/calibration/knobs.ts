import type { Config } from "../config/config";
import type { SettingPath } from "../config/settingPath";
import type { SourceSettings } from "../mining/sourceSettings";

/**
 * Thresholds that a proposal may move, the most trusted first: the guard on P(false negative), the ceiling on the similarity to a positive, the
 * margins, the ceiling on the score, the rank window.
 */
export const KNOBS = [
  "max_fn_probability",
  "max_positive_similarity",
  "relative_margin",
  "absolute_margin",
  "max_score",
  "range_min",
] as const;

export type Knob = (typeof KNOBS)[number];

/** null: the rule is off. */
export type KnobValue = number | null;

/** One value of the configuration to be set. */
export interface KnobEdit {
  readonly path: SettingPath;
  readonly value: KnobValue;
}

/** Whether a larger value of the knob drops more. Off is the loosest of all. */
export function isStricterAbove(knob: Knob): boolean {
  return knob === "relative_margin" || knob === "absolute_margin" || knob === "range_min";
}

/** Below 0 where `a` is the stricter value. */
export function compareStrictness(knob: Knob, a: KnobValue, b: KnobValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return isStricterAbove(knob) ? b - a : a - b;
}

/**
 * What has to be set for a knob of one source to stand at a value: in its entry of the mix, else in the sampler. A window without an end of its own
 * ends a fixed number of ranks after its beginning; it is given the end that it has, so that moving the beginning moves nothing else.
 */
export function knobEdits(config: Config, source: SourceSettings, target: KnobTarget): readonly KnobEdit[] {
  const { position, knob, value } = target;
  const { mix, range_max } = config.sampler;
  const entry = mix?.[position];
  const place: SettingPath = entry === undefined ? ["sampler"] : ["sampler", "mix", position];
  const edit = { path: [...place, knob], value };
  const end = entry?.range_max === undefined ? range_max : entry.range_max;
  return knob === "range_min" && end === null ? [edit, { path: [...place, "range_max"], value: source.range_max }] : [edit];
}

export interface KnobTarget {
  /** Of the source in the mix; 0 where there is none. */
  readonly position: number;
  readonly knob: Knob;
  readonly value: KnobValue;
}

/** The configuration with edits of `knobEdits`. */
export function withKnobEdits(config: Config, edits: readonly KnobEdit[]): Config {
  return edits.reduce(withKnobEdit, config);
}

function withKnobEdit(config: Config, { path, value }: KnobEdit): Config {
  const { sampler } = config;
  const name = String(path.at(-1));
  const position = path[1] === "mix" ? path[2] : undefined;
  if (position === undefined) return { ...config, sampler: { ...sampler, [name]: value } };
  const mix = (sampler.mix ?? []).map((entry, at) => (at === position ? { ...entry, [name]: value } : entry));
  return { ...config, sampler: { ...sampler, mix } };
}
