import type { ChatRequest } from "../chat/chat";
import type { JudgeInput } from "./judgement";
import { judgeQuestion, type QuestionOptions } from "./judgeQuestion";

/** The first question that `judgeQuery` asks: for estimates, and to show what would be sent. */
export function judgeRequest(input: JudgeInput, options: QuestionOptions): ChatRequest {
  return judgeQuestion(input, options).request;
}
