import { reviewConfigChange } from "#protocol/host";
import type { Failure } from "#protocol/outcome";
import type { DatasetUri } from "#protocol/review";
import { proposeSampler, type SamplerProposal } from "#protocol/sampler";
import type { Host } from "../host";
import { ask, tell } from "./ask";

/** The sampler change that the marks speak for, until the person takes it or puts it aside. */
export class ProposalStore {
  /** What was put aside with "Not now": not offered again until the proposal is another one. */
  putAside = $state<string>();
  readonly offer = $derived.by(() =>
    this.#proposal !== undefined && nameOf(this.#proposal) !== this.putAside ? this.#proposal : undefined,
  );
  #proposal = $state.raw<SamplerProposal>();
  readonly #host: Host;
  #asking = false;
  #askAgain = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Asks for a proposal. While a question is open, further ones become a single one after its answer. */
  async refresh(dataset: DatasetUri): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#askAgain) {
      this.#askAgain = false;
      const answer = await ask(this.#host, proposeSampler, { dataset });
      // No proposal is what a failure means here: the offer is a service, not something the person asked for.
      this.#proposal = answer.ok ? answer.value.proposal : undefined;
    }
    this.#asking = false;
  }

  /** Opens the diff; answers whether the person accepted it. */
  async show(dataset: DatasetUri, onFailure: (failure: Failure) => void): Promise<boolean> {
    const answer = await tell(this.#host, reviewConfigChange, { dataset }, onFailure);
    if (answer?.accepted === true) this.#proposal = undefined;
    return answer?.accepted === true;
  }

  notNow(): void {
    if (this.#proposal !== undefined) this.putAside = nameOf(this.#proposal);
  }
}

function nameOf({ parameter, from, to }: SamplerProposal): string {
  return `${parameter}: ${String(from)} to ${String(to)}`;
}
