import { datasetStatus, resumeWork, statusDidChange, stopWork, type DatasetStatus } from "#protocol/status";
import type { DatasetUri } from "#protocol/review";
import type { Failure } from "#protocol/outcome";
import type { Host } from "../host";
import { ask } from "./ask";

/** Where the data set stands: index, embedding, problems. The newest complete picture wins. */
export class StatusStore {
  current = $state.raw<DatasetStatus>();
  readonly #host: Host;
  #dataset: DatasetUri | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.channel.on(statusDidChange, (status) => {
      this.#take(status);
    });
  }

  /** Follows a data set from now on. */
  async follow(dataset: DatasetUri): Promise<void> {
    this.#dataset = dataset;
    const answer = await ask(this.#host, datasetStatus, { dataset });
    // A status that was pushed while the question was under way is newer than the answer to it.
    if (answer.ok && this.current === undefined) this.#take(answer.value);
  }

  async stop(onFailure: (failure: Failure) => void): Promise<void> {
    await this.#ask(stopWork, onFailure);
  }

  async resume(onFailure: (failure: Failure) => void): Promise<void> {
    await this.#ask(resumeWork, onFailure);
  }

  async #ask(type: typeof stopWork, onFailure: (failure: Failure) => void): Promise<void> {
    if (this.#dataset === undefined) return;
    const answer = await ask(this.#host, type, { dataset: this.#dataset });
    if (!answer.ok) onFailure(answer.failure);
  }

  #take(status: DatasetStatus): void {
    if (this.#dataset === undefined || status.dataset === this.#dataset) this.current = status;
  }
}
