import { EventEmitter } from "vscode";
import type { Disposable, Event, Uri } from "vscode";
import { statusDidChange } from "#protocol/status";
import type { DatasetStatus } from "#protocol/status";
import type { ServerClient } from "./client";

/** The latest status of every data set that the server has open. */
export class Statuses implements Disposable {
  readonly #latest = new Map<string, DatasetStatus>();
  readonly #changed = new EventEmitter<DatasetStatus>();
  readonly #subscriptions: readonly Disposable[];

  constructor(client: ServerClient) {
    this.#subscriptions = [
      client.onNotification(statusDidChange, (status) => {
        this.#latest.set(status.dataset, status);
        this.#changed.fire(status);
      }),
      client.onDidRestart(() => {
        this.#latest.clear();
      }),
    ];
  }

  get onDidChange(): Event<DatasetStatus> {
    return this.#changed.event;
  }

  /** The status of the data set that a file belongs to: its own, or that of the folder in BEIR form around it. */
  of(file: Uri): DatasetStatus | undefined {
    const uri = file.toString();
    const parent = uri.slice(0, uri.lastIndexOf("/"));
    const grandparent = parent.slice(0, parent.lastIndexOf("/"));
    return this.#latest.get(uri) ?? this.#latest.get(parent) ?? this.#latest.get(grandparent);
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
