import { reviewConfigChange } from "#protocol/host";
import type { Failure } from "#protocol/outcome";
import { reviewDidChange, type DatasetUri } from "#protocol/review";
import {
  previewSampler,
  samplerDidAdvance,
  samplerState,
  type PreviewAnswer,
  type SamplerControl,
  type SamplerPreview,
  type SamplerState,
  type SettingEdit,
} from "#protocol/sampler";
import type { Host } from "../host";
import { ask, tell } from "./ask";
import type { MiningProgress } from "./miningProgress";
import { edited, shownControls, withEdit, withoutEdit, withRemoval, type ShownControl } from "./samplerEdits";
import { settingName, type SettingValue } from "./samplerTable";

/**
 * The sampler view: the configuration as it is, what the person has moved, and what that comes to over the whole file. It asks for
 * nothing while it is closed. While it is open there is one question under way at a time, and the next one carries the newest edits.
 */
export class SamplerStore {
  open = $state(false);
  /** Position in the mix of the source whose settings are shown; undefined for the sampler's own. */
  source = $state<number>();
  edits = $state.raw<readonly SettingEdit[]>([]);
  state = $state.raw<SamplerState>();
  /** What the configuration as saved comes to. */
  saved = $state.raw<SamplerPreview>();
  preview = $state.raw<SamplerPreview>();
  mining = $state.raw<MiningProgress>();
  failure = $state.raw<Failure>();
  /** Whether the diff of the edits is on show. */
  saving = $state(false);
  /** Rises when the focus belongs on the view. */
  focusAsked = $state(0);
  readonly controls: readonly ShownControl[] = $derived(this.state === undefined ? [] : shownControls(this.state, this.edits, this.source));
  /** Whether the figures on show are of other settings than the controls. */
  readonly stale = $derived.by(() => this.edits !== this.#previewed || this.mining !== undefined || this.failure !== undefined);
  /** Whether what is shown concerns a draw by the SimANS kernel. */
  readonly drawsBySimans = $derived.by(() => {
    const draw = this.controls.find(({ path }) => settingName(path) === "draw")?.shown;
    const sources = this.state?.sources ?? [];
    const shown = this.source === undefined ? sources : sources.filter(({ position }) => position === this.source);
    return draw === "simans" || shown.some(({ source }) => source === "simans");
  });
  #previewed = $state.raw<readonly SettingEdit[]>();
  readonly #host: Host;
  #dataset: DatasetUri = "";
  #wantState = false;
  #wantSaved = false;
  #wantPreview = false;
  #working = false;
  /** Rises when answers under way are no longer wanted. */
  #generation = 0;

  constructor(host: Host) {
    this.#host = host;
    host.channel.on(reviewDidChange, ({ dataset }) => {
      if (this.open && dataset === this.#dataset) this.refresh();
    });
    host.channel.on(samplerDidAdvance, ({ dataset, done, total }) => {
      if (!this.open || dataset !== this.#dataset || this.mining === undefined) return;
      this.mining = { done, total };
      this.#askPreviews();
    });
  }

  /** Opens the view of a data set, and puts the focus on it. */
  show(dataset: DatasetUri): void {
    this.focusAsked += 1;
    this.restore(dataset, this.edits);
  }

  /** Opens the view as it was before a reload. */
  restore(dataset: DatasetUri, edits: readonly SettingEdit[]): void {
    this.#dataset = dataset;
    this.edits = edits;
    if (this.open) return;
    this.open = true;
    this.refresh();
  }

  hide(): void {
    this.open = false;
    this.#generation += 1;
    this.mining = undefined;
  }

  /** Asks for everything anew. */
  refresh(): void {
    this.#generation += 1;
    this.#wantState = true;
    void this.#work();
  }

  set(control: SamplerControl, value: SettingValue): void {
    this.#changeTo(withEdit(this.edits, control, value));
  }

  /** Gives up a source's own value for the sampler's. */
  inherit(control: SamplerControl): void {
    this.#changeTo(withRemoval(this.edits, control));
  }

  /** Drops one edit, or all. */
  reset(control?: SamplerControl): void {
    this.#changeTo(control === undefined ? [] : withoutEdit(this.edits, control));
  }

  /** Shows the edits as a diff of the config file; answers whether the person accepted it. Nothing is written otherwise. */
  async save(onFailure: (failure: Failure) => void): Promise<boolean> {
    this.saving = true;
    const answer = await tell(this.#host, reviewConfigChange, { dataset: this.#dataset, edits: this.edits }, onFailure);
    this.saving = false;
    return answer?.accepted === true;
  }

  #changeTo(edits: readonly SettingEdit[]): void {
    this.edits = edits;
    if (edits.length === 0 && this.saved !== undefined) this.#take(edits, { kind: "preview", preview: this.saved });
    this.#wantPreview = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.open) {
        const step = this.#next();
        if (step === undefined) return;
        await step();
      }
    } finally {
      this.#working = false;
    }
  }

  #next(): (() => Promise<void>) | undefined {
    if (this.#wantState) return () => this.#readState();
    if (this.state === undefined) return undefined;
    if (this.#wantSaved && this.edits.length > 0) return () => this.#preview([]);
    if (this.#wantPreview) return () => this.#preview(this.edits);
    return undefined;
  }

  #askPreviews(): void {
    this.#wantSaved = true;
    this.#wantPreview = true;
    void this.#work();
  }

  async #readState(): Promise<void> {
    this.#wantState = false;
    const generation = this.#generation;
    const answer = await ask(this.#host, samplerState, { dataset: this.#dataset });
    if (generation !== this.#generation) return;
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    this.failure = undefined;
    this.state = answer.value;
    const left = edited(this.edits, answer.value);
    if (left.length !== this.edits.length) this.edits = left;
    if (this.source !== undefined && !answer.value.sources.some(({ position }) => position === this.source)) this.source = undefined;
    this.#wantSaved = true;
    this.#wantPreview = true;
  }

  async #preview(edits: readonly SettingEdit[]): Promise<void> {
    const ofSaved = edits.length === 0;
    if (ofSaved) this.#wantSaved = false;
    if (edits === this.edits) this.#wantPreview = false;
    const generation = this.#generation;
    const answer = await ask(this.#host, previewSampler, { dataset: this.#dataset, edits });
    if (generation !== this.#generation) return;
    if (answer.ok) this.#take(edits, answer.value);
    // An answer to what was asked before the last move is not about what the person sees.
    else if (edits === this.edits || ofSaved) this.failure = answer.failure;
  }

  #take(edits: readonly SettingEdit[], answer: PreviewAnswer): void {
    if (answer.kind === "mining") {
      this.mining = { done: answer.done, total: answer.total };
      return;
    }
    this.mining = undefined;
    this.failure = undefined;
    if (edits.length === 0) this.saved = answer.preview;
    // Between two moves the answer to the earlier one is shown, but none once all is as it was.
    if (edits.length > 0 === this.edits.length > 0) {
      this.preview = answer.preview;
      this.#previewed = edits;
    }
  }
}
