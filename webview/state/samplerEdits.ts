import type { SamplerControl, SamplerState, SettingEdit } from "#protocol/sampler";
import { settingName, type SettingPath, type SettingValue } from "./samplerTable";

/** A control as the person sees it: what it stands at, and where that comes from. */
export interface ShownControl extends SamplerControl {
  /** The value with the edits. */
  readonly shown: SettingValue;
  readonly edited: boolean;
  /** Whether a source of a mix takes it from the sampler. */
  readonly inherited: boolean;
}

type OwnControl = SamplerControl & { readonly inherited?: boolean };

export function samePath(one: SettingPath, other: SettingPath): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

/** The edits with one more; one that says what the configuration says already is no edit. */
export function withEdit(edits: readonly SettingEdit[], control: SamplerControl, value: SettingValue): readonly SettingEdit[] {
  const others = edits.filter(({ path }) => !samePath(path, control.path));
  return value === control.value ? others : [...others, { path: control.path, value }];
}

/** The edits that still say something else than a state that was read anew, and are about settings that are still there. */
export function edited(edits: readonly SettingEdit[], state: SamplerState): readonly SettingEdit[] {
  const controls = [...state.controls, ...state.sourceControls.flat()];
  return edits.filter(({ path, value }) => {
    const control = controls.find((candidate) => samePath(candidate.path, path));
    return control !== undefined && control.value !== value;
  });
}

/** The controls of the sampler, or of one source of its mix, with the edits. An inherited value follows an edit of the sampler's. */
export function shownControls(state: SamplerState, edits: readonly SettingEdit[], source: number | undefined): readonly ShownControl[] {
  const controls: readonly OwnControl[] = source === undefined ? state.controls : (state.sourceControls[source] ?? []);
  const valueOf = (path: SettingPath): SettingEdit | undefined => edits.find((edit) => samePath(edit.path, path));
  return controls.map((control) => {
    const own = valueOf(control.path);
    const parent = control.inherited === true ? edits.find((edit) => isParent(edit.path, control.path)) : undefined;
    const shown = own === undefined ? (parent === undefined ? control.value : parent.value) : own.value;
    return { ...control, shown, edited: own !== undefined, inherited: control.inherited === true && own === undefined };
  });
}

function isParent(path: SettingPath, ofSource: SettingPath): boolean {
  return path[1] !== "mix" && settingName(path) === settingName(ofSource);
}
