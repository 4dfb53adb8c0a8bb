import { LanguageStatusSeverity, MarkdownString, StatusBarAlignment, languages, window } from "vscode";
import type { Disposable, Uri } from "vscode";
import type { DatasetStatus } from "#protocol/status";
import { activeFile, isTrainingFile } from "./datasetUri";
import type { Panels } from "./panel/panels";
import { reviewText, statusText } from "./statusText";
import type { Statuses } from "./statuses";

const severities = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

/** Shows, for the file or panel in front, where its data set stands: in the language status, and the review in the status bar. */
export class StatusItem implements Disposable {
  readonly #language = languages.createLanguageStatusItem("nearmiss.status", { language: "jsonl" });
  readonly #bar = window.createStatusBarItem("nearmiss.review", StatusBarAlignment.Right, 90);
  readonly #statuses: Statuses;
  readonly #panels: Panels;
  readonly #subscriptions: readonly Disposable[];

  constructor(statuses: Statuses, panels: Panels) {
    this.#statuses = statuses;
    this.#panels = panels;
    this.#language.name = "Nearmiss";
    this.#bar.name = "Nearmiss Review";
    const update = (): void => {
      this.#update();
    };
    this.#subscriptions = [
      statuses.onDidChange(update),
      panels.onDidChangeActive(update),
      window.onDidChangeActiveTextEditor(update),
      window.tabGroups.onDidChangeTabs(update),
    ];
    update();
  }

  dispose(): void {
    this.#language.dispose();
    this.#bar.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #update(): void {
    const file: Uri | undefined = this.#panels.active?.dataset ?? activeFile();
    const status = file === undefined ? undefined : this.#statuses.of(file);
    if (status === undefined) this.#showUnknown(file);
    else this.#showStatus(status);
    this.#updateBar(status);
  }

  #showUnknown(file: Uri | undefined): void {
    const failure = file && this.#statuses.refusal(file);
    const item = this.#language;
    item.text = failure === undefined ? "Nearmiss" : "Not a data set";
    item.detail = failure?.message ?? "";
    item.busy = false;
    item.severity = LanguageStatusSeverity.Information;
    item.command = undefined;
    if (file !== undefined && isTrainingFile(file)) void this.#statuses.ask(file);
  }

  #showStatus(status: DatasetStatus): void {
    const item = this.#language;
    const { text, detail, busy, severity, action } = statusText(status);
    item.text = text;
    item.detail = detail;
    item.busy = busy;
    item.severity = severities[severity];
    item.command = action && { title: action.title, command: action.command, arguments: [{ dataset: status.dataset }] };
  }

  #updateBar(status: DatasetStatus | undefined): void {
    const text = status && reviewText(status);
    if (status === undefined || text === undefined) {
      this.#bar.hide();
      return;
    }
    this.#bar.text = text;
    // Plain text in an untrusted Markdown string: the model's name comes from a config file.
    this.#bar.tooltip = new MarkdownString().appendText(`Nearmiss: queries reviewed. ${statusText(status).detail}`);
    this.#bar.command = { title: "Review Hard Negatives", command: "nearmiss.review", arguments: [{ dataset: status.dataset }] };
    this.#bar.show();
  }
}
