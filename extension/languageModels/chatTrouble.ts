import type { ChatModelRef } from "#protocol/chat";
import type { Failure } from "#protocol/outcome";

/** Why a language model gave no answer. */
export interface ChatTrouble {
  readonly failure: Failure;
  /** Whether the same question may well be answered a little later. */
  readonly passes: boolean;
}

/** The parts of an error that tell what it is about. VS Code carries errors of providers across processes, which leaves them no class. */
interface ErrorParts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly cause: unknown;
}

/** Codes of VS Code's `LanguageModelError`. */
const NO_PERMISSIONS = "NoPermissions";
const NOT_FOUND = "NotFound";
const BLOCKED = "Blocked";

/** Names that GitHub Copilot gives to errors about its limits; they are the cause of a `LanguageModelError`, or come bare. */
const QUOTA_NAME = "ChatQuotaExceeded";
const RATE_NAME = "ChatRateLimited";

/** Providers of other makers say it in words only. */
const QUOTA_WORDS = /\bquota\b/iu;
const RATE_WORDS = /\b(?:rate[ -]?limit(?:ed|s)?|too many requests|429)\b/iu;

/** What it means for a run that one of VS Code's language models failed. What its provider says is quoted, cut to one line. */
export function chatTrouble(error: unknown, model: ChatModelRef): ChatTrouble {
  const parts = partsOf(error);
  const said = quoted(parts.message);
  const { label, offeredBy } = model;
  if (parts.code === NO_PERMISSIONS) return lasting(notAllowed(model, said));
  if (parts.code === NOT_FOUND) return lasting(modelIsGone(model));
  if (isNamed(parts, QUOTA_NAME) || QUOTA_WORDS.test(parts.message)) return lasting(limited(model, said));
  if (isNamed(parts, RATE_NAME) || RATE_WORDS.test(parts.message)) return { failure: limited(model, said), passes: true };
  if (parts.code === BLOCKED) {
    const message = `${offeredBy} keeps Nearmiss from using ${label}${said}.`;
    return lasting({ reason: "refused", message, nextStep: "Choose another model." });
  }
  const message = `${label} of ${offeredBy} did not answer to the end${said}.`;
  const nextStep = "Start again to go on from here; what was answered is kept.";
  return { failure: { reason: "unreachable", message, nextStep }, passes: true };
}

export function modelIsGone({ label, offeredBy }: ChatModelRef): Failure {
  return {
    reason: "not-found",
    message: `VS Code offers no model ${label} of ${offeredBy} any more.`,
    nextStep: "Enable the extension that offered it, or choose another model.",
  };
}

function notAllowed({ label, offeredBy }: ChatModelRef, said: string): Failure {
  return {
    reason: "no-permission",
    message: `VS Code does not let Nearmiss use ${label} of ${offeredBy}${said}.`,
    nextStep: "Start again and allow it when VS Code asks, or choose another model.",
  };
}

function limited({ label, offeredBy }: ChatModelRef, said: string): Failure {
  return {
    reason: "rate-limited",
    message: `${offeredBy} answers no more questions to ${label} for now${said}.`,
    nextStep: "Go on later, or choose another model; what was answered is kept.",
  };
}

function lasting(failure: Failure): ChatTrouble {
  return { failure, passes: false };
}

function isNamed({ name, cause }: ErrorParts, wanted: string): boolean {
  return name === wanted || (cause !== undefined && partsOf(cause).name === wanted);
}

function partsOf(error: unknown): ErrorParts {
  if (typeof error !== "object" || error === null) return { name: "", code: "", message: String(error), cause: undefined };
  const text = (key: string): string => {
    const value = (error as Readonly<Record<string, unknown>>)[key];
    return typeof value === "string" ? value : "";
  };
  return { name: text("name"), code: text("code"), message: text("message"), cause: "cause" in error ? error.cause : undefined };
}

/** Longest quotation of a provider, in characters. */
const LONGEST_QUOTE = 200;

/** What the provider says, for the middle of a sentence. */
function quoted(message: string): string {
  const line = message
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .replace(/[.:;]+$/u, "");
  if (line === "") return "";
  return `: ${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}`;
}
