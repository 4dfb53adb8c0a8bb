import type { JsonObject } from "../formats/format";
import { isObject } from "../formats/jsonObject";

/** Models that think aloud begin with it, and draft answers there. */
const THOUGHTS = /^\s*<think>[\s\S]*?(?:<\/think>|$)/u;

/**
 * The one JSON object of an answer, whatever stands around it: a code fence, a sentence before or after. Where there is none or more than
 * one, this says so, as the end of a sentence that begins with "The answer".
 */
export function answerObject(answer: string): JsonObject | string {
  const objects = balancedParts(answer.replace(THOUGHTS, "")).flatMap((part) => parsedObject(part));
  const [object] = objects;
  if (object === undefined) return "holds no whole JSON object";
  return objects.length === 1 ? object : `holds ${String(objects.length)} JSON objects instead of one`;
}

/** The parts from an opening brace to the one that closes it, outermost ones only. Braces in strings count for nothing. */
function balancedParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"' && depth > 0) {
      index = endOfString(text, index);
    } else if (character === "{") {
      if (depth === 0) begin = index;
      depth += 1;
    } else if (character === "}" && depth > 0) {
      depth -= 1;
      if (depth === 0) parts.push(text.slice(begin, index + 1));
    }
  }
  return parts;
}

/** Position of the quotation mark that ends the string, or the end of the text. */
function endOfString(text: string, begin: number): number {
  for (let index = begin + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") index += 1;
    else if (character === '"') return index;
  }
  return text.length;
}

function parsedObject(part: string): readonly JsonObject[] {
  try {
    const value: unknown = JSON.parse(part);
    return isObject(value) ? [value] : [];
  } catch {
    // Words in braces are chatter.
    return [];
  }
}
