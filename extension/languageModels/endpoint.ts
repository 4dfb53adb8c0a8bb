import type { Failure, Outcome } from "#protocol/outcome";

/** An OpenAI-compatible endpoint, as the settings name it. */
export interface Endpoint {
  /** Base address, such as "http://localhost:11434/v1". */
  readonly url: string;
  /** Scheme, host and port: whose key may be sent there. */
  readonly origin: string;
  /** Host and port, for people. */
  readonly host: string;
  /** Whether everything sent there, the key included, can be read on its way. */
  readonly isOpen: boolean;
}

/** The endpoint of the settings; undefined where none is set. Fails for what is no address of a web service. */
export function parseEndpoint(text: string): Outcome<Endpoint | undefined> {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: undefined };
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined) return failed(`is no address`);
  if (url.protocol !== "http:" && url.protocol !== "https:") return failed(`is not an address of http or https`);
  // Not quoted: what stands there is a secret.
  if (url.username !== "" || url.password !== "") return failed("holds a name or password");
  const isOpen = url.protocol === "http:" && !isLoopback(url.hostname);
  return { ok: true, value: { url: trimmed, origin: url.origin, host: url.host, isOpen } };
}

/** The name under which the key of an endpoint is kept. By its origin, so that no other service is ever sent it, whatever the settings name later. */
export function keyName({ origin }: Endpoint): string {
  return `nearmiss.languageModel.key:${origin}`;
}

/** Why a key cannot be one; undefined where it can, and where it is empty. It is sent in a header, which holds visible ASCII characters only. */
export function keyProblem(key: string): string | undefined {
  return /^[\x21-\x7e]*$/u.test(key.trim()) ? undefined : "A key has no blanks, line ends or letters outside of ASCII.";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(host);
}

function failed(what: string): { readonly ok: false; readonly failure: Failure } {
  return {
    ok: false,
    failure: {
      reason: "bad-config",
      message: `The setting nearmiss.languageModel.endpoint ${what}.`,
      nextStep: "Set it to the base address of a service, such as http://localhost:11434/v1; its key is set by a command.",
    },
  };
}
