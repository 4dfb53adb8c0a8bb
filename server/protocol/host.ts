import type { ChatModelRef } from "./chat";
import type { DatasetUri } from "./review";
import type { Place } from "./outcome";
import { notification, request } from "./rpc";
import type { ProposedConfigParams } from "./sampler";

/** What the panel asks of the extension host itself, not of the language server. */
export const revealPlace = request<{ readonly place: Place }, null>("host/revealPlace");
/** Shows the config with these edits in the diff editor; answers whether the person accepted them. */
export const reviewConfigChange = request<ProposedConfigParams, { readonly accepted: boolean }>("host/reviewConfigChange");
export const openConfig = request<{ readonly dataset: DatasetUri }, null>("host/openConfig");
/** Has the person choose a language model; null where nothing was chosen. */
export const pickChatModel = request<
  { readonly dataset: DatasetUri; readonly purpose: "ask" | "confirm" },
  { readonly model: ChatModelRef | null }
>("host/pickChatModel");
export const startExport = request<{ readonly dataset: DatasetUri }, null>("host/startExport");

export interface SaveImageParams {
  readonly dataset: DatasetUri;
  /** Name to suggest for the file, without its ending. */
  readonly name: string;
  readonly type: "svg" | "png";
  /** The text of an SVG, or the bytes of a PNG in base64. */
  readonly data: string;
}

/** Saves a picture of the panel where the person says; answers whether it was written. What goes wrong is said by VS Code. */
export const saveImage = request<SaveImageParams, { readonly saved: boolean }>("host/saveImage");

/** First message of a webview: it is alive and listens. The answer tells it what to show. */
export const panelReady = request<Record<string, never>, PanelStart>("host/panelReady");

export interface PanelStart {
  readonly dataset: DatasetUri;
  readonly line?: number;
  /** What to carry out once the query is on show; only commands that show a view. */
  readonly command?: PanelCommand;
  /** Single letters act only where this is true; a person with a screen reader may switch them off. */
  readonly singleKeys: boolean;
}

/** Host to panel: go to the query at a line, since the person asked for it in the editor. */
export const showLine = notification<{ readonly dataset: DatasetUri; readonly line: number }>("host/showLine");
/** Host to panel: a command of the palette that the panel carries out on its current card. */
export const panelCommand = notification<{ readonly command: PanelCommand }>("host/panelCommand");

export type PanelCommand =
  | "true_negative"
  | "false_negative"
  | "partly_relevant"
  | "duplicate_of_positive"
  | "cant_tell"
  | "later"
  | "bad_positive"
  | "bad_query"
  | "undo"
  | "redo"
  | "next_query"
  | "previous_query"
  | "show_sampler"
  | "show_gradients"
  | "show_training"
  | "show_curation"
  | "show_opinions"
  | "judge_pairs";
