import { curationDidChange } from "#protocol/curation";
import { labellingDidAdvance } from "#protocol/labelling";
import { reviewDidChange, type Retrieval } from "#protocol/review";
import { samplerDidAdvance, type SettingEdit } from "#protocol/sampler";
import { statusDidChange, type DatasetStatus } from "#protocol/status";
import { trainingDidAdvance } from "#protocol/training";
import { fakeDataset } from "./fakeDataset";
import type { FakeServer } from "./fakeServer";
import type { ScriptedChannel } from "./scriptedChannel";

/** The scripted server at its end of the channel: what changes in it, with what it tells the panel unasked. */
export class FakeSession {
  readonly channel: ScriptedChannel;
  readonly server: FakeServer;

  constructor(channel: ScriptedChannel, server: FakeServer) {
    this.channel = channel;
    this.server = server;
  }

  /** Every query may look different from now on. */
  change(retrieval: Retrieval = this.server.retrieval): void {
    this.server.retrieval = retrieval;
    this.server.revision += 1;
    this.#tellReview();
  }

  /** Marks have changed; with them the revision has risen already. */
  tellMarks(): void {
    this.#tellReview();
    this.tellCuration();
  }

  tellCuration(): void {
    this.channel.notify(curationDidChange, { dataset: fakeDataset });
  }

  tellTraining(): void {
    this.channel.notify(trainingDidAdvance, this.server.training.status);
  }

  /** At the end of a run the cards have opinions. */
  tellLabelling(): void {
    const { status } = this.server.labelling;
    this.channel.notify(labellingDidAdvance, status);
    if (status.phase === "idle" && status.done > 0) this.change();
  }

  saveConfig(edits: readonly SettingEdit[]): void {
    this.server.saveConfig(edits);
    this.change();
  }

  /** How far the search for the whole file's candidates is. */
  mine(done: number, total: number): void {
    this.server.mining = done < total ? { done, total } : undefined;
    this.channel.notify(samplerDidAdvance, { dataset: fakeDataset, done, total });
    if (done >= total) this.tellCuration();
  }

  changeStatus(change: Partial<DatasetStatus>): void {
    const { server } = this;
    server.status = { ...server.status, ...change, revision: server.status.revision + 1 };
    this.channel.notify(statusDidChange, server.status);
  }

  #tellReview(): void {
    this.channel.notify(reviewDidChange, { dataset: fakeDataset, revision: this.server.revision });
  }
}
