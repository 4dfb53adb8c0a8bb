import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";

/** Where an OpenAI-compatible service is asked. */
export interface EndpointAddress {
  /** The address of chat completions, with whatever the person put behind a question mark. */
  readonly completions: URL;
  /** The base address for people and logs, without what stands behind a question mark, which may be secret. */
  readonly shown: string;
  /** "localhost:11434" */
  readonly host: string;
  /** Whether a key would travel in the clear, to another machine. */
  readonly isExposed: boolean;
}

const COMPLETIONS = "/chat/completions";

/** Reads a base address such as "http://localhost:11434/v1"; slashes at its end do not matter, nor does "/chat/completions". */
export function endpointAddress(text: string): Result<EndpointAddress> {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || url.host === "") return err(bad(`The endpoint ${JSON.stringify(withoutSecrets(text))} is not an address.`));
  if (url.username !== "" || url.password !== "")
    return err({
      ...bad(`The endpoint at ${url.host} has a user name or a password in its address, which would be shown and logged.`),
      nextStep: "Take them out, and give the key as a key.",
    });
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return err(bad(`The endpoint ${url.protocol}//${url.host} is reached by neither http nor https.`));
  url.hash = "";
  const path = url.pathname.replace(/\/+$/u, "");
  const base = path.endsWith(COMPLETIONS) ? path.slice(0, -COMPLETIONS.length) : path;
  url.pathname = `${base}${COMPLETIONS}`;
  return ok({
    completions: url,
    shown: `${url.origin}${base}`,
    host: url.host,
    isExposed: url.protocol === "http:" && !isThisMachine(url.hostname),
  });
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(?:\.\d+){3}$/u.test(hostname);
}

/** A text that is no address may yet hold a password. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\/\/[^/]*@/u, "//…@")
    .replace(/\?.*$/su, "?…")
    .slice(0, 100);
}

function bad(message: string): Failure {
  return { reason: "bad-arguments", message, nextStep: 'Give an address such as "http://localhost:11434/v1".' };
}
