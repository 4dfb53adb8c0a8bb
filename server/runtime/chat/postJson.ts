import http from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import https from "node:https";
import type { Cancellation } from "#core/util/cancellation";

/** Runs a task later, once; the answer calls it off. */
export type Later = (milliseconds: number, task: () => void) => () => void;

export interface Posting {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for all of it, from connecting to the last byte of the answer. */
  readonly timeout: number;
  /** Longer answers are not read to their end. */
  readonly mostBytes: number;
  readonly cancellation: Cancellation;
  readonly later: Later;
}

/** How it went. Only "answered" has the whole of an answer; of all others nothing is left. */
export type Posted =
  | { readonly kind: "answered"; readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
  | { readonly kind: "cancelled" | "timeout" | "too-large" }
  /** With the system's code, such as "ECONNREFUSED", or that of a certificate. */
  | { readonly kind: "broken"; readonly code: string };

/** Time between two looks at whether the asker still wants the answer, in milliseconds. */
export const POLL_MS = 100;

/**
 * One POST of JSON. Redirects are answers like any other: nothing is sent to an address that the person did not name. Node's `fetch` would
 * not do, since it gives up after five minutes without a header, which is what a large model on a small machine needs.
 */
export function postJson(posting: Posting): Promise<Posted> {
  const { url, headers, body, timeout, later } = posting;
  return new Promise((resolve) => {
    const bytes = Buffer.from(body, "utf8");
    const client = url.protocol === "https:" ? https : http;
    const request = client.request(url, {
      method: "POST",
      headers: { ...headers, accept: "application/json", "content-type": "application/json", "content-length": String(bytes.length) },
    });
    const stops: (() => void)[] = [];
    let ended = false;
    const end = (posted: Posted): void => {
      if (ended) return;
      ended = true;
      for (const stop of stops) stop();
      if (posted.kind !== "answered") request.destroy();
      resolve(posted);
    };
    request.on("error", (error) => end(broken(error)));
    request.on("response", (response) => read(response, posting.mostBytes, end));
    stops.push(later(timeout, () => end({ kind: "timeout" })));
    stops.push(whenCancelled(posting, () => end({ kind: "cancelled" })));
    request.end(bytes);
  });
}

function read(response: IncomingMessage, mostBytes: number, end: (posted: Posted) => void): void {
  const pieces: Buffer[] = [];
  let size = 0;
  response.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > mostBytes) end({ kind: "too-large" });
    else pieces.push(piece);
  });
  response.on("error", (error) => end(broken(error)));
  response.on("end", () => {
    const { statusCode: status = 0, headers } = response;
    end({ kind: "answered", status, headers, text: Buffer.concat(pieces).toString("utf8") });
  });
  // Comes after "end", or without it where the connection was cut.
  response.on("close", () => end({ kind: "broken", code: "ECONNRESET" }));
}

function broken(error: Error & { readonly code?: unknown }): Posted {
  return { kind: "broken", code: typeof error.code === "string" ? error.code : error.name };
}

/** Calls once, within `POLL_MS` of the cancellation's being requested. The answer ends the watching. */
export function whenCancelled({ cancellation, later }: Pick<Posting, "cancellation" | "later">, task: () => void): () => void {
  const look = (): void => {
    if (cancellation.requested) task();
    else callOff = later(POLL_MS, look);
  };
  let callOff = later(POLL_MS, look);
  return () => callOff();
}
