import type { Failure } from "#core/util/failure";
import type { EndpointAddress } from "./endpointAddress";
import type { Posted } from "./postJson";
import { discreet, serverWords } from "./serverWords";
import type { Secrets } from "./serverWords";

/** Of whom the failures are. */
export interface EndpointFailuresOptions {
  readonly address: EndpointAddress;
  readonly model: string;
  readonly secrets: Secrets;
}

/** 501 and 505: the server will never know how. */
const LASTING = [501, 505];
/** Busy or in conflict with itself for the moment. */
const PASSING = [408, 409, 425, 429];
/** A server that is being started again refuses connections for a while; one that has never answered is not there. */
const NOT_THERE = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];
const CUT = ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "EAI_AGAIN"];
const NO_CONTEXT = /context (?:length|window|size)|too long|too many tokens|maximum context|exceeds? .*(?:context|tokens)/iu;

/** Whether the same question may well be answered in a moment. */
export function passesByItself(posted: Posted, hasAnswered: boolean): boolean {
  switch (posted.kind) {
    case "timeout":
      return true;
    case "broken":
      return CUT.includes(posted.code) || (hasAnswered && NOT_THERE.includes(posted.code));
    case "answered":
      if (isQuota(posted)) return false;
      return PASSING.includes(posted.status) || (posted.status >= 500 && !LASTING.includes(posted.status));
    default:
      return false;
  }
}

/** What went wrong with a question to an endpoint, in words with a next step. Never holds the key or a piece of the question. */
export class EndpointFailures {
  readonly #options: EndpointFailuresOptions;

  constructor(options: EndpointFailuresOptions) {
    this.#options = options;
  }

  /** The model where it is, as the beginning of a sentence. */
  get subject(): string {
    return `The model ${JSON.stringify(this.#options.model)} at ${this.#options.address.shown}`;
  }

  of(posted: Posted, { seconds, tries }: { readonly seconds: number; readonly tries: number }): Failure {
    const often = tries === 1 ? "" : `, tried ${String(tries)} times`;
    switch (posted.kind) {
      case "timeout":
        return unreachable(
          `${this.subject} did not answer within ${String(seconds)} s${often}.`,
          "Allow more time, or ask a smaller model.",
        );
      case "too-large":
        return badAnswer(`${this.subject} sent more than 16 MB as an answer.`, "Check that the address is that of a chat endpoint.");
      case "broken":
        return this.#broken(posted.code, often);
      case "answered":
        return this.#status(posted, often);
      case "cancelled":
        return { reason: "cancelled", message: "Stopped before the model had answered." };
    }
  }

  /** `wait`: milliseconds. */
  tooMuchPatience(wait: number): Failure {
    return {
      reason: "rate-limited",
      message: `${this.subject} asks to wait ${String(Math.ceil(wait / 60_000))} minutes.`,
      nextStep: "Go on later: what was answered is kept, and is not asked again.",
    };
  }

  notJson(text: string): Failure {
    const nextStep = "Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.";
    // No question will fare better there.
    if (/^\s*</u.test(text))
      return { reason: "not-found", message: `${this.subject} is no model: the address answers with a web page.`, nextStep };
    const said = serverWords(text, this.#options.secrets);
    return badAnswer(
      `${this.subject} answered with something that is not JSON: ${said === "" ? "nothing at all" : said}${stop(said)}`,
      nextStep,
    );
  }

  /** `tokens`: how much of it is left. */
  cutQuestion(tokens: number): Failure {
    return badAnswer(
      `${this.subject} counts ${tokens.toLocaleString("en-US")} tokens for questions of any length: it seems to cut them to its context, so that the model does not see all passages.`,
      "Give the model a larger context (Ollama: OLLAMA_CONTEXT_LENGTH), or lower labelling.candidates or labelling.max_passage_characters.",
    );
  }

  about(sentence: string): string {
    return `${this.subject}: ${sentence}`;
  }

  unusableKey(): Failure {
    return {
      reason: "no-permission",
      message: `The key for ${this.#options.address.shown} is empty, or holds a blank, a line end or a letter that no key has.`,
      nextStep: "Set the key again.",
    };
  }

  #broken(code: string, often: string): Failure {
    const { shown, host } = this.#options.address;
    if (code === "ECONNREFUSED")
      return unreachable(`Nothing answers at ${shown} (${code})${often}.`, "Start the server, or correct the address.");
    if (NOT_THERE.includes(code))
      return unreachable(`There is no way to ${host} (${code})${often}.`, "Check the address and the network connection.");
    if (CUT.includes(code))
      return unreachable(
        `The connection to ${shown} was cut before the answer was complete (${code})${often}.`,
        "Check the server, then go on.",
      );
    return unreachable(`No connection to ${shown} could be made (${code}).`, "Check the address, and the certificate of an https address.");
  }

  #status(posted: Extract<Posted, { readonly kind: "answered" }>, often: string): Failure {
    const { status, headers } = posted;
    const words = serverWords(posted.text, this.#options.secrets);
    const said = words === "" ? "." : `: ${words}${stop(words)}`;
    const message = `${this.subject} answered ${String(status)}${often}${said}`;
    if (status >= 300 && status < 400) return unreachable(`${this.#moved(status, headers.location)}.`, "Set the address that it moved to.");
    if (isQuota(posted))
      return { reason: "no-permission", message, nextStep: "The account has nothing left: add to it, or use another key." };
    if (status === 401 || status === 403 || status === 407) return { reason: "no-permission", message, nextStep: "Check the key." };
    if (status === 404 || status === 405 || status === 410)
      return {
        reason: "not-found",
        message,
        nextStep: "Check the name of the model, and that the address is the right one; it usually ends with /v1.",
      };
    if (status === 429) return { reason: "rate-limited", message, nextStep: "Ask fewer questions at once, or go on later." };
    if (status >= 500 || PASSING.includes(status)) return unreachable(message, "Look at the server's log, or go on later.");
    if (status === 413 || NO_CONTEXT.test(words))
      return badAnswer(message, "Lower labelling.candidates or labelling.max_passage_characters, or give the model a larger context.");
    return badAnswer(message, "Check that the server and the model can take such a question.");
  }

  #moved(status: number, location: string | undefined): string {
    const base = this.#options.address.completions;
    const target = location !== undefined && URL.canParse(location, base.href) ? new URL(location, base) : undefined;
    // What stands behind a question mark may be secret, as in the address itself.
    const where = target === undefined ? "" : ` to ${discreet(`${target.origin}${target.pathname}`, this.#options.secrets)}`;
    return `${this.subject} answered ${String(status)}: it has moved${where}, which is not followed`;
  }
}

/** Money, which no waiting brings: OpenAI says so with 429, others with 402. */
function isQuota({ status, text }: Extract<Posted, { readonly kind: "answered" }>): boolean {
  return status === 402 || (status === 429 && text.includes("insufficient_quota"));
}

/** What ends a sentence with these last words. */
function stop(words: string): string {
  return /[.!?…]$/u.test(words) ? "" : ".";
}

function unreachable(message: string, nextStep: string): Failure {
  return { reason: "unreachable", message, nextStep };
}

function badAnswer(message: string, nextStep: string): Failure {
  return { reason: "bad-answer", message, nextStep };
}
