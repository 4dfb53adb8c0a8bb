import { reviewConfigChange } from "#protocol/host";
import type { Failure } from "#protocol/outcome";
import { reviewDidChange, type DatasetUri } from "#protocol/review";
import type { SettingEdit } from "#protocol/sampler";
import {
  startTraining,
  stopTraining,
  trainingDidAdvance,
  trainingState,
  type TrainingRunView,
  type TrainingState,
  type TrainingStatus,
} from "#protocol/training";
import type { Host } from "../host";
import { ask, tell } from "./ask";
import { Rereading } from "./rereading";
import { RoundComparisonStore } from "./roundComparison.svelte";
import { spokenStatus, type Spoken } from "./spokenStatus";

/**
 * The training view: the run under way, the runs there were, and the adapter in use. A run's course is followed while the view is closed
 * too, so that the panel can tell of it; everything else is asked for only while it is open.
 */
export class TrainingStore {
  open = $state(false);
  state = $state.raw<TrainingState>();
  /** The newest word on the run under way, or on none. */
  status = $state.raw<TrainingStatus>();
  /** What cannot be shown, or was refused. */
  failure = $state.raw<{ readonly of: "state" | "action"; readonly failure: Failure }>();
  /** What was asked for and is not answered. A start is answered when all vectors are there, so that it can be stopped before. */
  starting = $state(false);
  stopping = $state(false);
  adopting = $state(false);
  /** The adapter that was in use before the present one, as far as this panel has seen. */
  adapterBefore = $state<string>();
  /** Rises when the focus belongs on the view. */
  focusAsked = $state(0);
  /** For screen readers: changes every few seconds at most. */
  spoken = $state("");
  readonly comparison: RoundComparisonStore;
  readonly running = $derived.by(() => this.status !== undefined && this.status.phase !== "idle");
  readonly adapterInUse = $derived.by(() => this.state?.adapterInUse);
  /** Where one can go back to: an adapter that is still there. */
  readonly goBackTo = $derived.by(() =>
    this.adapterBefore !== this.adapterInUse && this.state?.runs.some(({ adapter }) => adapter === this.adapterBefore) === true
      ? this.adapterBefore
      : undefined,
  );
  /** The newest run that can go on, where none is under way. */
  readonly resumable: TrainingRunView | undefined = $derived.by(() =>
    this.running ? undefined : this.state?.runs.find(({ canResume, state }) => canResume && state !== "running"),
  );
  readonly #host: Host;
  readonly #onEnded: () => void;
  #dataset: DatasetUri = "";
  #lastSpoken: Spoken | undefined;
  /** How often a stop was asked for. */
  #stops = 0;
  readonly #reading = new Rereading(
    () => this.#read(),
    () => this.open,
  );

  /** `onEnded` is called when a run ends while the view is closed. */
  constructor(host: Host, onEnded: () => void) {
    this.#host = host;
    this.#onEnded = onEnded;
    this.comparison = new RoundComparisonStore(host);
    host.channel.on(trainingDidAdvance, (status) => {
      if (status.dataset === this.#dataset) this.#take(status);
    });
    host.channel.on(reviewDidChange, ({ dataset }) => {
      if (this.open && dataset === this.#dataset) this.refresh();
    });
  }

  /** Follows the runs of a data set from now on. */
  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
    this.comparison.follow(dataset);
  }

  /** Opens the view, and puts the focus on it. */
  show(dataset: DatasetUri): void {
    this.focusAsked += 1;
    this.restore(dataset);
  }

  /** Opens the view as it was before a reload. */
  restore(dataset: DatasetUri): void {
    this.follow(dataset);
    if (this.open) return;
    this.open = true;
    this.refresh();
    this.comparison.refresh();
  }

  hide(): void {
    this.open = false;
  }

  /** Asks for the runs anew. Requests that come while one is under way are one. */
  refresh(): void {
    this.#reading.request();
  }

  /** Starts a run, or goes on with one; answers its name, or undefined where that was refused. */
  async start(resume?: string): Promise<string | undefined> {
    if (this.starting) return undefined;
    this.starting = true;
    const stops = this.#stops;
    const params = resume === undefined ? { dataset: this.#dataset } : { dataset: this.#dataset, resume };
    const answer = await ask(this.#host, startTraining, params);
    this.starting = false;
    // That a run did not begin is no failure where the person has stopped it.
    this.#answered(answer.ok || this.#stops > stops ? undefined : answer.failure);
    return answer.ok ? answer.value.run : undefined;
  }

  /** Ends the run after the step it is at; answers whether the server has taken it. */
  async stop(): Promise<boolean> {
    if (this.stopping) return false;
    this.stopping = true;
    this.#stops += 1;
    const answer = await ask(this.#host, stopTraining, { dataset: this.#dataset });
    this.stopping = false;
    this.#answered(answer.ok ? undefined : answer.failure);
    return answer.ok;
  }

  /** Shows the change to another adapter, or to none, as a diff of the config; answers whether the person accepted it. */
  async adopt(adapter: string | null): Promise<boolean> {
    if (this.adopting) return false;
    this.adopting = true;
    let refused: Failure | undefined;
    const edits: readonly SettingEdit[] = [{ path: ["model", "adapter"], value: adapter }];
    const answer = await tell(this.#host, reviewConfigChange, { dataset: this.#dataset, edits }, (failure) => {
      refused = failure;
    });
    this.adopting = false;
    this.#answered(refused);
    return answer?.accepted === true;
  }

  /** Something was refused, or nothing was: the runs are asked for in either case. */
  #answered(failure: Failure | undefined): void {
    this.failure = failure === undefined ? undefined : { of: "action", failure };
    this.refresh();
  }

  async #read(): Promise<void> {
    const answer = await ask(this.#host, trainingState, { dataset: this.#dataset });
    if (answer.ok) this.#takeState(answer.value);
    else this.failure = { of: "state", failure: answer.failure };
  }

  #takeState(state: TrainingState): void {
    if (this.failure?.of === "state") this.failure = undefined;
    const before = this.state?.adapterInUse;
    if (before !== undefined && before !== state.adapterInUse) this.adapterBefore = before;
    this.state = state;
    this.#take(state.status);
    this.comparison.offer(state.runs);
  }

  #take(status: TrainingStatus): void {
    const before = this.status;
    const wasRunning = this.running;
    this.status = status;
    if (wasRunning && status.phase === "idle" && !this.open) this.#onEnded();
    this.#speak(status);
    const advanced = before !== undefined && (before.run !== status.run || before.round !== status.round || before.phase !== status.phase);
    if (advanced && this.open) this.refresh();
  }

  #speak(status: TrainingStatus): void {
    const spoken = spokenStatus(status, this.#lastSpoken);
    if (spoken === undefined) return;
    this.#lastSpoken = spoken;
    this.spoken = spoken.text;
  }
}
