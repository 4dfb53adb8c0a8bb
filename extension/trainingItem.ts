import { MarkdownString, StatusBarAlignment, window } from "vscode";
import type { Disposable } from "vscode";
import { trainingDidAdvance } from "#protocol/training";
import type { TrainingStatus } from "#protocol/training";
import type { ServerClient } from "./client";
import { trainingDetail, trainingText } from "./trainingText";

/** Tells in the status bar of the training run that began last, whatever file is in front: it goes on while the person works elsewhere. */
export class TrainingItem implements Disposable {
  readonly #bar = window.createStatusBarItem("nearmiss.training", StatusBarAlignment.Right, 89);
  /** Runs under way by data set, in the order in which they began. */
  readonly #runs = new Map<string, TrainingStatus>();
  readonly #subscriptions: readonly Disposable[];

  constructor(client: ServerClient) {
    this.#bar.name = "Nearmiss Training";
    this.#subscriptions = [
      client.onNotification(trainingDidAdvance, (status) => {
        this.#take(status);
      }),
      // A run ends with its server.
      client.onDidRestart(() => {
        this.#runs.clear();
        this.#update();
      }),
    ];
  }

  dispose(): void {
    this.#bar.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(status: TrainingStatus): void {
    if (status.phase === "idle") this.#runs.delete(status.dataset);
    else this.#runs.set(status.dataset, status);
    this.#update();
  }

  #update(): void {
    const status = [...this.#runs.values()].at(-1);
    const text = status && trainingText(status);
    if (status === undefined || text === undefined) {
      this.#bar.hide();
      return;
    }
    this.#bar.text = `$(sync~spin) ${text}`;
    // Plain text in an untrusted Markdown string: names of runs come from files.
    this.#bar.tooltip = new MarkdownString().appendText(`Nearmiss: ${trainingDetail(status)}`);
    this.#bar.accessibilityInformation = { label: `Nearmiss: ${text}. ${trainingDetail(status)}` };
    this.#bar.command = { title: "Show Training", command: "nearmiss.showTraining", arguments: [{ dataset: status.dataset }] };
    this.#bar.show();
  }
}
