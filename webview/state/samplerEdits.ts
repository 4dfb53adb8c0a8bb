import type { SamplerControl, SamplerState, SettingEdit } from "#protocol/sampler";
import { settingName, type SettingPath, type SettingValue } from "./samplerTable";

/** A control as the person sees it: what it stands at, and where that comes from. */
export interface ShownControl extends SamplerControl {
  /** The value with the edits. */
  readonly shown: SettingValue;
  readonly edited: boolean;
  /** Whether a source of a mix takes it from the sampler. */
  readonly inherited: boolean;
  /** The sampler's value, where the source has one of its own and could do without. */
  readonly sampler?: SettingValue;
}

type OwnControl = SamplerControl & { readonly inherited?: boolean };

export function samePath(one: SettingPath, other: SettingPath): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

/** The edits with one more; one that says what the configuration says already is no edit. */
export function withEdit(edits: readonly SettingEdit[], control: SamplerControl, value: SettingValue): readonly SettingEdit[] {
  const others = withoutEdit(edits, control);
  return value === control.value ? others : [...others, { path: control.path, value }];
}

/** The edits with one that takes a source's own value out, so that the sampler's holds for it. */
export function withRemoval(edits: readonly SettingEdit[], control: SamplerControl): readonly SettingEdit[] {
  return [...withoutEdit(edits, control), { path: control.path }];
}

export function withoutEdit(edits: readonly SettingEdit[], control: SamplerControl): readonly SettingEdit[] {
  return edits.filter(({ path }) => !samePath(path, control.path));
}

/** The edits that still say something else than a state that was read anew, and are about settings that are still there. */
export function edited(edits: readonly SettingEdit[], state: SamplerState): readonly SettingEdit[] {
  const controls: readonly OwnControl[] = [...state.controls, ...state.sourceControls.flat()];
  return edits.filter(({ path, value }) => {
    const control = controls.find((candidate) => samePath(candidate.path, path));
    if (control === undefined) return false;
    return value === undefined ? control.inherited === false : control.value !== value;
  });
}

/** The controls of the sampler, or of one source of its mix, with the edits. An inherited value follows an edit of the sampler's. */
export function shownControls(state: SamplerState, edits: readonly SettingEdit[], source: number | undefined): readonly ShownControl[] {
  const ofSampler = state.controls.map((control) => shownControl(control, edits, undefined));
  if (source === undefined) return ofSampler;
  return (state.sourceControls[source] ?? []).map((control) => {
    const parent = ofSampler.find(({ path }) => settingName(path) === settingName(control.path));
    return shownControl(control, edits, parent?.shown);
  });
}

/** A control with its edit, if there is one; `sampler` is what it would inherit. */
function shownControl(control: OwnControl, edits: readonly SettingEdit[], sampler: SettingValue | undefined): ShownControl {
  const edit = edits.find(({ path }) => samePath(path, control.path));
  const inherited = edit === undefined ? control.inherited === true : edit.value === undefined;
  const own = edit?.value === undefined ? control.value : edit.value;
  const shown = inherited && sampler !== undefined ? sampler : own;
  const canInherit = control.inherited === false && !inherited && sampler !== undefined;
  return { ...control, shown, edited: edit !== undefined, inherited, ...(canInherit ? { sampler } : {}) };
}
