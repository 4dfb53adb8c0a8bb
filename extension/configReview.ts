import { EventEmitter, TabInputTextDiff, Uri, window, workspace } from "vscode";
import type { Disposable, Event, Tab, TextDocumentContentProvider } from "vscode";
import { proposedConfig } from "#protocol/sampler";
import type { ConfigEdit, ProposedConfigParams } from "#protocol/sampler";
import type { ServerClient } from "./client";
import { configText, withLf, writeConfig } from "./configFile";
import { diffTabs, showDiffInFront } from "./diffInFront";
import { valueOrShow } from "./showFailure";
import { textColumn } from "./textColumn";

export const proposalScheme = "nearmiss-proposal";

/** A change that is on show in the diff editor. */
interface OpenReview {
  readonly change: ProposedConfigParams;
  readonly edit: ConfigEdit;
  readonly settle: (accepted: boolean) => void;
}

/**
 * Shows proposed configs in VS Code's own diff editor, beside the present file. Nothing is written until the person accepts; then the
 * file is, and the server, which watches it, mines anew.
 */
export class ConfigReview implements Disposable, TextDocumentContentProvider {
  readonly #client: ServerClient;
  readonly #open = new Map<string, OpenReview>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: readonly Disposable[];

  constructor(client: ServerClient) {
    this.#client = client;
    this.#subscriptions = [
      workspace.registerTextDocumentContentProvider(proposalScheme, this),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.#closed(tab);
      }),
    ];
  }

  get onDidChange(): Event<Uri> {
    return this.#changed.event;
  }

  /** Text of a proposal, or of the empty file that a first config is compared with. */
  provideTextDocumentContent(uri: Uri): string {
    return uri.query === "absent" ? "" : (this.#open.get(uri.toString())?.edit.after ?? "");
  }

  /**
   * Shows a change. Resolves when the person has accepted or discarded it or
   * closed the diff: true when the file has been written. A later change of the same file takes the place of an earlier one.
   */
  async review(change: ProposedConfigParams): Promise<boolean> {
    const edit = valueOrShow(await this.#client.request(proposedConfig, change));
    if (edit === undefined) return false;
    const proposal = proposalUri(edit);
    this.#open.get(proposal.toString())?.settle(false);
    const decided = new Promise<boolean>((resolve) => {
      this.#open.set(proposal.toString(), { change, edit, settle: resolve });
    });
    await this.#show(proposal, edit);
    return await decided;
  }

  /** Writes the proposal that the active diff editor shows, unless the file has changed since it was made: then it is made anew. */
  async accept(uri: Uri | undefined): Promise<void> {
    const [key, review] = this.#find(uri);
    if (review === undefined) return;
    const config = Uri.parse(review.edit.uri, true);
    if (withLf((await configText(config)) ?? "") !== withLf(review.edit.before)) {
      await this.#refresh(key, review);
      return;
    }
    if (!(await writeConfig(config, review.edit.after))) {
      void window.showErrorMessage(`${config.fsPath} could not be saved. Make it writable, then accept the change again.`);
      return;
    }
    await this.#finish(key, review, true);
  }

  async discard(uri: Uri | undefined): Promise<void> {
    const [key, review] = this.#find(uri);
    if (review !== undefined) await this.#finish(key, review, false);
  }

  dispose(): void {
    for (const review of this.#open.values()) review.settle(false);
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #show(proposal: Uri, edit: ConfigEdit): Promise<void> {
    const config = Uri.parse(edit.uri, true);
    const present = (await configText(config)) === undefined ? proposal.with({ query: "absent" }) : config;
    this.#changed.fire(proposal);
    const title = "config.json: present ↔ proposed";
    await showDiffInFront({ original: present, modified: proposal, title, viewColumn: textColumn() });
  }

  async #refresh(key: string, review: OpenReview): Promise<void> {
    const edit = valueOrShow(await this.#client.request(proposedConfig, review.change));
    if (edit === undefined) {
      await this.#finish(key, review, false);
      return;
    }
    const unsaved = withLf((await configText(Uri.parse(edit.uri, true))) ?? "") !== withLf(edit.before);
    this.#open.set(key, { ...review, edit });
    await this.#show(Uri.parse(key, true), edit);
    void window.showWarningMessage(
      unsaved
        ? "config.json has unsaved changes. Save or undo them, then accept the proposed change again."
        : "config.json has changed since the change was proposed. The proposal is now made from the file as it is: look again, then accept.",
    );
  }

  async #finish(key: string, review: OpenReview, accepted: boolean): Promise<void> {
    this.#open.delete(key);
    review.settle(accepted);
    await window.tabGroups.close(diffTabs(Uri.parse(key, true)));
  }

  #closed(tab: Tab): void {
    const modified = tab.input instanceof TabInputTextDiff ? tab.input.modified : undefined;
    const review = modified === undefined ? undefined : this.#open.get(modified.toString());
    // The same diff may be open in a second editor group.
    if (modified === undefined || review === undefined || diffTabs(modified).length > 0) return;
    this.#open.delete(modified.toString());
    review.settle(false);
  }

  /** The review named by a menu's argument, else the one in the active tab. */
  #find(uri: Uri | undefined): readonly [string, OpenReview | undefined] {
    const input = window.tabGroups.activeTabGroup.activeTab?.input;
    const shown = input instanceof TabInputTextDiff ? input.modified : undefined;
    const key = (uri?.scheme === proposalScheme ? uri : shown)?.toString() ?? "";
    return [key, this.#open.get(key)];
  }
}

function proposalUri(edit: ConfigEdit): Uri {
  return Uri.parse(edit.uri, true).with({ scheme: proposalScheme });
}
