import { showQuery } from "#protocol/review";
import { strings } from "../strings";
import { ask } from "./ask";
import type { Job, JobEnd } from "./commandQueue";
import type { Review } from "./review.svelte";
import { accept } from "./shownQuery";

/** Asks for the query on show again where it is older than what the server has. Requests that come while one waits its turn are one. */
export class Freshness {
  readonly #review: Review;
  readonly #enqueue: (job: Job) => void;
  #queued = false;
  /** The newest revision that was heard of. */
  #newest = 0;

  /** `enqueue` puts work that nobody pressed a key for behind what is under way. */
  constructor(review: Review, enqueue: (job: Job) => void) {
    this.#review = review;
    this.#enqueue = enqueue;
  }

  /** Asks again where the query is older than a revision. */
  want(revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (this.#queued) return;
    this.#queued = true;
    this.#enqueue(() => this.#ask());
  }

  async #ask(): Promise<JobEnd> {
    this.#queued = false;
    const { host, dataset, view } = this.#review;
    // The answer to a mark is often as new as the notification that came before it.
    if (view === undefined || view.revision >= this.#newest) return "done";
    this.#newest = 0;
    const answer = await ask(host, showQuery, { dataset, key: view.key, index: view.index });
    if (answer.ok) accept(this.#review, answer.value);
    else this.#review.report(strings.staleTitle, answer.failure, () => this.#review.refresh());
    return "done";
  }
}
