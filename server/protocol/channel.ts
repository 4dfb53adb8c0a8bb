import type { NotificationType, RequestType } from "./rpc";

/** One end of a connection: a webview, a panel, a worker. Messages arrive in the order in which they were posted. */
export interface Port {
  post(message: unknown): void;
  /** Calls the listener for every message that arrives; answers a function that ends this. */
  onMessage(listener: (message: unknown) => void): () => void;
}

/** The part of an AbortSignal that the channel needs, since the protocol knows neither DOM nor Node. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export type ChannelErrorReason = "unknown-method" | "cancelled" | "disposed" | "failed";

/** Why a request has no answer. Expected failures of the subject are answers; this is about the connection or a bug on the other side. */
export class ChannelError extends Error {
  readonly reason: ChannelErrorReason;

  constructor(reason: ChannelErrorReason, message: string) {
    super(message);
    this.name = "ChannelError";
    this.reason = reason;
  }
}

/** Marks our frames: a webview's window gets messages of others too. The number rises when the frames change. */
const TAG = "nearmiss/1";

type Frame =
  | { readonly tag: typeof TAG; readonly kind: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly tag: typeof TAG; readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | {
      readonly tag: typeof TAG;
      readonly kind: "rejection";
      readonly id: number;
      readonly reason: ChannelErrorReason;
      readonly message: string;
    }
  | { readonly tag: typeof TAG; readonly kind: "cancel"; readonly id: number }
  | { readonly tag: typeof TAG; readonly kind: "notification"; readonly method: string; readonly params: unknown };

type Handler = (params: unknown, signal: AbortSignalLike) => unknown;
type Listener = (params: unknown) => void;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ChannelError) => void;
}

/** Requests, answers, rejections, cancellation and notifications over any port, in both directions. */
export class Channel {
  readonly #port: Port;
  readonly #handlers = new Map<string, Handler>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #running = new Map<number, CancelSource>();
  readonly #stopListening: () => void;
  #lastId = 0;
  #disposed = false;

  constructor(port: Port) {
    this.#port = port;
    this.#stopListening = port.onMessage((message) => {
      this.#receive(message);
    });
  }

  /** Sends a request. Rejects with a `ChannelError` when the other side does not know it, fails, or either side ends. */
  send<Params, Answer>(type: RequestType<Params, Answer>, params: Params, signal?: AbortSignalLike): Promise<Answer> {
    if (this.#disposed) return Promise.reject(disposedError(type.method));
    if (signal?.aborted === true) return Promise.reject(cancelledError(type.method));
    const id = ++this.#lastId;
    return new Promise<Answer>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(id);
        this.#post({ tag: TAG, kind: "cancel", id });
        reject(cancelledError(type.method));
      };
      signal?.addEventListener("abort", onAbort);
      const settled = (): void => signal?.removeEventListener("abort", onAbort);
      this.#waiting.set(id, {
        resolve: (value) => {
          settled();
          resolve(value as Answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#post({ tag: TAG, kind: "request", id, method: type.method, params });
    });
  }

  notify<Params>(type: NotificationType<Params>, params: Params): void {
    if (!this.#disposed) this.#post({ tag: TAG, kind: "notification", method: type.method, params });
  }

  /** Answers a request from the other side. There is one handler for a method; a second one is a bug and throws. */
  handle<Params, Answer>(
    type: RequestType<Params, Answer>,
    handler: (params: Params, signal: AbortSignalLike) => Answer | Promise<Answer>,
  ): void {
    if (this.#handlers.has(type.method)) throw new Error(`${type.method} has a handler already.`);
    this.#handlers.set(type.method, handler as Handler);
  }

  /** Listens to a notification from the other side; answers a function that ends this. */
  on<Params>(type: NotificationType<Params>, listener: (params: Params) => void): () => void {
    const listeners = this.#listeners.get(type.method) ?? new Set<Listener>();
    this.#listeners.set(type.method, listeners.add(listener as Listener));
    return () => listeners.delete(listener as Listener);
  }

  /** Ends the channel: what waits for an answer is rejected, what runs for the other side is cancelled, and later messages are ignored. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stopListening();
    for (const source of this.#running.values()) source.abort();
    this.#running.clear();
    for (const waiting of this.#waiting.values()) waiting.reject(disposedError("The request"));
    this.#waiting.clear();
  }

  #receive(message: unknown): void {
    if (this.#disposed || !isFrame(message)) return;
    switch (message.kind) {
      case "request":
        void this.#answer(message.id, message.method, message.params);
        return;
      case "answer":
        this.#take(message.id)?.resolve(message.value);
        return;
      case "rejection":
        this.#take(message.id)?.reject(new ChannelError(message.reason, message.message));
        return;
      case "cancel":
        this.#running.get(message.id)?.abort();
        return;
      case "notification":
        for (const listener of this.#listeners.get(message.method) ?? []) listener(message.params);
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    const handler = this.#handlers.get(method);
    if (handler === undefined) {
      this.#post({ tag: TAG, kind: "rejection", id, reason: "unknown-method", message: `${method} is not known here.` });
      return;
    }
    const source = new CancelSource();
    this.#running.set(id, source);
    try {
      const value = await handler(params, source);
      if (!this.#disposed) this.#post({ tag: TAG, kind: "answer", id, value });
    } catch (error) {
      if (!this.#disposed) this.#post({ tag: TAG, kind: "rejection", id, ...describe(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #post(frame: Frame): void {
    this.#port.post(frame);
  }
}

/** The signal that a handler gets; aborted when the other side cancels or the channel ends. */
class CancelSource implements AbortSignalLike {
  readonly #listeners = new Set<() => void>();
  #aborted = false;

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

function isFrame(message: unknown): message is Frame {
  return typeof message === "object" && message !== null && "tag" in message && message.tag === TAG;
}

function describe(error: unknown): { readonly reason: ChannelErrorReason; readonly message: string } {
  if (error instanceof ChannelError) return { reason: error.reason, message: error.message };
  return { reason: "failed", message: error instanceof Error ? error.message : String(error) };
}

function cancelledError(method: string): ChannelError {
  return new ChannelError("cancelled", `${method} was cancelled.`);
}

function disposedError(method: string): ChannelError {
  return new ChannelError("disposed", `${method} has no answer: the connection has ended.`);
}
