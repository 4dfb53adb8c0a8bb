import type { ChatAnswer, ChatModel, ChatRequest, Prices } from "../chat/chat";
import { costOf } from "../chat/tokenEstimate";
import type { Cancellation } from "../util/cancellation";
import type { Failure, FailureReason } from "../util/failure";
import { err } from "../util/result";
import type { Result } from "../util/result";
import type { ModelInUse } from "./labellingOrder";
import type { QuestionGate } from "./questionGate";

/** After these no question would fare better: the model is not there for this person, or asks too much of its patience. */
const ENDING: ReadonlySet<FailureReason> = new Set(["no-permission", "not-found", "rate-limited", "unreachable", "refused", "cancelled"]);

export interface MeterPorts {
  readonly gate: QuestionGate;
  /** Told when a count changed. */
  readonly counted: () => void;
  /** Told of a failure after which asking on is no use, also where it is that the run was stopped. */
  readonly ended: (failure: Failure) => void;
}

/** A model whose questions are let through a few at a time and counted with what they cost. */
export class MeteredChat implements ChatModel {
  readonly #chat: ChatModel;
  readonly #prices: Prices | undefined;
  readonly #ports: MeterPorts;
  #calls = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #cost: number | undefined;

  constructor({ chat, prices }: ModelInUse, ports: MeterPorts) {
    this.#chat = chat;
    this.#prices = prices;
    this.#cost = prices === undefined ? undefined : 0;
    this.#ports = ports;
  }

  /** Questions that were asked, those that failed among them. */
  get calls(): number {
    return this.#calls;
  }

  get inputTokens(): number {
    return this.#inputTokens;
  }

  get outputTokens(): number {
    return this.#outputTokens;
  }

  /** Undefined where there are no prices. */
  get cost(): number | undefined {
    return this.#cost;
  }

  async ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const { gate, counted, ended } = this.#ports;
    await gate.enter();
    try {
      if (cancellation.requested) return err({ reason: "cancelled", message: "The run was stopped." });
      this.#calls += 1;
      counted();
      const answer = await this.#chat.ask(request, cancellation);
      if (answer.ok) this.#count(answer.value);
      else if (ENDING.has(answer.failure.reason)) ended(answer.failure);
      return answer;
    } finally {
      gate.leave();
    }
  }

  #count({ usage }: ChatAnswer): void {
    this.#inputTokens += usage.inputTokens;
    this.#outputTokens += usage.outputTokens;
    const cost = costOf(usage, this.#prices);
    if (cost !== undefined) this.#cost = (this.#cost ?? 0) + cost;
    this.#ports.counted();
  }
}
