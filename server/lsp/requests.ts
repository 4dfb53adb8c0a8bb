import type { CancellationToken, Connection } from "vscode-languageserver";
import type { Cancellation } from "#core/util/cancellation";
import type { NotificationType, RequestType } from "#protocol/rpc";

/** Registers the handler of a message constant; its types are the constant's. */
export function handle<Params, Answer>(
  connection: Connection,
  type: RequestType<Params, Answer>,
  handler: (params: Params, cancellation: Cancellation) => Promise<Answer>,
): void {
  connection.onRequest(type.method, (params: Params, token: CancellationToken) => handler(params, cancellationOf(token)));
}

/** Asks the client; its types are the constant's. Throws where the client has no answer: it is gone, or met a bug. */
export async function askClient<Params, Answer>(
  connection: Connection,
  type: RequestType<Params, Answer>,
  params: Params,
  token?: CancellationToken,
): Promise<Answer> {
  return await connection.sendRequest<Answer>(type.method, params, token);
}

export function notify<Params>(connection: Connection, type: NotificationType<Params>, params: Params): void {
  // A client that is gone needs no message; the connection's own end is handled where it is opened.
  void connection.sendNotification(type.method, params);
}

export function cancellationOf(token: CancellationToken): Cancellation {
  return {
    get requested(): boolean {
      return token.isCancellationRequested;
    },
  };
}
