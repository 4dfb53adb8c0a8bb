import type { Failure, Outcome } from "#protocol/outcome";
import type { RequestType } from "#protocol/rpc";
import type { Host } from "../host";
import { strings } from "../strings";

/** Sends a request whose answer may be a failure. That nobody answered is a failure too, with its next step. */
export async function ask<Params, Value>(host: Host, type: RequestType<Params, Outcome<Value>>, params: Params): Promise<Outcome<Value>> {
  try {
    return await host.channel.send(type, params);
  } catch (error) {
    return { ok: false, failure: noAnswer(error) };
  }
}

/** Sends a request to the extension itself, which answers with a bare value; a rejection is reported to `onFailure`. */
export async function tell<Params, Value>(
  host: Host,
  type: RequestType<Params, Value>,
  params: Params,
  onFailure: (failure: Failure) => void,
): Promise<Value | undefined> {
  try {
    return await host.channel.send(type, params);
  } catch (error) {
    onFailure(noAnswer(error));
    return undefined;
  }
}

function noAnswer(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: "no-answer", message: strings.noAnswer(message), nextStep: strings.noAnswerNext };
}
