import type { AskChatParams } from "#protocol/chat";

/** One turn as VS Code's language models take it. */
export interface ChatTurn {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** A question as turns. VS Code knows no system messages, so that the instructions go first, as a turn of the person. */
export function chatTurns({ instructions, messages }: AskChatParams): readonly ChatTurn[] {
  return [{ role: "user", text: instructions }, ...messages];
}
