import { beginAudit, curationDidChange, curationState, type CurationState } from "#protocol/curation";
import type { Failure } from "#protocol/outcome";
import { reviewDidChange, type DatasetUri } from "#protocol/review";
import type { Host } from "../host";
import { ask } from "./ask";
import { Rereading } from "./rereading";

/**
 * The curation view, and the counter of the audit in the header. The state is followed while the view is closed too, for the counter and
 * for what is left in the lanes; a failure is told of only where the view is open.
 */
export class CurationStore {
  open = $state(false);
  state = $state.raw<CurationState>();
  failure = $state.raw<{ readonly of: "state" | "action"; readonly failure: Failure }>();
  /** Whether the person is asked about a fresh audit, and whether it is being begun. */
  sure = $state(false);
  beginning = $state(false);
  /** Rises when the focus belongs on the view. */
  focusAsked = $state(0);
  readonly #host: Host;
  #dataset: DatasetUri = "";
  /** Whether the person has asked for the view or the lanes. Before that the counter alone is wanted, which must not start a search. */
  #isWanted = false;
  readonly #reading = new Rereading(() => this.#read());

  constructor(host: Host) {
    this.#host = host;
    host.channel.on(curationDidChange, ({ dataset }) => {
      if (dataset === this.#dataset) this.refresh();
    });
    host.channel.on(reviewDidChange, ({ dataset }) => {
      if (dataset === this.#dataset) this.refresh();
    });
  }

  /** Asks with all that it takes to know what is left in the lanes, from now on. */
  want(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.refresh();
  }

  /** Follows a data set from now on. */
  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
    this.refresh();
  }

  /** Opens the view, and puts the focus on it. */
  show(dataset: DatasetUri): void {
    this.focusAsked += 1;
    this.restore(dataset);
  }

  /** Opens the view as it was before a reload. */
  restore(dataset: DatasetUri): void {
    this.#dataset = dataset;
    if (this.open) return;
    this.open = true;
    this.#isWanted = true;
    this.refresh();
  }

  hide(): void {
    this.open = false;
    this.sure = false;
  }

  /** Asks anew. Requests that come while one is under way are one. */
  refresh(): void {
    this.#reading.request();
  }

  /** Ends the present audit by a fresh one; answers whether that was done. */
  async beginAudit(): Promise<boolean> {
    if (this.beginning) return false;
    this.beginning = true;
    const answer = await ask(this.#host, beginAudit, { dataset: this.#dataset });
    this.beginning = false;
    this.sure = false;
    if (answer.ok) this.#take(answer.value);
    this.failure = answer.ok ? undefined : { of: "action", failure: answer.failure };
    return answer.ok;
  }

  async #read(): Promise<void> {
    const answer = await ask(this.#host, curationState, { dataset: this.#dataset, ...(this.#isWanted ? {} : { quiet: true }) });
    if (answer.ok) this.#take(answer.value);
    else this.failure = { of: "state", failure: answer.failure };
  }

  #take(state: CurationState): void {
    this.state = state;
    if (this.failure?.of === "state") this.failure = undefined;
  }
}
