import { EventEmitter, Uri, ViewColumn, window } from "vscode";
import type { Disposable, Event, WebviewPanel } from "vscode";
import { CandidatesPanel, panelViewType } from "./candidatesPanel";
import type { PanelServices } from "./candidatesPanel";
import type { PanelCommand } from "#protocol/host";

/** All open panels, one for each data set at most. */
export class Panels implements Disposable {
  readonly #services: PanelServices;
  readonly #open = new Map<string, CandidatesPanel>();
  readonly #activeChanged = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposable[];

  constructor(services: PanelServices) {
    this.#services = services;
    this.#subscriptions = [
      window.registerWebviewPanelSerializer(panelViewType, {
        deserializeWebviewPanel: (panel, state: unknown) => {
          this.#restore(panel, state);
          return Promise.resolve();
        },
      }),
      // The new server knows nothing of what the pages had opened.
      services.client.onDidRestart(() => {
        for (const panel of this.#open.values()) panel.reload();
      }),
    ];
  }

  get onDidChangeActive(): Event<void> {
    return this.#activeChanged.event;
  }

  get active(): CandidatesPanel | undefined {
    return [...this.#open.values()].find((panel) => panel.active);
  }

  /** Whether the review of a data set is on show, in front or beside something else. */
  isVisible(dataset: string): boolean {
    return this.#open.get(dataset)?.visible === true;
  }

  /** Shows the review of a data set, at a line of it if given. */
  show(dataset: Uri, line: number | undefined): void {
    const present = this.#open.get(dataset.toString());
    if (present !== undefined) {
      present.show(line);
      return;
    }
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: false };
    this.#adopt(window.createWebviewPanel(panelViewType, "Nearmiss", column, { retainContextWhenHidden: false }), dataset, line);
  }

  /** Shows the review of a data set and has it carry out a command, as soon as it can. */
  carryOut(dataset: Uri, command: PanelCommand): void {
    this.show(dataset, undefined);
    this.#open.get(dataset.toString())?.carryOut(command);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const panel of this.#open.values()) panel.dispose();
    this.#activeChanged.dispose();
  }

  #restore(panel: WebviewPanel, state: unknown): void {
    const dataset = datasetIn(state);
    // Without a data set there is nothing to restore, and an empty panel helps nobody.
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#adopt(panel, Uri.parse(dataset, true), undefined);
  }

  #adopt(webviewPanel: WebviewPanel, dataset: Uri, line: number | undefined): void {
    const key = dataset.toString();
    const panel = new CandidatesPanel(webviewPanel, dataset, line, this.#services);
    this.#open.set(key, panel);
    panel.onDidChange(() => {
      this.#activeChanged.fire();
    });
    panel.onDidClose(() => {
      this.#open.delete(key);
      panel.dispose();
      this.#activeChanged.fire();
    });
    this.#activeChanged.fire();
  }
}

/** The page keeps the data set's URI in its state, which comes from disk and may be of an earlier version. */
function datasetIn(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null || !("dataset" in state)) return undefined;
  return typeof state.dataset === "string" && /^[a-z][a-z0-9+.-]+:/iu.test(state.dataset) ? state.dataset : undefined;
}
