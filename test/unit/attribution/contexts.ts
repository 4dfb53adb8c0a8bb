import type { Attribution, AttributionInput, AttributionOptions } from "#core/attribution/attribution";
import { attributeAnswer } from "#core/attribution/attributeAnswer";
import type { ChatModel } from "#core/chat/chat";
import type { Failure } from "#core/util/failure";
import { neverCancelled } from "#core/util/cancellation";
import type { AnswererFacts } from "../../support/scriptedAnswerer";

/** What the scripted model knows: it answers where a passage says "CARRIER". */
export const facts: AnswererFacts = { answer: "330 metres to its tip", evidence: [["CARRIER"]] };

/** A context of passages "p0", "p1" and so on, of which some are alike. */
export function contextOf(texts: readonly string[], alike: readonly (readonly [number, number])[] = []): AttributionInput {
  const count = texts.length;
  const similarities = new Float32Array(count * count).fill(0.4);
  for (let index = 0; index < count; index += 1) similarities[index * count + index] = 1;
  for (const [one, other] of alike) {
    similarities[one * count + other] = 0.93;
    similarities[other * count + one] = 0.93;
  }
  return {
    query: { key: "q", text: "How high is the tower?" },
    passages: texts.map((text, index) => ({ key: `p${String(index)}`, text })),
    similarities,
  };
}

/** Passages that say nothing to the point. */
export function distractors(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Of other matters, number ${String(index)}.`);
}

/** So many passages, of which those at the places carry the answer. */
export function textsWith(count: number, carriers: readonly number[]): readonly string[] {
  return distractors(count).map((text, index) => (carriers.includes(index) ? `CARRIER ${String(index)}` : text));
}

export function optionsFor(chat: ChatModel, changes: Partial<AttributionOptions> = {}): AttributionOptions {
  return {
    chat,
    model: "scripted",
    method: "auto",
    subsets: 32,
    maxPassageCharacters: 500,
    seed: 42,
    cancellation: neverCancelled,
    ...changes,
  };
}

export async function attributed(input: AttributionInput, options: AttributionOptions): Promise<Attribution> {
  const result = await attributeAnswer(input, options);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

export async function failureOf(input: AttributionInput, options: AttributionOptions): Promise<Failure> {
  const result = await attributeAnswer(input, options);
  if (result.ok) throw new Error("it was attributed");
  return result.failure;
}

/** "surrogate: .44 .44 . ." with a point for 0. */
export function told({ method, weights, note }: Attribution): string {
  const list = weights.map((weight) => (weight === 0 ? "." : weight.toFixed(2).replace(/^0/u, ""))).join(" ");
  return `${method}: ${list}${note === undefined ? "" : ` (${note})`}`;
}
