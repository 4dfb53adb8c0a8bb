import { LanguageStatusSeverity, MarkdownString, StatusBarAlignment, languages, window } from "vscode";
import type { Disposable, Uri } from "vscode";
import type { DatasetStatus } from "#protocol/status";
import { activeFile } from "./datasetUri";
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
    this.#updateLanguage(status);
    this.#updateBar(status);
  }

  #updateLanguage(status: DatasetStatus | undefined): void {
    const item = this.#language;
    if (status === undefined) {
      item.text = "Nearmiss";
      item.detail = "not a data set that is open";
      item.busy = false;
      item.command = undefined;
      return;
    }
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
