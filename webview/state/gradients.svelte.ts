import { gradientReport, type GradientAnswer, type GradientReport } from "#protocol/gradients";
import { reviewConfigChange } from "#protocol/host";
import type { Failure } from "#protocol/outcome";
import { reviewDidChange, type DatasetUri } from "#protocol/review";
import { samplerDidAdvance } from "#protocol/sampler";
import type { Host } from "../host";
import { ask, tell } from "./ask";
import type { MiningProgress } from "./miningProgress";
import { Rereading } from "./rereading";

/**
 * The gradients view: the report of the whole file at the temperature that the person tries. It asks for nothing while it is closed.
 * While it is open there is one question under way at a time, and the next one carries the newest temperature.
 */
export class GradientStore {
  open = $state(false);
  /** The tau that the person tries; undefined for the configuration's. */
  temperature = $state<number>();
  report = $state.raw<GradientReport>();
  mining = $state.raw<MiningProgress>();
  failure = $state.raw<Failure>();
  /** Whether the diff of the temperature is on show. */
  saving = $state(false);
  /** Rises when the focus belongs on the view. */
  focusAsked = $state(0);
  /** What the control stands at; undefined before the first report has said what the configuration has. */
  readonly shown = $derived(this.temperature ?? this.report?.savedTemperature);
  readonly edited = $derived(this.temperature !== undefined && this.temperature !== this.report?.savedTemperature);
  /** Whether the figures on show are of another temperature or an older state than the one asked about. */
  readonly stale = $derived.by(() => this.#waiting || this.mining !== undefined || this.failure !== undefined);
  #waiting = $state(false);
  readonly #host: Host;
  #dataset: DatasetUri = "";
  readonly #reading = new Rereading(
    () => this.#read(),
    () => this.open,
  );
  /** Rises when answers under way are no longer wanted. */
  #generation = 0;

  constructor(host: Host) {
    this.#host = host;
    host.channel.on(reviewDidChange, ({ dataset, revision }) => {
      if (this.open && dataset === this.#dataset && revision !== this.report?.revision) this.refresh();
    });
    host.channel.on(samplerDidAdvance, ({ dataset, done, total }) => {
      if (!this.open || dataset !== this.#dataset || this.mining === undefined) return;
      this.mining = { done, total };
      this.#want();
    });
  }

  /** Opens the view of a data set, and puts the focus on it. */
  show(dataset: DatasetUri): void {
    this.focusAsked += 1;
    this.restore(dataset, this.temperature);
  }

  /** Opens the view as it was before a reload. */
  restore(dataset: DatasetUri, temperature: number | undefined): void {
    this.#dataset = dataset;
    this.temperature = temperature;
    if (this.open) return;
    this.open = true;
    this.refresh();
  }

  hide(): void {
    this.open = false;
    this.#generation += 1;
    this.mining = undefined;
  }

  /** Asks anew. */
  refresh(): void {
    this.#generation += 1;
    this.#want();
  }

  /** Tries a temperature. One that is not above 0 is the server's to refuse, in words. */
  set(temperature: number): void {
    this.temperature = temperature;
    this.#want();
  }

  /** Goes back to the configuration's temperature. */
  reset(): void {
    if (this.temperature === undefined) return;
    this.temperature = undefined;
    this.#want();
  }

  /** Shows the temperature as a diff of the config file; answers whether the person accepted it. Nothing is written otherwise. */
  async save(onFailure: (failure: Failure) => void): Promise<boolean> {
    if (this.temperature === undefined) return false;
    this.saving = true;
    const edits = [{ path: ["training", "temperature"], value: this.temperature }];
    const answer = await tell(this.#host, reviewConfigChange, { dataset: this.#dataset, edits }, onFailure);
    this.saving = false;
    return answer?.accepted === true;
  }

  #want(): void {
    this.#waiting = true;
    this.#reading.request();
  }

  async #read(): Promise<void> {
    const [generation, temperature] = [this.#generation, this.temperature];
    const params = { dataset: this.#dataset, ...(temperature === undefined ? {} : { temperature }) };
    const answer = await ask(this.#host, gradientReport, params);
    if (generation !== this.#generation) return;
    const newest = !this.#reading.isDue;
    if (newest) this.#waiting = false;
    if (answer.ok) this.#take(answer.value);
    // An answer to what was asked before the last move is not about what the person sees.
    else if (newest) this.failure = answer.failure;
  }

  #take(answer: GradientAnswer): void {
    this.failure = undefined;
    if (answer.kind === "mining") {
      this.mining = { done: answer.done, total: answer.total };
      return;
    }
    this.mining = undefined;
    this.report = answer.report;
    if (this.temperature === answer.report.savedTemperature) this.temperature = undefined;
  }
}
