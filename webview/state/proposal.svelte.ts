import { reviewConfigChange } from "#protocol/host";
import type { Failure } from "#protocol/outcome";
import type { DatasetUri } from "#protocol/review";
import { proposeSampler, samplerDidAdvance, type SamplerProposal } from "#protocol/sampler";
import type { Host } from "../host";
import { ask, tell } from "./ask";
import type { MiningProgress } from "./miningProgress";

/** The changes of the sampler that the marks speak for, and why there are no more. */
export class ProposalStore {
  /** The most trusted first. */
  proposals = $state.raw<readonly SamplerProposal[]>([]);
  why = $state<string>();
  /** Why the tests could not be made. */
  failure = $state.raw<Failure>();
  /** How far the search is that the proposals wait for. */
  mining = $state.raw<MiningProgress>();
  /** Names what was put aside with "Not now": not offered again until the proposals are others. */
  putAside = $state<string>();
  /** Whether the list of them is open in the sampler view. */
  listOpen = $state(true);
  /** The proposal that stands above the candidates, until the person takes it or puts it aside. */
  readonly offer = $derived.by(() => (namesOf(this.proposals) === this.putAside ? undefined : this.proposals[0]));
  readonly #host: Host;
  #dataset: DatasetUri = "";
  #asking: Promise<void> | undefined;
  #askAgain = false;
  #fresh = false;

  constructor(host: Host) {
    this.#host = host;
    host.channel.on(samplerDidAdvance, ({ dataset, done, total }) => {
      if (this.mining === undefined || dataset !== this.#dataset) return;
      this.mining = { done, total };
      if (done >= total) void this.refresh(dataset);
    });
  }

  /**
   * Asks for the proposals. While a question is open, further ones become a single one after its answer.
   *
   * @param fresh has the tests made again also after few marks
   */
  refresh(dataset: DatasetUri, fresh = false): Promise<void> {
    this.#dataset = dataset;
    this.#askAgain = true;
    this.#fresh ||= fresh;
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** The change of the same setting that the newest marks speak for, perhaps to another value; undefined where they speak for none. */
  async renewed({ position, parameter }: SamplerProposal, dataset: DatasetUri): Promise<SamplerProposal | undefined> {
    await this.refresh(dataset, true);
    return this.proposals.find((now) => now.position === position && now.parameter === parameter);
  }

  /** Opens the diff of a proposal; answers whether the person accepted it. */
  async show({ edits }: SamplerProposal, dataset: DatasetUri, onFailure: (failure: Failure) => void): Promise<boolean> {
    const answer = await tell(this.#host, reviewConfigChange, { dataset, edits }, onFailure);
    if (answer?.accepted !== true) return false;
    // They were for the settings of before.
    this.proposals = [];
    this.why = undefined;
    return true;
  }

  notNow(): void {
    this.putAside = namesOf(this.proposals);
  }

  async #ask(): Promise<void> {
    try {
      while (this.#askAgain) {
        const params = this.#fresh ? { dataset: this.#dataset, fresh: true } : { dataset: this.#dataset };
        this.#askAgain = false;
        this.#fresh = false;
        const answer = await ask(this.#host, proposeSampler, params);
        // No proposal is what a failure means above the candidates: the offer is a service. The sampler view says why.
        this.proposals = answer.ok ? answer.value.proposals : [];
        this.why = answer.ok ? answer.value.why : answer.failure.message;
        this.mining = answer.ok ? answer.value.mining : undefined;
        this.failure = answer.ok ? undefined : answer.failure;
      }
    } finally {
      // In the same step as the last look at what is wanted, so that no request can come between.
      this.#asking = undefined;
    }
  }
}

function namesOf(proposals: readonly SamplerProposal[]): string {
  return proposals.map(({ position, parameter, from, to }) => `${String(position)} ${parameter}: ${from} to ${to}`).join("; ");
}
