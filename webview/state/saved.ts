import type { ChatModelRef } from "#protocol/chat";
import type { Lane } from "#protocol/curation";
import type { LabellingTask } from "#protocol/labelling";
import type { DatasetUri } from "#protocol/review";
import type { SettingEdit } from "#protocol/sampler";
import type { Review } from "./review.svelte";

/** A query and a passage by their keys. */
export interface Pair {
  readonly query: string;
  readonly document: string;
}

/** Which second opinions the person wants: of whom, and on how many queries where that is not the config's number. */
export interface OpinionChoice {
  readonly task: LabellingTask;
  readonly model?: ChatModelRef;
  readonly confirmWith?: ChatModelRef;
  readonly queries?: number;
}

/** What the panel keeps over a reload. Marks are not here: they are on disk before a card moves on. */
export interface SavedState {
  /** Rises when the shape changes; state of another version is not used. */
  readonly version: 1;
  readonly dataset: DatasetUri;
  readonly queryKey?: string;
  readonly queryIndex: number;
  readonly currentId?: string;
  readonly scroll: number;
  readonly showDropped: boolean;
  readonly overlap: boolean;
  readonly blind: boolean;
  /** Whether the sampler view is open, and what was moved in it and not saved. */
  readonly sampler?: boolean;
  readonly samplerEdits?: readonly SettingEdit[];
  /** Whether the gradients view is open, and the temperature that was tried in it. */
  readonly gradients?: boolean;
  readonly temperature?: number;
  /** Whether the training view is open. */
  readonly training?: boolean;
  /** The adapter that was in use before the present one, to go back to. */
  readonly adapterBefore?: string;
  /** Whether the curation view is open. */
  readonly curation?: boolean;
  /** Whether the view of second opinions is open, and what was chosen in it. */
  readonly opinions?: boolean;
  readonly opinionChoice?: OpinionChoice;
  /** Pairs are judged one at a time: the lane that was chosen, where one was, and what was passed over. */
  readonly lanes?: { readonly lane?: Lane; readonly passedOver: readonly Pair[] };
  /** The sampler proposal that the person put aside. */
  readonly putAside?: string;
}

/** The state as kept by `save`, or undefined for anything else. */
export function readSaved(state: unknown): SavedState | undefined {
  if (typeof state !== "object" || state === null || !("version" in state) || state.version !== 1) return undefined;
  return state as SavedState;
}

/** What survives a reload, as it is now. */
export function stateOf(review: Review): SavedState {
  return {
    version: 1,
    dataset: review.dataset,
    ...(review.view === undefined ? {} : { queryKey: review.view.key }),
    ...(review.currentId === undefined ? {} : { currentId: review.currentId }),
    ...(review.proposal.putAside === undefined ? {} : { putAside: review.proposal.putAside }),
    queryIndex: review.view?.index ?? 0,
    scroll: review.scroll,
    showDropped: review.showDropped,
    overlap: review.overlap,
    blind: review.blind,
    sampler: review.sampler.open,
    samplerEdits: review.sampler.edits,
    gradients: review.gradients.open,
    ...(review.gradients.temperature === undefined ? {} : { temperature: review.gradients.temperature }),
    training: review.training.open,
    ...(review.training.adapterBefore === undefined ? {} : { adapterBefore: review.training.adapterBefore }),
    curation: review.curation.open,
    opinions: review.opinions.open,
    opinionChoice: review.opinions.choice,
    ...(review.lanes.active ? { lanes: review.lanes.saved } : {}),
  };
}

/** Brings back everything but the query, its card and the lanes, which the server is asked for. */
export function restoreState(review: Review, saved: SavedState): void {
  review.showDropped = saved.showDropped;
  review.overlap = saved.overlap;
  review.blind = saved.blind;
  review.proposal.putAside = saved.putAside;
  if (saved.sampler === true) review.sampler.restore(saved.dataset, saved.samplerEdits ?? []);
  if (saved.gradients === true) review.gradients.restore(saved.dataset, saved.temperature);
  review.training.adapterBefore = saved.adapterBefore;
  if (saved.training === true) review.training.restore(saved.dataset);
  if (saved.curation === true) review.curation.restore(saved.dataset);
  if (saved.opinionChoice !== undefined) review.opinions.choice = saved.opinionChoice;
  if (saved.opinions === true) review.opinions.restore(saved.dataset);
}
