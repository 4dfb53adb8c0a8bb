import type { Failure } from "#protocol/outcome";
import type { DatasetUri } from "#protocol/review";
import { compareRounds, type CompareRoundsParams, type RoundComparison, type TrainingRunView } from "#protocol/training";
import type { Host } from "../host";
import { ask } from "./ask";

/** Two rounds of a run side by side: which queries' negatives differ, and what happened to one query. */
export class RoundComparisonStore {
  /** The run whose rounds are compared; undefined while nothing is. */
  run = $state<string>();
  from = $state(1);
  to = $state(2);
  answer = $state.raw<RoundComparison>();
  failure = $state.raw<Failure>();
  asking = $state(false);
  /** Whether it was opened just now and belongs into view: as the question was asked, and again as the answer came. */
  opened = $state<"asked" | "answered">();
  readonly #host: Host;
  #dataset: DatasetUri = "";
  /** Rises with every question; only the answer to the newest one counts. */
  #question = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
  }

  /** Compares the last two rounds of a run. */
  show(run: TrainingRunView): void {
    const last = run.rounds.at(-1)?.round ?? 1;
    this.run = run.name;
    this.answer = undefined;
    this.choose(Math.max(1, last - 1), last);
    this.opened = "asked";
  }

  /** It has been brought into view. */
  inView(): void {
    this.opened = undefined;
  }

  close(): void {
    this.run = undefined;
    this.answer = undefined;
    this.failure = undefined;
    this.#question += 1;
    this.asking = false;
  }

  /** Chooses the rounds. The same one twice is no question. */
  choose(from: number, to: number): void {
    this.from = from;
    this.to = to;
    if (from === to) {
      this.answer = undefined;
      this.#question += 1;
      this.asking = false;
    } else void this.#ask();
  }

  /** Asks again for what is on show: verdicts may have been given meanwhile. */
  refresh(): void {
    if (this.run !== undefined && this.from !== this.to) void this.#ask(this.answer?.query?.query);
  }

  /** Shows the changes of one query, by its position. */
  showQuery(query: number): void {
    void this.#ask(query);
  }

  /** Closes the comparison of a run that is not there any more. */
  offer(runs: readonly TrainingRunView[]): void {
    if (this.run !== undefined && !runs.some(({ name }) => name === this.run)) this.close();
  }

  async #ask(query?: number): Promise<void> {
    const { run, from, to } = this;
    if (run === undefined) return;
    this.#question += 1;
    const question = this.#question;
    this.asking = true;
    const params: CompareRoundsParams = { dataset: this.#dataset, run, from, to };
    const answer = await ask(this.#host, compareRounds, query === undefined ? params : { ...params, query });
    if (question !== this.#question) return;
    this.asking = false;
    this.failure = answer.ok ? undefined : answer.failure;
    if (!answer.ok) return;
    if (this.answer === undefined) this.opened = "answered";
    this.answer = answer.value;
  }
}
