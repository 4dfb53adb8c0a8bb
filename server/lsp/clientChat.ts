import { CancellationTokenSource } from "vscode-languageserver";
import type { Connection } from "vscode-languageserver";
import type { ChatAnswer, ChatModel, ChatRequest } from "#core/chat/chat";
import { requestTokens } from "#core/chat/tokenEstimate";
import type { Cancellation } from "#core/util/cancellation";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { askChat } from "#protocol/chat";
import type { ChatModelRef, ChatText } from "#protocol/chat";
import type { Outcome } from "#protocol/outcome";
import { askClient } from "./requests";
import type { ServerHost } from "./serverHost";
import { toldFailure } from "./toldFailure";

/** How often it is looked whether a run was stopped, in milliseconds. */
const LOOK_INTERVAL = 100;

export interface ClientChatParts {
  readonly connection: Connection;
  readonly model: ChatModelRef;
  readonly later: ServerHost["later"];
}

/**
 * One of the editor's language models, asked through the client. It has no log-probabilities, is not held to a JSON schema, and goes by its own
 * temperature and seed.
 */
export class ClientChat implements ChatModel {
  readonly #parts: ClientChatParts;

  constructor(parts: ClientChatParts) {
    this.#parts = parts;
  }

  async ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const { model } = this.#parts;
    const tokens = requestTokens(request);
    if (model.maxInputTokens !== undefined && tokens > model.maxInputTokens) return err(tooLong(model, tokens));
    const told = await this.#told(request, cancellation);
    if (told === undefined) return err({ reason: "cancelled", message: "Stopped before the model had answered." });
    if (!told.ok) return err(toldFailure(told.failure));
    const { text, inputTokens, outputTokens } = told.value;
    // Counted by the extension that offers the model, or estimated: what is billed, nobody says.
    return ok({ text, ending: "stop", usage: { inputTokens, outputTokens, estimated: true }, model: request.model });
  }

  /** Undefined where it was cancelled meanwhile: a client that is slow to give up is not waited for. */
  async #told({ instructions, messages, maxTokens }: ChatRequest, cancellation: Cancellation): Promise<Outcome<ChatText> | undefined> {
    const { connection, model, later } = this.#parts;
    const source = new CancellationTokenSource();
    let callOff = (): void => undefined;
    const stopped = new Promise<undefined>((resolve) => {
      const look = (): void => {
        if (cancellation.requested) {
          source.cancel();
          resolve(undefined);
        } else callOff = later(LOOK_INTERVAL, look);
      };
      look();
    });
    const answered = askClient(connection, askChat, { model, instructions, messages, maxTokens }, source.token).catch((error: unknown) =>
      noAnswer(model, error),
    );
    try {
      return await Promise.race([answered, stopped]);
    } finally {
      callOff();
      source.dispose();
    }
  }
}

function noAnswer({ label }: ChatModelRef, error: unknown): Outcome<ChatText> {
  const why = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    failure: { reason: "unreachable", message: `The editor could not ask ${label}: ${why}`, nextStep: "Look at the log of the editor." },
  };
}

function tooLong({ label, maxInputTokens = 0 }: ChatModelRef, tokens: number): Failure {
  return {
    reason: "bad-arguments",
    message: `The question has about ${tokens.toLocaleString("en-US")} tokens, and ${label} takes ${maxInputTokens.toLocaleString("en-US")}.`,
    nextStep: "Lower labelling.candidates or labelling.max_passage_characters, or ask another model.",
  };
}
