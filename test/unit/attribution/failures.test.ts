/** Failures on the way, and questions that are collected for batches. */
import { describe, expect, test } from "vitest";
import type { AttributionInput } from "#core/attribution/attribution";
import { attributeAnswer } from "#core/attribution/attributeAnswer";
import { CachedChat } from "#core/chat/cachedChat";
import type { ChatAnswer, ChatModel } from "#core/chat/chat";
import { CollectingChat } from "#core/chat/collectingChat";
import { requestName } from "#core/chat/requestName";
import { neverCancelled } from "#core/util/cancellation";
import { itemAt } from "#core/util/itemAt";
import { err } from "#core/util/result";
import { type AnswererFacts, changed, scriptedAnswerer } from "../../support/scriptedAnswerer";
import { sha256 } from "../../support/sha256";
import { attributed, contextOf, distractors, facts, failureOf, optionsFor, textsWith } from "./contexts";

/** How many questions each batch holds until the query is attributed, as it is without batches. */
async function batchesFor(context: AttributionInput, chat: ChatModel): Promise<readonly number[]> {
  const answers = new Map<string, ChatAnswer>();
  const cache = { get: (name: string) => Promise.resolve(answers.get(name)), put: () => Promise.resolve() };
  const batches: number[] = [];
  for (;;) {
    const collecting = new CollectingChat();
    const result = await attributeAnswer(context, optionsFor(new CachedChat(collecting, cache, sha256)));
    if (result.ok) {
      expect(result.value).toEqual(await attributed(context, optionsFor(chat)));
      return batches;
    }
    expect(result.failure.reason).toBe("not-ready");
    batches.push(collecting.requests.length);
    for (const request of collecting.requests) {
      const answer = await chat.ask(request, neverCancelled);
      if (answer.ok) answers.set(requestName(request, sha256), answer.value);
    }
  }
}

describe("what goes wrong", () => {
  const input = contextOf(textsWith(8, [0]));

  function failing(at: number, chat: ChatModel = scriptedAnswerer(facts)): ChatModel {
    let asked = 0;
    return {
      ask: (request, cancellation) => {
        asked += 1;
        return asked === at
          ? Promise.resolve(err({ reason: "unreachable", message: `Question ${String(at)} got lost.` }))
          : chat.ask(request, cancellation);
      },
    };
  }

  test("a failure is that of the first question that failed, and asking again goes on from there", async () => {
    const answers = new Map<string, ChatAnswer>();
    const cache = {
      get: (name: string) => Promise.resolve(answers.get(name)),
      put: (name: string, answer: ChatAnswer) => Promise.resolve(void answers.set(name, answer)),
    };
    for (const [at, kept] of [
      [1, 9],
      [2, 9],
      [7, 9],
      [11, 10],
    ] as const) {
      answers.clear();
      expect(await failureOf(input, optionsFor(new CachedChat(failing(at), cache, sha256)))).toMatchObject({
        message: `Question ${String(at)} got lost.`,
      });
      expect(answers.size).toBe(kept);
      const again = scriptedAnswerer(facts);
      const resumed = await attributed(input, optionsFor(new CachedChat(again, cache, sha256)));
      expect(again.requests).toHaveLength(11 - kept);
      expect(resumed).toEqual(await attributed(input, optionsFor(scriptedAnswerer(facts))));
    }
  });

  test("a failure in a later round, of each passage alone, beside the needed ones or of the fit", async () => {
    const two = contextOf(textsWith(8, [0, 1]));
    expect(await failureOf(two, optionsFor(failing(11)))).toMatchObject({ message: "Question 11 got lost." });
    const beside = scriptedAnswerer({ ...facts, evidence: [["FIRST", "SECOND"]] });
    expect(await failureOf(contextOf(["FIRST", "SECOND", "SECOND", ...distractors(5)]), optionsFor(failing(12, beside)))).toMatchObject({
      message: "Question 12 got lost.",
    });
    const both = contextOf(["FIRST", "SECOND", ...distractors(6)], [[2, 3]]);
    const needed = scriptedAnswerer({ ...facts, evidence: [["FIRST", "SECOND"]] });
    expect(await failureOf(both, optionsFor(failing(30, needed)))).toMatchObject({ message: "Question 30 got lost." });
  });

  test("a run that was stopped", async () => {
    const cancellation = { requested: false };
    const chat: ChatModel = {
      ask: (request, { requested }) =>
        requested ? Promise.resolve(err({ reason: "cancelled", message: "The run was stopped." })) : scriptedAnswerer(facts).ask(request),
    };
    const stopping: ChatModel = {
      ask: async (request, own) => {
        const answer = await chat.ask(request, own);
        cancellation.requested = true;
        return answer;
      },
    };
    expect(await failureOf(contextOf(textsWith(8, [0, 1])), optionsFor(stopping, { cancellation }))).toMatchObject({ reason: "cancelled" });
  });

  test.each([
    ["held back, from all", 8, { ending: "refused" }],
    ["held back, from some", 7, { ending: "refused" }],
    ["cut, from all", 8, { ending: "length" }],
    ["empty", 8, { text: " \n" }],
  ] as const)("an answer that is %s", async (_, passages, parts) => {
    const chat = changed(scriptedAnswerer(facts), (count, answer) => (count === passages ? { ...answer, ...parts } : answer));
    expect(await failureOf(input, optionsFor(chat))).toMatchObject({ reason: "bad-answer" });
  });

  test("an answer from some of the passages may be cut or empty: it is another answer", async () => {
    for (const parts of [{ ending: "length", text: "The passages do not say how high the" }, { text: "" }] as const) {
      const chat = changed(scriptedAnswerer(facts), (_, answer) => (answer.text === "UNANSWERED" ? { ...answer, ...parts } : answer));
      expect(itemAt((await attributed(input, optionsFor(chat))).weights, 0)).toBeGreaterThan(0.9);
    }
  });

  test("no passages are a failure, similarities of another shape a bug", async () => {
    expect(await failureOf(contextOf([]), optionsFor(scriptedAnswerer(facts)))).toMatchObject({ reason: "bad-arguments" });
    const wrong = { ...input, similarities: new Float32Array(3) };
    await expect(attributeAnswer(wrong, optionsFor(scriptedAnswerer(facts)))).rejects.toThrow("3 similarities for 8 passages");
  });

  test("a batch gets all questions of a round at once", async () => {
    const collecting = new CollectingChat();
    expect(await failureOf(input, optionsFor(collecting))).toMatchObject({ reason: "not-ready" });
    expect(collecting.requests).toHaveLength(10);
    const fit = new CollectingChat();
    expect(await failureOf(input, optionsFor(fit, { method: "surrogate" }))).toMatchObject({ reason: "not-ready" });
    expect(fit.requests).toHaveLength(34);
  });

  test("and one batch after the other all questions, those that depend on answers too", async () => {
    const cases: Readonly<Record<string, readonly [readonly string[], AnswererFacts["evidence"]]>> = {
      "one carrier": [["A 1"], [["A"]]],
      "two that say the same": [["A 1", "A 2"], [["A"]]],
      "two needed, one of them twice": [["A 1", "B 1", "B 2"], [["A", "B"]]],
      "two needed, both of them twice": [["A 1", "A 2", "B 1", "B 2"], [["A", "B"]]],
      "three needed, two of them twice": [["A 1", "B 1", "B 2", "C 1", "C 2"], [["A", "B", "C"]]],
    };
    const rounds: Record<string, readonly number[]> = {};
    for (const [name, [texts, evidence]] of Object.entries(cases)) {
      const context = contextOf([...texts, ...distractors(8 - texts.length)]);
      rounds[name] = await batchesFor(context, scriptedAnswerer({ ...facts, evidence }));
    }
    expect(rounds).toMatchInlineSnapshot(`
      {
        "one carrier": [
          10,
          1,
        ],
        "three needed, two of them twice": [
          10,
          1,
          7,
          27,
        ],
        "two needed, both of them twice": [
          10,
          8,
          24,
        ],
        "two needed, one of them twice": [
          10,
          1,
          7,
        ],
        "two that say the same": [
          10,
          8,
        ],
      }
    `);
  });
});
