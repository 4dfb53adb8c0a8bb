import { Uri, window } from "vscode";
import type { Disposable } from "vscode";
import { editsWereMarked, takeBackEdits } from "#protocol/edits";
import type { EditsMarked } from "#protocol/edits";
import type { ServerClient } from "./client";
import type { Panels } from "./panel/panels";
import { valueOrShow } from "./showFailure";

/** How long a message stays in the status bar, in milliseconds. */
const SHOWN = 8000;

/** Tells what a saved edit was recorded as where no panel does. A panel that is on show has a notice of its own. */
export class EditNotices implements Disposable {
  readonly #client: ServerClient;
  readonly #panels: Panels;
  readonly #subscription: Disposable;

  constructor(client: ServerClient, panels: Panels) {
    this.#client = client;
    this.#panels = panels;
    this.#subscription = client.onNotification(editsWereMarked, (edits) => {
      void this.#tell(edits);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #tell({ dataset, marks, text }: EditsMarked): Promise<void> {
    if (this.#panels.isVisible(dataset)) return;
    if (marks.length === 0) {
      // Nothing to decide: a line in the status bar is enough.
      window.setStatusBarMessage(`Nearmiss: ${text}`, SHOWN);
      return;
    }
    const choice = await window.showInformationMessage(text, "Undo", "Review");
    if (choice === "Undo") await this.#takeBack(dataset, marks);
    if (choice === "Review") this.#panels.show(Uri.parse(dataset, true), undefined);
  }

  async #takeBack(dataset: string, marks: readonly string[]): Promise<void> {
    const taken = valueOrShow(await this.#client.request(takeBackEdits, { dataset, marks }));
    if (taken !== undefined) window.setStatusBarMessage(`Nearmiss: ${taken.text}`, SHOWN);
  }
}
