import { Channel, type Port } from "#protocol/channel";
import type { Outcome } from "#protocol/outcome";
import type { NotificationType, RequestType } from "#protocol/rpc";
import { failed } from "./failures";

/** A request of the panel, as it came. */
export interface LoggedRequest {
  readonly method: string;
  readonly params: unknown;
}

/** The other end of the panel's channel: it keeps a log of the requests, and lets a test hold answers back or have them fail. */
export class ScriptedChannel {
  readonly #log: LoggedRequest[] = [];
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #failures = new Map<string, ReturnType<typeof failed>>();
  readonly #held = new Map<string, (() => void)[]>();
  readonly #channel = new Channel(this.#port());

  /** Every request so far. */
  get log(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** Takes a message that the panel posted. */
  receive(message: unknown): void {
    for (const listener of this.#listeners) listener(message);
  }

  notify<Params>(type: NotificationType<Params>, params: Params): void {
    this.#channel.notify(type, params);
  }

  /** Answers requests to the server, each of which may fail. */
  answer<Params, Value>(type: RequestType<Params, Outcome<Value>>, answer: (params: Params) => Outcome<Value>): void {
    this.answerBare(type, (params) => {
      const failure = this.#failures.get(type.method);
      this.#failures.delete(type.method);
      return failure ?? answer(params);
    });
  }

  /** Answers requests to the extension itself, which gives bare values. */
  answerBare<Params, Answer>(type: RequestType<Params, Answer>, answer: (params: Params) => Answer): void {
    this.#channel.handle(type, async (params: Params) => {
      this.#log.push({ method: type.method, params });
      const waiting = this.#held.get(type.method);
      if (waiting !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(params);
    });
  }

  /** The next answer to a method is this failure. */
  failNext(method: string, message: string, nextStep: string): void {
    this.#failures.set(method, failed("disk", message, nextStep));
  }

  /** From now on answers to a method wait, until `release` lets them go in order. */
  hold(method: string): void {
    this.#held.set(method, []);
  }

  release(method: string): void {
    const waiting = this.#held.get(method) ?? [];
    this.#held.delete(method);
    for (const go of waiting) go();
  }

  #port(): Port {
    return {
      post: (message) => {
        window.postMessage(structuredClone(message), "*");
      },
      onMessage: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}
