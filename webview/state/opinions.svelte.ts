import type { ChatModelRef } from "#protocol/chat";
import { pickChatModel } from "#protocol/host";
import {
  labellingDidAdvance,
  labellingState,
  pauseLabelling,
  resumeLabelling,
  startLabelling,
  stopLabelling,
  type LabellingOutcome,
  type LabellingParams,
  type LabellingState,
  type LabellingStatus,
  type LabellingTask,
} from "#protocol/labelling";
import type { Failure } from "#protocol/outcome";
import { reviewDidChange, type DatasetUri } from "#protocol/review";
import { samplerDidAdvance } from "#protocol/sampler";
import type { Host } from "../host";
import { opinionStrings as words } from "../opinionStrings";
import { ask, tell } from "./ask";
import { LabellingPlanStore } from "./labellingPlan.svelte";
import { Rereading } from "./rereading";
import type { OpinionChoice } from "./saved";
import type { SeenOpinions } from "./seenOpinions";
import { spokenLabelling, type SpokenLabelling } from "./spokenLabelling";

/** What the view tells the rest of the panel. */
export interface OpinionListener {
  readonly say: (text: string) => void;
  readonly seen: SeenOpinions;
}

/**
 * The view of second opinions: what to ask of whom, what that comes to, the run under way and what was found so far. A run's course is
 * followed while the view is closed too; everything else is asked for only while it is open.
 */
export class OpinionStore {
  open = $state(false);
  state = $state.raw<LabellingState>();
  /** The newest word on the run under way, or on the last one. */
  status = $state.raw<LabellingStatus>();
  /** What cannot be shown, or was refused. */
  failure = $state.raw<{ readonly of: "state" | "action"; readonly failure: Failure }>();
  task = $state<LabellingTask>("judge");
  model = $state.raw<ChatModelRef>();
  confirmWith = $state.raw<ChatModelRef>();
  /** The number of queries that the person has chosen; undefined for that of the config. */
  wantedQueries = $state<number>();
  /** What was asked for and is not answered. */
  picking = $state(false);
  starting = $state(false);
  steering = $state(false);
  /** Rises when the focus belongs on the view. */
  focusAsked = $state(0);
  /** Whether a run has just ended whose outcome is not in sight yet. */
  hasNews = $state(false);
  /** For screen readers: a new plan, and the course of a run every few seconds. */
  spoken = $state("");
  readonly planning: LabellingPlanStore;
  readonly queries = $derived.by(() => this.wantedQueries ?? this.state?.queries);
  readonly running = $derived.by(() => this.status !== undefined && this.status.phase !== "idle");
  readonly outcome = $derived.by(() => (this.running ? undefined : this.state?.outcome));
  readonly #host: Host;
  readonly #listener: OpinionListener;
  #dataset: DatasetUri = "";
  #lastSpoken: SpokenLabelling | undefined;
  /** Whether something has changed since the plan was made. */
  #isPlanOld = false;
  /** Whether a run has ended whose outcome is not said yet. */
  #hasEnded = false;
  readonly #reading = new Rereading(
    () => this.#read(),
    () => this.open,
  );

  constructor(host: Host, listener: OpinionListener) {
    this.#host = host;
    this.#listener = listener;
    this.planning = new LabellingPlanStore(host, (plan) => {
      this.spoken = words.spokenPlan(plan);
    });
    host.channel.on(labellingDidAdvance, (status) => {
      if (status.dataset === this.#dataset) this.#take(status);
    });
    host.channel.on(reviewDidChange, ({ dataset }) => {
      if (!this.open || dataset !== this.#dataset) return;
      this.#isPlanOld = true;
      this.refresh();
    });
    host.channel.on(samplerDidAdvance, ({ dataset, done, total }) => {
      if (!this.open || dataset !== this.#dataset || this.planning.mining === undefined) return;
      this.planning.mining = { done, total };
      this.replan();
    });
  }

  /** Follows the runs of a data set from now on. */
  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
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
    this.#isPlanOld = true;
    this.refresh();
  }

  hide(): void {
    this.open = false;
  }

  /** What survives a reload. */
  get choice(): OpinionChoice {
    const { task, model, confirmWith, wantedQueries: queries } = this;
    return {
      task,
      ...(model === undefined ? {} : { model }),
      ...(confirmWith === undefined ? {} : { confirmWith }),
      ...(queries === undefined ? {} : { queries }),
    };
  }

  set choice({ task, model, confirmWith, queries }: OpinionChoice) {
    this.task = task;
    this.model = model;
    this.confirmWith = confirmWith;
    this.wantedQueries = queries;
  }

  choose(change: Partial<OpinionChoice>): void {
    this.choice = { ...this.choice, ...change };
    this.replan();
  }

  /** Judges with one model alone. */
  forgetConfirming(): void {
    this.confirmWith = undefined;
    this.replan();
  }

  /** Has the person choose a model; where nothing is chosen, all stays as it is. */
  async pick(purpose: "ask" | "confirm"): Promise<void> {
    if (this.picking) return;
    this.picking = true;
    let refused: Failure | undefined;
    const answer = await tell(this.#host, pickChatModel, { dataset: this.#dataset, purpose }, (failure) => {
      refused = failure;
    });
    this.picking = false;
    this.failure = refused === undefined ? undefined : { of: "action", failure: refused };
    const model = answer?.model ?? undefined;
    if (model !== undefined) this.choose(purpose === "ask" ? { model } : { confirmWith: model });
  }

  /** Asks for the newest of what was chosen. Nothing is planned while a run is under way. */
  replan(): void {
    const order = this.#order(this.task);
    this.#isPlanOld = false;
    if (order === undefined || this.running) this.planning.clear();
    else if (this.open) this.planning.want(order);
  }

  /** The person turns to the view. A plan costs the server a look at every question, so that it is not made anew with each mark beside it. */
  turnTo(): void {
    if (this.#isPlanOld) this.replan();
  }

  /** Asks how everything stands anew. Requests that come while one is under way are one. */
  refresh(): void {
    this.#reading.request();
  }

  /** Starts a run, or one over three queries that keeps nothing; answers whether it has begun. */
  async start(dryRun: boolean): Promise<boolean> {
    return await this.#start(this.#order(this.task), dryRun);
  }

  /** Starts a run over what a stopped one has left, and nothing more. */
  async goOn({ task, left }: LabellingOutcome): Promise<boolean> {
    const order = this.#order(task);
    return await this.#start(order && { ...order, queries: left }, false);
  }

  async #start(order: LabellingParams | undefined, dryRun: boolean): Promise<boolean> {
    if (order === undefined || this.starting) return false;
    this.starting = true;
    const answer = await ask(this.#host, startLabelling, { ...order, dryRun });
    this.starting = false;
    this.#answered(answer.ok ? undefined : answer.failure);
    return answer.ok;
  }

  pause(): Promise<boolean> {
    return this.#steer(pauseLabelling);
  }

  resume(): Promise<boolean> {
    return this.#steer(resumeLabelling);
  }

  stop(): Promise<boolean> {
    return this.#steer(stopLabelling);
  }

  async #steer(type: typeof pauseLabelling): Promise<boolean> {
    if (this.steering) return false;
    this.steering = true;
    const answer = await ask(this.#host, type, { dataset: this.#dataset });
    this.steering = false;
    this.#answered(answer.ok ? undefined : answer.failure);
    return answer.ok;
  }

  #order(task: LabellingTask): LabellingParams | undefined {
    const { model, confirmWith, queries } = this;
    if (model === undefined || queries === undefined) return undefined;
    const confirming = task === "judge" && confirmWith !== undefined ? { confirmWith: $state.snapshot(confirmWith) } : {};
    return { dataset: this.#dataset, task, model: $state.snapshot(model), ...confirming, queries };
  }

  /** Something was refused, or nothing was: how it stands is asked for in either case. */
  #answered(failure: Failure | undefined): void {
    this.failure = failure === undefined ? undefined : { of: "action", failure };
    this.refresh();
  }

  async #read(): Promise<void> {
    const answer = await ask(this.#host, labellingState, { dataset: this.#dataset });
    if (answer.ok) this.#takeState(answer.value);
    else this.failure = { of: "state", failure: answer.failure };
  }

  #takeState(state: LabellingState): void {
    if (this.failure?.of === "state") this.failure = undefined;
    this.state = state;
    this.#take(state.status);
    const { outcome } = this;
    if (outcome !== undefined) this.#listener.seen.addOutcome(outcome);
    if (outcome !== undefined && this.#hasEnded) {
      this.#hasEnded = false;
      this.hasNews = true;
      this.#listener.say(outcome.text);
    }
    const order = this.#order(this.task);
    if (order === undefined || this.running || !this.planning.isOf(order)) this.replan();
  }

  #take(status: LabellingStatus): void {
    const before = this.status;
    const wasRunning = this.running;
    this.status = status;
    const isRunning = status.phase !== "idle";
    if (!wasRunning && isRunning) this.planning.clear();
    this.#speak(status);
    if (wasRunning && !isRunning) {
      this.#hasEnded = this.open;
      if (!this.open) this.#listener.say(words.saidEnded);
    }
    if (before !== undefined && before.phase !== status.phase && this.open) this.refresh();
  }

  #speak(status: LabellingStatus): void {
    const spoken = spokenLabelling(status, this.#lastSpoken);
    if (spoken === undefined) return;
    this.#lastSpoken = spoken;
    this.spoken = spoken.text;
  }
}
