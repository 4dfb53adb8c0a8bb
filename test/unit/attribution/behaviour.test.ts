import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerRequest } from "#core/attribution/answerRequest";
import type { AttributionOptions } from "#core/attribution/attribution";
import { mostCalls } from "#core/attribution/mostCalls";
import { requestName } from "#core/chat/requestName";
import { makeTeacher } from "#core/softLabels/makeTeacher";
import { itemAt } from "#core/util/itemAt";
import { type AnswererFacts, answerQuestionIn, changed, scriptedAnswerer } from "../../support/scriptedAnswerer";
import { ScriptedChat } from "../../support/scriptedJudge";
import { sha256 } from "../../support/sha256";
import { attributed, contextOf, distractors, facts, optionsFor, textsWith, told } from "./contexts";

const METHODS = ["logprobs", "leave_one_out", "surrogate", "auto"] as const;

/** The fit is a matter of statistics: of 20 passages, 32 subsets in rare cases tell too little. So these cases are always the same ones. */
const SAME_CASES = { seed: 6 };

describe("for 3 to 20 passages", () => {
  const anyContext = fc
    .record({ count: fc.integer({ min: 3, max: 20 }), seed: fc.integer({ min: 0, max: 999 }), hasLogprobs: fc.boolean() })
    .chain((parts) =>
      fc
        .record({ places: fc.shuffledSubarray([...Array(parts.count).keys()], { minLength: 2, maxLength: 2 }) })
        .map((rest) => ({ ...parts, ...rest })),
    );

  test("a single carrier has the largest weight by every method, and the rest next to none", async () => {
    await fc.assert(
      fc.asyncProperty(anyContext, fc.constantFrom(...METHODS), async ({ count, seed, hasLogprobs, places }, method) => {
        const carrier = itemAt(places, 0);
        const chat = scriptedAnswerer({ ...facts, hasLogprobs });
        const { weights } = await attributed(contextOf(textsWith(count, [carrier])), optionsFor(chat, { method, seed }));
        for (const [index, weight] of weights.entries()) {
          if (index !== carrier) expect(weight).toBeLessThan(0.05 * itemAt(weights, carrier));
        }
      }),
      SAME_CASES,
    );
  });

  test("of two that say the same neither is overlooked, alike or not", async () => {
    await fc.assert(
      fc.asyncProperty(anyContext, fc.boolean(), async ({ count, seed, hasLogprobs, places }, isAlike) => {
        const [one, other] = [itemAt(places, 0), itemAt(places, 1)];
        const input = contextOf(textsWith(count, places), isAlike ? [[one, other]] : []);
        const { weights, method } = await attributed(input, optionsFor(scriptedAnswerer({ ...facts, hasLogprobs }), { seed }));
        expect(method).toBe("surrogate");
        const others = weights.filter((_, index) => !places.includes(index));
        expect(Math.min(itemAt(weights, one), itemAt(weights, other))).toBeGreaterThan(2 * Math.max(...others));
      }),
      SAME_CASES,
    );
  });

  const anyThree = fc
    .record({ count: fc.integer({ min: 3, max: 20 }), seed: fc.integer({ min: 0, max: 999 }), hasLogprobs: fc.boolean() })
    .chain((parts) =>
      fc
        .record({ places: fc.shuffledSubarray([...Array(parts.count).keys()], { minLength: 3, maxLength: 3 }) })
        .map((rest) => ({ ...parts, ...rest })),
    );

  test("of two that say the same, where a third one is needed too, none of the three is overlooked", async () => {
    await fc.assert(
      fc.asyncProperty(anyThree, async ({ count, seed, hasLogprobs, places }) => {
        const [one, other, needed] = [itemAt(places, 0), itemAt(places, 1), itemAt(places, 2)];
        const texts = textsWith(count, [one, other]).map((text, index) => (index === needed ? "NEEDED" : text));
        const chat = scriptedAnswerer({ ...facts, evidence: [["CARRIER", "NEEDED"]], hasLogprobs });
        const { weights, note } = await attributed(contextOf(texts), optionsFor(chat, { seed }));
        expect(note).toBe("Found from each passage beside those that the answer cannot do without.");
        for (const [index, weight] of weights.entries())
          expect(weight / itemAt(weights, needed)).toBeCloseTo(places.includes(index) ? 1 : 0, 5);
      }),
    );
  });

  const anyEvidence = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    seed: fc.integer({ min: 0, max: 999 }),
    carriers: fc.integer({ min: 0, max: 20 }),
    evidence: fc.constantFrom([["CARRIER"]], [["CARRIER", "NEEDED"]], [["NEEDED", "number 3"]], [["NEEDED", "CARRIER 2", "number"]]),
    hasLogprobs: fc.boolean(),
    wordings: fc.constantFrom(0, 0.1, 0.3).map((share) => ({ share, texts: ["It is 330 metres high", "330 metres"] })),
  });

  test("no more is asked than was said before, nothing twice, and the first question is the one that was shown", async () => {
    await fc.assert(
      fc.asyncProperty(anyEvidence, fc.constantFrom(...METHODS), async ({ count, seed, carriers, ...changes }, method) => {
        const texts = textsWith(count, [...Array(carriers).keys()]).map((text, index) => (index === count - 1 ? "NEEDED" : text));
        const input = contextOf(texts);
        const chat = scriptedAnswerer({ ...facts, ...changes });
        const options = optionsFor(chat, { method, seed, subsets: 16 });
        await attributed(input, options);
        expect(chat.requests.length).toBeLessThanOrEqual(mostCalls(count, options));
        expect(new Set(chat.requests.map((request) => requestName(request, sha256))).size).toBe(chat.requests.length);
        expect(chat.requests[0]).toEqual(answerRequest(input, options));
      }),
    );
  });

  test("most calls", () => {
    const rows = METHODS.map((method) => [method, ...[0, 1, 2, 3, 5, 8, 20].map((count) => mostCalls(count, { method, subsets: 32 }))]);
    expect(rows.map((row) => row.join(" "))).toMatchInlineSnapshot(`
      [
        "logprobs 0 2 4 5 7 10 22",
        "leave_one_out 0 2 4 5 7 10 22",
        "surrogate 0 2 4 8 32 42 54",
        "auto 0 2 4 8 32 50 74",
      ]
    `);
  });
});

test("those that are found are asked about alone, unless that was asked already", async () => {
  const calls = [];
  for (const count of [1, 2, 3, 4, 8]) {
    const chat = scriptedAnswerer(facts);
    expect(itemAt((await attributed(contextOf(textsWith(count, [0])), optionsFor(chat))).weights, 0)).toBe(1);
    calls.push([count, chat.requests.length]);
  }
  expect(calls).toEqual([
    [1, 2],
    [2, 4],
    [3, 6],
    [4, 7],
    [8, 11],
  ]);
});

test("what is needed may give part of the answer by itself: the rest comes from the fit", async () => {
  const found = [];
  for (const partial of ["330 metres", "About 330 metres"]) {
    const chat = new ScriptedChat((texts) => {
      const { passages = [] } = answerQuestionIn(texts) ?? {};
      const [hasHeight, hasTip] = ["HEIGHT", "TIP"].map((word) => passages.some((text) => text.includes(word)));
      return { text: hasHeight !== true ? "UNANSWERED" : hasTip === true ? facts.answer : partial };
    });
    found.push(
      `${told(await attributed(contextOf(["HEIGHT", "TIP a", "TIP b", ...distractors(5)]), optionsFor(chat)))}, ${String(chat.requests.length)} calls`,
    );
  }
  expect(found).toMatchInlineSnapshot(`
    [
      "surrogate: .89 .07 .04 .02 . .00 . ., 45 calls",
      "surrogate: .87 .08 .04 .03 . .00 . ., 45 calls",
    ]
  `);
});

test("many carriers are found from each passage alone", async () => {
  const rows: string[] = [];
  for (const carriers of [3, 4, 5, 8]) {
    const found = await attributed(contextOf(textsWith(8, [...Array(carriers).keys()])), optionsFor(scriptedAnswerer(facts), { seed: 1 }));
    rows.push(told(found));
  }
  expect(rows).toMatchInlineSnapshot(`
    [
      "surrogate: 1.00 1.00 1.00 . . . . . (Found from each passage alone.)",
      "surrogate: 1.00 1.00 1.00 1.00 . . . . (Found from each passage alone.)",
      "surrogate: 1.00 1.00 1.00 1.00 1.00 . . . (Found from each passage alone.)",
      "surrogate: 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 (Found from each passage alone.)",
    ]
  `);
});

describe("a model that words its answer anew for three contexts of ten", () => {
  const wordings = { share: 0.3, texts: ["330 m to its tip", "It is 330 metres high", "330 metres"] };

  async function rowFor(changes: Partial<AnswererFacts>, options: Partial<AttributionOptions>): Promise<string> {
    const chat = scriptedAnswerer({ ...facts, wordings, ...changes });
    const found = await attributed(contextOf(textsWith(8, [0, 1])), optionsFor(chat, options));
    const teacher = makeTeacher(
      found.weights.map((weight, index) => ({ key: String(index), weight })),
      1.5,
    );
    return `${told(found)} -> ${teacher?.carries ?? "none"}: ${teacher?.probabilities.map((probability) => probability.toFixed(2)).join(" ") ?? ""}`;
  }

  const one = { evidence: [["CARRIER 0"]] };
  const byHeart = { byHeart: "about 330 metres to its tip" };

  test("is not believed in single differences, but in the fit", async () => {
    const rows: Record<string, string> = {};
    for (const [name, changes] of Object.entries({ one, two: {}, "by heart": byHeart })) {
      for (const hasLogprobs of [false, true]) {
        rows[`${name}, ${hasLogprobs ? "log-probabilities" : "words"}`] = await rowFor({ ...changes, hasLogprobs }, { seed: 2 });
      }
    }
    expect(rows).toMatchInlineSnapshot(`
      {
        "by heart, log-probabilities": "surrogate: 4.80 4.80 . . . . . . (Found from each passage alone.) -> ranking: 0.47 0.47 0.01 0.01 0.01 0.01 0.01 0.01",
        "by heart, words": "surrogate: . . . . . . . . (What the model answers does not follow which passages it is given: none stands out.) -> flat: 0.13 0.13 0.13 0.13 0.13 0.13 0.13 0.13",
        "one, log-probabilities": "logprobs: 5.89 1.09 1.09 1.09 1.09 1.09 1.09 1.09 -> ranking: 0.79 0.03 0.03 0.03 0.03 0.03 0.03 0.03",
        "one, words": "surrogate: .41 . . . . .00 . . -> ranking: 0.89 0.02 0.02 0.02 0.02 0.02 0.02 0.02",
        "two, log-probabilities": "surrogate: 4.80 4.80 . . . . . . (Found from each passage alone.) -> ranking: 0.47 0.47 0.01 0.01 0.01 0.01 0.01 0.01",
        "two, words": "surrogate: .17 .18 . . . . . . -> ranking: 0.41 0.53 0.01 0.01 0.01 0.01 0.01 0.01",
      }
    `);
  });

  test("misleads leaving out one by one: what auto is for", async () => {
    expect(await rowFor({}, { seed: 2, method: "leave_one_out" })).toMatchInlineSnapshot(
      `"leave_one_out: .60 .60 .60 .80 .60 .80 .60 .60 -> ranking: 0.03 0.03 0.03 0.41 0.03 0.41 0.03 0.03"`,
    );
  });
});

describe("models without log-probabilities", () => {
  const input = contextOf(textsWith(8, [3]));

  test("are compared by words, which is said where log-probabilities were wanted", async () => {
    expect(told(await attributed(input, optionsFor(scriptedAnswerer(facts), { method: "logprobs" })))).toMatchInlineSnapshot(
      `"leave_one_out: . . . 1.00 . . . . (The model gives no log-probabilities: words were compared instead.)"`,
    );
  });

  test("and so are those that give them only at times", async () => {
    const chat = changed(scriptedAnswerer({ ...facts, hasLogprobs: true }), (passages, { tokens, ...answer }) =>
      passages === 0 || tokens === undefined ? answer : { ...answer, tokens },
    );
    expect(await attributed(input, optionsFor(chat))).toMatchObject({ method: "leave_one_out" });
  });

  test("but an empty answer has no tokens in any case", async () => {
    const chat = changed(scriptedAnswerer({ ...facts, hasLogprobs: true }), (_, { tokens, ...answer }) =>
      answer.text === "UNANSWERED" ? { ...answer, text: "" } : tokens === undefined ? answer : { ...answer, tokens },
    );
    expect(await attributed(input, optionsFor(chat))).toMatchObject({ method: "logprobs" });
  });
});

test("the usage of all answers is added up, and an estimate among them shows", async () => {
  const input = contextOf(textsWith(8, [0]));
  expect((await attributed(input, optionsFor(scriptedAnswerer(facts)))).usage).toEqual({
    inputTokens: 1100,
    outputTokens: 220,
    estimated: false,
  });
  const unsure = changed(scriptedAnswerer(facts), (passages, answer) =>
    passages === 0 ? { ...answer, usage: { ...answer.usage, estimated: true } } : answer,
  );
  expect((await attributed(input, optionsFor(unsure))).usage).toMatchObject({ estimated: true });
});

test("the answer is kept as one line without what moves a cursor, and not at full length", async () => {
  const long = scriptedAnswerer({ ...facts, answer: `330\u001b[31m metres\n${"and more ".repeat(100)}` });
  const { answer } = await attributed(contextOf(textsWith(4, [0])), optionsFor(long));
  expect(answer).toMatch(/^330 metres and more .*…$/u);
  expect(answer.length).toBeLessThanOrEqual(500);
  const none = await attributed(contextOf(distractors(4)), optionsFor(scriptedAnswerer(facts)));
  expect(none).toMatchObject({ answer: "", note: "The passages do not answer the query." });
});

test("the same questions with the same answers give the same bytes", async () => {
  const input = contextOf(textsWith(12, [1, 5, 7]));
  const runs = [];
  for (let run = 0; run < 2; run += 1)
    runs.push(JSON.stringify(await attributed(input, optionsFor(scriptedAnswerer({ ...facts, hasLogprobs: true })))));
  expect(runs[0]).toBe(runs[1]);
});
