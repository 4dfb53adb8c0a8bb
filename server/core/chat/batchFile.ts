/** Batch files as OpenAI's batch service and `vllm run-batch` read and write them: https://platform.openai.com/docs/guides/batch */
import { isObject } from "../formats/jsonObject";
import { err, ok, type Result } from "../util/result";
import type { ChatAnswer, ChatRequest } from "./chat";
import { errorText, readCompletionBody, requestBody } from "./openAi";

export interface BatchAnswer {
  /** Name of the request. */
  readonly name: string;
  readonly answer: ChatAnswer;
}

/** The line of a question under its name, without a line end. */
export function batchLine(name: string, request: ChatRequest): string {
  return JSON.stringify({ custom_id: name, method: "POST", url: "/v1/chat/completions", body: requestBody(request) });
}

/** Reads a line of answers. Fails with "bad-answer" where it is no such line, and where the question failed at the service. */
export function readBatchLine(text: string): Result<BatchAnswer> {
  const line = parsed(text);
  if (line === undefined) return bad("The line is no JSON object.");
  const name = line["custom_id"];
  if (typeof name !== "string" || name === "") return bad('The line has no "custom_id".');
  const error = errorText(line["error"]);
  if (error !== undefined) return bad(`The question failed at the service: ${error}`);
  const response = asObject(line["response"]);
  if (response === undefined) {
    return "body" in line ? bad("The line is a question, not an answer.") : bad('The line has no "response".');
  }
  const status = response["status_code"];
  if (typeof status === "number" && status !== 200) {
    const said = errorText(asObject(response["body"])?.["error"]);
    return bad(`The service answered with status ${String(status)}${said === undefined ? "." : `: ${said}`}`);
  }
  // The question is not at hand: what the service leaves out of it is put in when it is asked, see CachedChat.
  const answer = readCompletionBody(response["body"], { model: "", inputTokens: 0 });
  return answer.ok ? ok({ name, answer: answer.value }) : answer;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

function bad(message: string): Result<never> {
  return err({
    reason: "bad-answer",
    message,
    nextStep: "Give the file that the service wrote, and ask again for what failed with another batch.",
  });
}
