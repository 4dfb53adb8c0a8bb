import { EventEmitter, workspace } from "vscode";
import type { Disposable, Event, Uri } from "vscode";
import type { Failure } from "#protocol/outcome";
import { datasetStatus, statusDidChange } from "#protocol/status";
import type { DatasetStatus } from "#protocol/status";
import type { ServerClient } from "./client";
import { datasetOf } from "./datasetUri";

/** The latest status of every data set that the person has looked at. */
export class Statuses implements Disposable {
  readonly #client: ServerClient;
  readonly #latest = new Map<string, DatasetStatus>();
  /** Files that have been asked about, and why they are no data sets, where that is so. */
  readonly #asked = new Map<string, Failure | undefined>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposable[];

  constructor(client: ServerClient) {
    this.#client = client;
    this.#subscriptions = [
      client.onNotification(statusDidChange, (status) => {
        this.#set(status);
      }),
      client.onDidRestart(() => {
        this.#latest.clear();
        this.#asked.clear();
        this.#changed.fire();
      }),
      // What was no data set may have become one.
      workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.#asked.get(uri.toString()) === undefined) return;
        this.#asked.delete(uri.toString());
        this.#changed.fire();
      }),
    ];
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The status of the data set that a file belongs to: its own, or that of the folder in BEIR form around it. */
  of(file: Uri): DatasetStatus | undefined {
    const uri = file.toString();
    const parent = uri.slice(0, uri.lastIndexOf("/"));
    const grandparent = parent.slice(0, parent.lastIndexOf("/"));
    return this.#latest.get(uri) ?? this.#latest.get(parent) ?? this.#latest.get(grandparent);
  }

  /** Why the server does not take a file for a data set; undefined also where it has not answered. */
  refusal(file: Uri): Failure | undefined {
    return this.#asked.get(file.toString());
  }

  /** Asks the server about a file that it has said nothing of, once. Reads the data set, and starts nothing. */
  async ask(file: Uri): Promise<void> {
    const key = file.toString();
    if (this.#asked.has(key)) return;
    this.#asked.set(key, undefined);
    const outcome = await this.#client.request(datasetStatus, { dataset: (await datasetOf(file)).toString() });
    if (outcome.ok) {
      this.#set(outcome.value);
    } else {
      this.#asked.set(key, outcome.failure);
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #set(status: DatasetStatus): void {
    this.#latest.set(status.dataset, status);
    this.#changed.fire();
  }
}
