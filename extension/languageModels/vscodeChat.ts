import { CancellationTokenSource, LanguageModelChatMessage, lm } from "vscode";
import type { CancellationToken, LanguageModelChat, LanguageModelChatSelector } from "vscode";
import type { AskChatParams, ChatModelRef, ChatText } from "#protocol/chat";
import type { Outcome } from "#protocol/outcome";
import { withResolvers } from "../withResolvers";
import { askModel } from "./askModel";
import type { FoundModel, Limit } from "./askModel";
import { chatTrouble, modelIsGone } from "./chatTrouble";

/** Why we ask; VS Code shows it where it asks the person for consent. */
const JUSTIFICATION =
  "Nearmiss asks the model you chose for a second opinion on your training data: which passages are relevant to a query.";

/**
 * VS Code's language models, for the server. Only those that the person has chosen in this window can be asked, since VS Code wants its
 * models used on a person's action only, and no other message to us may bring texts to one.
 */
export class VscodeChat {
  readonly #chosen = new Map<string, LanguageModelChatSelector>();

  /** The person has chosen this model. */
  allow(model: ChatModelRef, selector: LanguageModelChatSelector): void {
    this.#chosen.set(model.id, selector);
  }

  /** Seconds are those that the model may take for its answer. */
  async ask(params: AskChatParams, seconds: number, token: CancellationToken): Promise<Outcome<ChatText>> {
    const selector = this.#chosen.get(params.model.id);
    if (selector === undefined) return notChosen(params.model);
    const limit = limitOf(seconds, token);
    try {
      const [model] = await lm.selectChatModels(selector);
      if (model === undefined) return { ok: false, failure: modelIsGone(params.model) };
      return await askModel(foundModel(model, limit.token), params, limit);
    } catch (error) {
      return { ok: false, failure: chatTrouble(error, params.model).failure };
    } finally {
      limit.dispose();
    }
  }
}

function notChosen({ label, offeredBy }: ChatModelRef): Outcome<never> {
  return {
    ok: false,
    failure: {
      reason: "no-permission",
      message: `${label} of ${offeredBy} has not been chosen in this window.`,
      nextStep: "Choose the model again, then start.",
    },
  };
}

function foundModel(model: LanguageModelChat, token: CancellationToken): FoundModel {
  return {
    send: async (turns) => {
      const messages = turns.map(({ role, text }) =>
        role === "user" ? LanguageModelChatMessage.User(text) : LanguageModelChatMessage.Assistant(text),
      );
      return (await model.sendRequest(messages, { justification: JUSTIFICATION }, token)).text;
    },
    countTokens: async (text) => await model.countTokens(text, token),
  };
}

interface RunningLimit extends Limit {
  /** Cancelled as soon as the limit has ended. */
  readonly token: CancellationToken;
  dispose(): void;
}

function limitOf(seconds: number, token: CancellationToken): RunningLimit {
  const source = new CancellationTokenSource();
  const { promise: ended, resolve } = withResolvers<"cancelled" | "late">();
  let timer: NodeJS.Timeout | undefined;
  const after = (milliseconds: number, act: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
  const end = (how: "cancelled" | "late"): void => {
    // First: a cancelled stream ends as if its answer were whole.
    resolve(how);
    source.cancel();
  };
  const subscription = token.onCancellationRequested(() => {
    end("cancelled");
  });
  return {
    seconds,
    ended,
    token: source.token,
    start: () => {
      after(seconds * 1000, () => {
        end("late");
      });
    },
    pause: async (milliseconds) => {
      const { promise, resolve: go } = withResolvers<null>();
      after(milliseconds, () => {
        go(null);
      });
      await promise;
    },
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
      source.dispose();
    },
  };
}
