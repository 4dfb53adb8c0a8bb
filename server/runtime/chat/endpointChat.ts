import type { ChatAnswer, ChatModel, ChatRequest } from "#core/chat/chat";
import { readCompletion, requestBody } from "#core/chat/openAi";
import type { Logger } from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import type { Failure } from "#core/util/failure";
import { err } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../hash";
import { backOff, LONGEST_RETRY_AFTER, MOST_TIMEOUTS, MOST_TRIES, MOST_TRIES_WHEN_LIMITED, retryAfter } from "./backOff";
import { CutQuestions } from "./cutQuestions";
import { endpointAddress } from "./endpointAddress";
import type { EndpointAddress } from "./endpointAddress";
import { EndpointFailures, passesByItself } from "./endpointFailures";
import { postJson, whenCancelled } from "./postJson";
import type { Later, Posted } from "./postJson";
import { adaptationFor, adaptationText, adapted } from "./requestAdaptation";
import type { RequestBody } from "./requestAdaptation";
import { complaintOf, discreet } from "./serverWords";

export interface EndpointChatOptions {
  /** Base address, such as "http://localhost:11434/v1". */
  readonly url: string;
  /** Sent as a bearer token. Kept in memory for as long as this object lives, and nowhere else. */
  readonly key?: string;
  /** Seconds after which one try of a question is given up. */
  readonly timeout: number;
  readonly logger: Logger;
  /** Tests put in one that needs no waiting. */
  readonly later?: Later;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Longer answers are no answers: the largest real ones, a thousand tokens with twenty alternatives each, come to about 3 MB. */
const MOST_ANSWER_BYTES = 16 * 1024 ** 2;

/**
 * A language model behind an OpenAI-compatible HTTP address. What passes by itself is tried again, with growing waits; when a server asks
 * for patience, all questions wait. A field of the question that a server complains about is left out from then on, which the log says once.
 */
export class EndpointChat implements ChatModel {
  readonly #options: EndpointChatOptions;
  readonly #address: Result<EndpointAddress>;
  readonly #later: Later;
  readonly #now: () => number;
  /** By model, the names of what its questions do without. */
  readonly #adaptations = new Map<string, ReadonlySet<string>>();
  /** By model. */
  readonly #cut = new Map<string, CutQuestions>();
  /** Milliseconds since 1970; no question is sent before. */
  #quietUntil = 0;
  #hasAnswered = false;

  constructor(options: EndpointChatOptions) {
    this.#options = options;
    this.#address = endpointAddress(options.url);
    this.#later = options.later ?? laterByTimer;
    this.#now = options.now ?? Date.now;
    if (options.key !== undefined && this.#address.ok && this.#address.value.isExposed)
      options.logger("warn", `The key goes to ${this.#address.value.shown} in the clear: the address begins with http, not https.`);
  }

  async ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    if (!this.#address.ok) return this.#address;
    const { key } = this.#options;
    const failures = new EndpointFailures({ address: this.#address.value, model: request.model, secrets: { key, request } });
    if (key !== undefined && !/^[\x21-\x7e]+$/u.test(key)) return err(failures.unusableKey());
    const question: Question = { request, address: this.#address.value, failures, cancellation, name: sha256(JSON.stringify(request)) };
    let timeouts = 0;
    for (let tries = 1; ; tries += 1) {
      if (!(await this.#quiet(cancellation))) return err(CANCELLED);
      const posted = await this.#post(question);
      if (posted.kind === "cancelled") return err(CANCELLED);
      if (posted.kind === "answered" && posted.status >= 200 && posted.status < 300) return this.#read(posted.text, question);
      if (posted.kind === "timeout") timeouts += 1;
      const failure = failures.of(posted, { seconds: this.#options.timeout, tries });
      if (!passesByItself(posted, this.#hasAnswered) || tries >= mostTries(posted) || timeouts === MOST_TIMEOUTS) return err(failure);
      const wait = this.#waitAfter(posted, tries, question);
      if (wait > LONGEST_RETRY_AFTER) return err(failures.tooMuchPatience(wait));
      this.#options.logger("info", `${failures.subject} ${inShort(posted)}; it is asked again in ${(wait / 1000).toFixed(1)} s.`);
      if (!(await this.#pause(wait, cancellation))) return err(CANCELLED);
    }
  }

  /** Milliseconds. A server's own wish goes before ours, and holds for every question. */
  #waitAfter(posted: Posted, tries: number, { name }: Question): number {
    const wished = posted.kind === "answered" ? retryAfter(posted.headers["retry-after"], this.#now()) : undefined;
    if (wished !== undefined && wished <= LONGEST_RETRY_AFTER) this.#quietUntil = Math.max(this.#quietUntil, this.#now() + wished);
    return wished ?? backOff(tries, name);
  }

  /** Sends the question, without what the server complains about. Each complaint costs one more call, once for a model. */
  async #post(question: Question): Promise<Posted> {
    const { request, failures, cancellation } = question;
    const whole = requestBody(request);
    const left = new Set(this.#adaptations.get(request.model));
    for (;;) {
      const body = adapted(whole, left);
      const posted = await this.#send(body, question);
      const more = whatToLeaveOut(posted, body);
      if (more === undefined || cancellation.requested) {
        if (posted.kind === "answered" && posted.status < 300) this.#remember(request.model, left, failures);
        return posted;
      }
      left.add(more);
    }
  }

  async #send(body: RequestBody, { address, cancellation }: Question): Promise<Posted> {
    const { key, timeout, logger } = this.#options;
    const begun = this.#now();
    const posted = await postJson({
      url: address.completions,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
      timeout: timeout * 1000,
      mostBytes: MOST_ANSWER_BYTES,
      cancellation,
      later: this.#later,
    });
    const status = posted.kind === "answered" ? posted.status : 0;
    logger("debug", "A question was sent to the endpoint.", { outcome: posted.kind, status, milliseconds: this.#now() - begun });
    if (posted.kind === "answered") this.#hasAnswered = true;
    return posted;
  }

  #remember(model: string, left: ReadonlySet<string>, failures: EndpointFailures): void {
    const known = this.#adaptations.get(model) ?? new Set<string>();
    for (const name of left) {
      if (!known.has(name)) this.#options.logger("info", `${failures.subject} ${adaptationText(name)}.`);
    }
    this.#adaptations.set(model, new Set([...known, ...left]));
  }

  #read(text: string, { request, failures }: Question): Result<ChatAnswer> {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return err(failures.notJson(text));
    }
    const answer = readCompletion(body, request);
    if (answer.ok) {
      const cutAt = this.#cutQuestions(request.model).lookAt(request, answer.value);
      return cutAt === undefined ? answer : err(failures.cutQuestion(cutAt));
    }
    // The message may quote the server, which may quote the question or the key.
    const said = discreet(answer.failure.message, { key: this.#options.key, request });
    return err({ ...answer.failure, message: failures.about(said) });
  }

  #cutQuestions(model: string): CutQuestions {
    const known = this.#cut.get(model) ?? new CutQuestions();
    this.#cut.set(model, known);
    return known;
  }

  /** Waits while the server wants to be left alone. False: cancelled meanwhile. */
  async #quiet(cancellation: Cancellation): Promise<boolean> {
    for (let wait = this.#quietUntil - this.#now(); wait > 0; wait = this.#quietUntil - this.#now()) {
      if (!(await this.#pause(wait, cancellation))) return false;
    }
    return !cancellation.requested;
  }

  /** False: cancelled meanwhile. */
  #pause(milliseconds: number, cancellation: Cancellation): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (finished: boolean): void => {
        callOff();
        stopWatching();
        resolve(finished);
      };
      const callOff = this.#later(milliseconds, () => end(true));
      const stopWatching = whenCancelled({ cancellation, later: this.#later }, () => end(false));
    });
  }
}

interface Question {
  readonly request: ChatRequest;
  readonly address: EndpointAddress;
  readonly failures: EndpointFailures;
  readonly cancellation: Cancellation;
  /** Decides by how much its waits differ from those of others. */
  readonly name: string;
}

const CANCELLED: Failure = { reason: "cancelled", message: "Stopped before the model had answered." };

function mostTries(posted: Posted): number {
  return posted.kind === "answered" && posted.status === 429 ? MOST_TRIES_WHEN_LIMITED : MOST_TRIES;
}

/** For the log, without the server's own words, which may quote the question. */
function inShort(posted: Posted): string {
  switch (posted.kind) {
    case "answered":
      return `answered ${String(posted.status)}`;
    case "broken":
      return `was not reached (${posted.code})`;
    default:
      return `gave no answer (${posted.kind})`;
  }
}

/** The name of what a refused question may do without; undefined where it is refused for another reason. */
function whatToLeaveOut(posted: Posted, body: RequestBody): string | undefined {
  // 422 is what servers built on FastAPI answer to a field that they do not know.
  if (posted.kind !== "answered" || (posted.status !== 400 && posted.status !== 422)) return undefined;
  return adaptationFor(complaintOf(posted.text), body);
}

function laterByTimer(milliseconds: number, task: () => void): () => void {
  const timer = setTimeout(task, milliseconds);
  return () => {
    clearTimeout(timer);
  };
}
