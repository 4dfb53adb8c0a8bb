import { planLabelling, type LabellingParams, type LabellingPlan, type LabellingPlanAnswer } from "#protocol/labelling";
import type { Failure } from "#protocol/outcome";
import type { Host } from "../host";
import { ask } from "./ask";
import type { MiningProgress } from "./miningProgress";

/** What a run would come to. There is one question under way at a time, and the next one is about the newest choice. */
export class LabellingPlanStore {
  plan = $state.raw<LabellingPlan>();
  /** While candidates of the whole file are searched for, which a plan needs. */
  mining = $state.raw<MiningProgress>();
  failure = $state.raw<Failure>();
  /** Whether the plan on show is of another choice than the one asked about. */
  stale = $state(false);
  readonly #host: Host;
  readonly #onPlan: (plan: LabellingPlan) => void;
  #wanted: LabellingParams | undefined;
  /** What the plan on show is of. */
  #planned: LabellingParams | undefined;
  /** What the question under way is about. */
  #asked: LabellingParams | undefined;
  #working = false;
  /** Rises when answers under way are no longer wanted. */
  #generation = 0;

  constructor(host: Host, onPlan: (plan: LabellingPlan) => void) {
    this.#host = host;
    this.#onPlan = onPlan;
  }

  /** Asks for the plan of a choice. The one on show stays until it is there, and counts on where it is of the same choice. */
  want(params: LabellingParams): void {
    this.#wanted = params;
    if (this.#planned === undefined || !isSame(params, this.#planned)) this.stale = true;
    void this.#work();
  }

  /** Whether the plan on show, or the one asked for, is of a choice. */
  isOf(params: LabellingParams): boolean {
    const newest = this.#wanted ?? this.#asked ?? this.#planned;
    return newest !== undefined && isSame(params, newest);
  }

  /** There is nothing to plan. */
  clear(): void {
    this.#generation += 1;
    this.#wanted = undefined;
    this.#asked = undefined;
    this.#planned = undefined;
    this.plan = undefined;
    this.mining = undefined;
    this.failure = undefined;
    this.stale = false;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let params = this.#next(); params !== undefined; params = this.#next()) {
      const generation = this.#generation;
      this.#asked = params;
      const answer = await ask(this.#host, planLabelling, params);
      this.#asked = undefined;
      // What was asked before the last choice is not about what the person sees.
      if (generation !== this.#generation || this.#wanted !== undefined) continue;
      if (answer.ok) this.#take(answer.value, params);
      else this.#fail(answer.failure);
    }
    this.#working = false;
  }

  #next(): LabellingParams | undefined {
    const params = this.#wanted;
    this.#wanted = undefined;
    return params;
  }

  #take(answer: LabellingPlanAnswer, params: LabellingParams): void {
    this.failure = undefined;
    if (answer.kind === "mining") {
      this.stale = true;
      this.mining = { done: answer.done, total: answer.total };
      return;
    }
    this.mining = undefined;
    this.stale = false;
    this.#planned = params;
    this.plan = answer.plan;
    this.#onPlan(answer.plan);
  }

  #fail(failure: Failure): void {
    this.#planned = undefined;
    this.plan = undefined;
    this.mining = undefined;
    this.stale = false;
    this.failure = failure;
  }
}

function isSame(one: LabellingParams, other: LabellingParams): boolean {
  const isModel = (a = one.model, b = other.model): boolean => a.provider === b.provider && a.id === b.id;
  const confirming =
    one.confirmWith === undefined || other.confirmWith === undefined
      ? one.confirmWith === other.confirmWith
      : isModel(one.confirmWith, other.confirmWith);
  return one.dataset === other.dataset && one.task === other.task && one.queries === other.queries && isModel() && confirming;
}
