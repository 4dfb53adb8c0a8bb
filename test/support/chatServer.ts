/** An OpenAI-compatible chat server on 127.0.0.1 that answers by a script, faults among the answers. Nothing in it waits for a clock. */
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One question as it came in. */
export interface RecordedRequest {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent, and read as JSON; `json` is empty where it is none. */
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** The system message; empty where there is none. */
  readonly instructions: string;
  /** All other turns. */
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  /** The last user turn. */
  readonly question: string;
}

/** One place of an answer, with what else was considered there. */
export interface ScriptedToken {
  readonly token: string;
  readonly logprob: number;
  readonly alternatives?: readonly { readonly token: string; readonly logprob: number }[];
}

export type ScriptedReply =
  | {
      readonly kind: "answer";
      readonly text: string;
      /** "stop" where it is left out. */
      readonly finish?: "stop" | "length" | "content_filter";
      /** Sent as `message.refusal`, with no content. */
      readonly refusal?: boolean;
      /** Sent only to a question that asks for log-probabilities. */
      readonly tokens?: readonly ScriptedToken[];
      /** One token for four characters where it is left out; null: the server does not count. */
      readonly usage?: { readonly input: number; readonly output: number } | null;
      /** The model asked for where it is left out. */
      readonly model?: string;
    }
  /** Any other answer. A text is sent as it is, anything else as JSON. */
  | { readonly kind: "http"; readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Half of the answer's bytes, then the connection is cut. */
  | { readonly kind: "cut"; readonly text: string }
  /** The connection is cut before anything is answered. */
  | { readonly kind: "hangUp" }
  /** Half of the answer's bytes (or nothing) now, the rest once the gate is open. */
  | { readonly kind: "stall"; readonly until: Gate; readonly then: ScriptedReply; readonly midway?: boolean };

/** Decides by the question's number and what is in it. */
export type ChatScript = (asked: RecordedRequest) => ScriptedReply;

export interface ChatServer {
  /** Base address, such as "http://127.0.0.1:40000/v1". */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Resolves when this question has arrived. */
  arrived(number: number): Promise<RecordedRequest>;
  /** Resolves when the asker of this question has gone away before its answer was complete. */
  abandoned(number: number): Promise<void>;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

/** Holds answers back until a test opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function makeGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

type AnswerOptions = Omit<Extract<ScriptedReply, { readonly kind: "answer" }>, "kind" | "text">;

export function answer(text: string, options: AnswerOptions = {}): ScriptedReply {
  return { kind: "answer", text, ...options };
}

/** Cut at the largest length of an answer. */
export function truncated(text: string): ScriptedReply {
  return answer(text, { finish: "length" });
}

export function refusal(text = "I can't help with that."): ScriptedReply {
  return answer(text, { refusal: true });
}

/** 429. `retryAfter` as a server sends it: seconds or a date; none where it is left out. */
export function rateLimited(retryAfter?: string): ScriptedReply {
  return fault(429, "Rate limit reached.", retryAfter === undefined ? {} : { "retry-after": retryAfter });
}

export function fault(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ScriptedReply {
  return { kind: "http", status, body: { error: { message, type: "scripted", code: status } }, headers };
}

export function unauthorized(): ScriptedReply {
  return fault(401, "Incorrect API key provided.");
}

export function unknownModel(): ScriptedReply {
  return fault(404, "The model does not exist or you do not have access to it.");
}

/** No JSON where JSON is expected. */
export function nonsense(): ScriptedReply {
  return { kind: "http", status: 200, body: "data: [DONE" };
}

/** A page for people, as a proxy or a wrong address sends it. */
export function webPage(): ScriptedReply {
  return { kind: "http", status: 200, body: "<!doctype html><title>Welcome</title>" };
}

/** JSON, and yet no completion. */
export function wrongShape(): ScriptedReply {
  return { kind: "http", status: 200, body: { choices: "none", usage: [] } };
}

/** A whole answer of so many characters. */
export function veryLarge(characters: number): ScriptedReply {
  return answer("x".repeat(characters));
}

export function cutMidway(text: string): ScriptedReply {
  return { kind: "cut", text };
}

export function stall(until: Gate, then: ScriptedReply, midway = false): ScriptedReply {
  return { kind: "stall", until, then, midway };
}

/** Refuses a question that asks for a form of the answer. */
export function withoutResponseFormat(script: ChatScript): ChatScript {
  return (asked) => ("response_format" in asked.json ? fault(400, "'response_format' is not supported by this model.") : script(asked));
}

/** Refuses a question that asks for log-probabilities. A server that ignores the wish is an answer without `tokens`. */
export function withoutLogprobs(script: ChatScript): ChatScript {
  return (asked) =>
    "logprobs" in asked.json || "top_logprobs" in asked.json
      ? fault(400, "Unrecognized request argument supplied: logprobs")
      : script(asked);
}

/** The replies in their order, then the last one for ever. */
export function inTurn(...replies: readonly [ScriptedReply, ...ScriptedReply[]]): ChatScript {
  return ({ number }) => replies[Math.min(number, replies.length) - 1] ?? replies[0];
}

/** Starts a server on a free port. To be closed by whoever started it. */
export async function startChatServer(script: ChatScript): Promise<ChatServer> {
  const requests: RecordedRequest[] = [];
  const arrivals = new Moments<RecordedRequest>();
  const departures = new Moments<void>();
  const server = createServer((incoming, response) => {
    void readBody(incoming).then(async (body) => {
      const asked = record(incoming, body, requests.length + 1);
      requests.push(asked);
      response.on("close", () => {
        if (!response.writableFinished) departures.come(asked.number, undefined);
      });
      arrivals.come(asked.number, asked);
      if (asked.path !== "/v1/chat/completions") await reply(fault(404, `There is no ${asked.path}.`), asked, response);
      else await reply(script(asked), asked, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    requests,
    arrived: (number) => arrivals.of(number),
    abandoned: (number) => departures.of(number),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Things that happen once for each number, to be waited for before or after. */
class Moments<T> {
  readonly #known = new Map<number, { readonly promise: Promise<T>; readonly resolve: (value: T) => void }>();

  of(number: number): Promise<T> {
    return this.#at(number).promise;
  }

  come(number: number, value: T): void {
    this.#at(number).resolve(value);
  }

  #at(number: number): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    let resolve: (value: T) => void = () => undefined;
    const promise = new Promise<T>((done) => {
      resolve = done;
    });
    const moment = { promise, resolve };
    this.#known.set(number, moment);
    return moment;
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

function record(incoming: IncomingMessage, body: string, number: number): RecordedRequest {
  const json = asObject(body);
  const turns = (Array.isArray(json["messages"]) ? (json["messages"] as readonly unknown[]) : []).map((turn) => {
    const { role, content } = turn as { readonly role?: unknown; readonly content?: unknown };
    return { role: String(role), text: typeof content === "string" ? content : JSON.stringify(content) };
  });
  const messages = turns.flatMap(({ role, text }) => (role === "user" || role === "assistant" ? [{ role, text } as const] : []));
  return {
    number,
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers,
    body,
    json,
    model: typeof json["model"] === "string" ? json["model"] : "",
    instructions: turns
      .filter(({ role }) => role === "system")
      .map(({ text }) => text)
      .join("\n"),
    messages,
    question: messages.findLast(({ role }) => role === "user")?.text ?? "",
  };
}

function asObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

async function reply(scripted: ScriptedReply, asked: RecordedRequest, response: ServerResponse): Promise<void> {
  switch (scripted.kind) {
    case "answer":
      send(response, { status: 200, body: completion(scripted, asked) });
      return;
    case "http":
      send(response, scripted);
      return;
    case "cut": {
      await sendHalf(response, answer(scripted.text), asked);
      response.destroy();
      return;
    }
    case "hangUp":
      response.destroy();
      return;
    case "stall": {
      const rest = scripted.midway === true ? await sendHalf(response, scripted.then, asked) : undefined;
      await scripted.until.opened;
      if (response.destroyed) return;
      if (rest === undefined) await reply(scripted.then, asked, response);
      else response.end(rest);
    }
  }
}

interface Sent {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(response: ServerResponse, { status, body, headers = {} }: Sent): void {
  const type = typeof body === "string" ? "text/html" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** The first half of an answer, which has left this process when this resolves; answers the second. */
async function sendHalf(response: ServerResponse, scripted: ScriptedReply, asked: RecordedRequest): Promise<string> {
  if (scripted.kind !== "answer") throw new Error("Only an answer has two halves.");
  const whole = JSON.stringify(completion(scripted, asked));
  const middle = Math.floor(whole.length / 2);
  response.writeHead(200, { "content-type": "application/json", "content-length": String(Buffer.byteLength(whole)) });
  await new Promise<void>((resolve) => {
    response.write(whole.slice(0, middle), () => resolve());
  });
  return whole.slice(middle);
}

function completion(scripted: Extract<ScriptedReply, { readonly kind: "answer" }>, asked: RecordedRequest): object {
  const { text, finish = "stop", refusal: refused = false, tokens, model = asked.model } = scripted;
  const usage = scripted.usage === undefined ? { input: estimate(asked.body), output: estimate(text) } : scripted.usage;
  return {
    id: `chatcmpl-${String(asked.number)}`,
    object: "chat.completion",
    created: 1767323045,
    model,
    choices: [
      {
        index: 0,
        message: refused ? { role: "assistant", content: null, refusal: text } : { role: "assistant", content: text },
        finish_reason: finish,
        ...(tokens === undefined || asked.json["logprobs"] !== true
          ? {}
          : {
              logprobs: { content: tokens.map(({ alternatives = [], ...own }) => ({ ...own, bytes: null, top_logprobs: alternatives })) },
            }),
      },
    ],
    ...(usage === null
      ? {}
      : { usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output } }),
  };
}

function estimate(text: string): number {
  return Math.ceil(text.length / 4);
}
