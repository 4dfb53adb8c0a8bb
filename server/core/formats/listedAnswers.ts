import { ownText } from "../util/ownText";
import type { JsonObject } from "./format";
import { LONGEST_FIELD } from "./passageFields";

const ANSWER_KEYS = ["answers", "answer"];
/** DPR's longest lists name some twenty spellings; more would only take memory. */
const mostAnswers = 32;

/**
 * The texts that an object lists under "answers" or "answer", as DPR's files do, ready to be spread into a query: nothing where it lists none. A
 * single text there is a field like any other. Whole texts are left out, and so is what comes after the first 32.
 */
export function listedAnswers(value: JsonObject, isTaken: (key: string) => boolean): { readonly answers?: readonly string[] } {
  for (const key of ANSWER_KEYS) {
    const listed: unknown = Object.hasOwn(value, key) && !isTaken(key) ? value[key] : undefined;
    if (!Array.isArray(listed)) continue;
    const answers = listed.filter((answer): answer is string => typeof answer === "string" && answer.length <= LONGEST_FIELD);
    if (answers.length > 0) return { answers: answers.slice(0, mostAnswers).map(ownText) };
  }
  return {};
}
