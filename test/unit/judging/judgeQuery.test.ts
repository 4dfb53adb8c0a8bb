import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatAnswer } from "#core/chat/chat";
import { flaggedOf } from "#core/judging/flaggedOf";
import type { Judgement } from "#core/judging/judgement";
import { judgeQuery } from "#core/judging/judgeQuery";
import { neverCancelled } from "#core/util/cancellation";
import { failureText } from "#core/util/failure";
import { err } from "#core/util/result";
import { questionIn, scriptedAnswer, ScriptedChat, scriptedJudge, textsOf } from "../../support/scriptedJudge";
import { input, options, truths } from "./judgeFixture";

interface Answer {
  readonly candidates: readonly Readonly<Record<string, unknown>>[];
  readonly query: unknown;
  readonly wrong_positives: readonly Readonly<Record<string, unknown>>[];
}

/** The true answer with something changed in it. */
function changed(change: (answer: Answer) => unknown) {
  return (texts: readonly string[]): string => JSON.stringify(change(JSON.parse(scriptedAnswer(texts, truths)) as Answer));
}

async function judged(answer: (texts: readonly string[], asked: number) => string | Partial<ChatAnswer>) {
  const chat = new ScriptedChat(answer);
  const result = await judgeQuery(input, { ...options, chat, cancellation: neverCancelled });
  return { result, said: result.ok ? result.value : failureText(result.failure), requests: chat.requests };
}

async function judgement(answer: (texts: readonly string[], asked: number) => string | Partial<ChatAnswer>): Promise<Judgement> {
  const { said } = await judged(answer);
  if (typeof said === "string") throw new Error(said);
  return said;
}

/** With the ids of this question by what they stand for: <1> is "cand-1", <wrong> the wrong positive. */
function withoutIds(text: string, texts: readonly string[]): string {
  const found = questionIn(texts);
  const place = (passage: string): number => input.candidates.findIndex((candidate) => candidate.text === passage) + 1;
  const named = (found?.candidates ?? []).reduce((rest, { id, text: shown }) => rest.replaceAll(id, `<${String(place(shown))}>`), text);
  return named.replaceAll(found?.positives[1]?.id ?? "", "<wrong>");
}

test("a judgement, by the keys of the input and in its order", async () => {
  expect(await judgement((texts) => scriptedAnswer(texts, truths))).toMatchInlineSnapshot(`
    {
      "candidates": [
        {
          "key": "cand-1",
          "reason": "It says what the query asks for.",
          "span": "Charles Darwin published his book",
          "verdict": "relevant",
        },
        {
          "key": "cand-2",
          "reason": "It says what the query asks for.",
          "span": "Darwin was an English naturalist",
          "verdict": "partly_relevant",
        },
        {
          "key": "cand-3",
          "reason": "It does not say what the query asks for.",
          "verdict": "not_relevant",
        },
        {
          "key": "cand-4",
          "reason": "It says what the query asks for.",
          "span": "It was Charles Darwin who",
          "verdict": "duplicate_of_positive",
        },
      ],
      "model": "scripted-1",
      "usage": {
        "estimated": false,
        "inputTokens": 100,
        "outputTokens": 20,
      },
      "wrongPositives": [
        {
          "key": "pos-2",
          "reason": "It does not say who wrote it.",
        },
      ],
    }
  `);
});

test("an ambiguous query is told with its reason", async () => {
  const ambiguous = { ...truths, ambiguous: () => "Several books\u001b[31m have\nthat title." };
  expect((await judgement((texts) => scriptedAnswer(texts, ambiguous))).ambiguous).toBe("Several books have that title.");
});

describe("an answer counts whatever stands around it", () => {
  test.each([
    ["a code fence", (answer: string) => `\`\`\`json\n${answer}\n\`\`\``],
    ["a sentence before and after", (answer: string) => `Here is {my} answer:\n${answer}\nI hope that "helps".`],
    ["thoughts with a draft", (answer: string) => `<think>Perhaps {"candidates": []}?</think>\n${answer}`],
    ["white space", (answer: string) => `\n\n  ${answer.replaceAll(",", ",\n  ")}\n`],
  ])("%s", async (_, wrap) => {
    const { requests, result } = await judged((texts) => wrap(scriptedAnswer(texts, truths)));
    expect(result.ok).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test("fields of findings that are left out say that there are none", async () => {
    const { wrongPositives, ambiguous } = await judgement(changed(({ candidates }) => ({ candidates })));
    expect({ wrongPositives, ambiguous }).toEqual({ wrongPositives: [], ambiguous: undefined });
  });
});

describe("an answer that cannot be used is asked for once more, in words that say what is wrong", () => {
  test.each<[string, string, (texts: readonly string[]) => string]>([
    ["nothing", "it holds no whole JSON object", () => ""],
    ["chatter", "it holds no whole JSON object", () => "I am sorry, I cannot help with that."],
    ["a list", "it holds 4 JSON objects instead of one", changed(({ candidates }) => candidates)],
    ["two objects", "it holds 2 JSON objects instead of one", (texts) => scriptedAnswer(texts, truths).repeat(2)],
    ["a cut object", "it holds no whole JSON object", (texts) => scriptedAnswer(texts, truths).slice(0, -20)],
    ["another shape", 'it has no list "candidates"', () => '{"verdicts": []}'],
    ["one too few", "it leaves out <1>", changed((answer) => ({ ...answer, candidates: answer.candidates.slice(1) }))],
    [
      "one twice",
      'it has <1> twice under "candidates"',
      changed((answer) => ({ ...answer, candidates: [...answer.candidates, answer.candidates[0]] })),
    ],
    [
      "one more",
      'it has an id under "candidates" that is none of those asked for there',
      changed((answer) => ({ ...answer, candidates: [...answer.candidates, { id: "p5", verdict: "relevant" }] })),
    ],
    [
      "numbers for ids",
      'it has an entry of "candidates" without an "id"; it leaves out <1>, <2>, <3>, <4>',
      changed((answer) => ({ ...answer, candidates: answer.candidates.map((entry, id) => ({ ...entry, id })) })),
    ],
    [
      "an unknown verdict",
      "it gives <1>, <2>, <3>, <4> a verdict that is none of relevant, partly_relevant, not_relevant, duplicate_of_positive",
      changed((answer) => ({ ...answer, candidates: answer.candidates.map((entry) => ({ ...entry, verdict: "Relevant!" })) })),
    ],
    [
      "a verdict that is a property of every object",
      "it gives <1>, <2>, <3>, <4> a verdict that is none of relevant, partly_relevant, not_relevant, duplicate_of_positive",
      changed((answer) => ({ ...answer, candidates: answer.candidates.map((entry) => ({ ...entry, verdict: "toString" })) })),
    ],
    [
      "a candidate as wrong positive",
      'it has an id under "wrong_positives" that is none of those asked for there',
      changed((answer) => ({ ...answer, wrong_positives: [answer.candidates[0]] })),
    ],
    [
      "a wrong positive twice",
      'it has <wrong> twice under "wrong_positives"',
      changed((answer) => ({ ...answer, wrong_positives: [...answer.wrong_positives, ...answer.wrong_positives] })),
    ],
    [
      "an ambiguity without a reason",
      "it calls the query ambiguous and does not say why",
      changed((answer) => ({ ...answer, query: { ambiguous: true, reason: " \u0000 " } })),
    ],
    [
      "an ambiguity that is no yes or no",
      'it has a "query" without "ambiguous": true or false',
      changed((answer) => ({ ...answer, query: { ambiguous: "yes" } })),
    ],
  ])("%s: %s", async (_, faults, bad) => {
    const { said, requests } = await judged((texts) => bad(texts));
    const [first, second] = requests;
    if (first === undefined || second === undefined) throw new Error("not asked twice");
    expect(requests).toHaveLength(2);
    expect(said).toMatch(/^scripted-1 gave no usable answer, twice: it .*\. Ask another model\.$/u);
    const before = textsOf(first).join("\n");
    const after = textsOf(second).join("\n");
    expect(after.startsWith(before)).toBe(true);
    expect(withoutIds(after.slice(before.length).trim(), textsOf(first))).toBe(
      `An answer before could not be used: ${faults}. Answer with the whole JSON object and nothing else.`,
    );
    const mended = await judged((texts, asked) => (asked === 0 ? bad(texts) : scriptedAnswer(texts, truths)));
    expect(mended.result.ok && mended.result.value.usage).toEqual({ inputTokens: 200, outputTokens: 40, estimated: false });
  });

  test("an answer that was cut is asked for in brief, with more room, and fails as too long", async () => {
    const { said, requests } = await judged(() => ({ text: '{"candidates": [{"id": "', ending: "length" }));
    expect(said).toMatchInlineSnapshot(
      `"The answer of scripted-1 was cut at its largest length, twice. Lower labelling.candidates, or ask another model. After a change at the service, set another labelling.seed: answers are kept."`,
    );
    expect(requests.map(({ maxTokens }) => maxTokens)).toEqual([1536, 3072]);
    expect(requests[1]?.messages.map(({ text }) => text.split("\n\n").at(-1))).toMatchInlineSnapshot(`
      [
        "Be brief: an answer before was too long and was cut. Give reasons of at most 10 words and spans of at most 8.",
      ]
    `);
  });

  test("an answer that is whole although it was cut counts", async () => {
    const { result } = await judged((texts) => ({ text: `${scriptedAnswer(texts, truths)}\n\n\n`, ending: "length" }));
    expect(result.ok).toBe(true);
  });
});

test("a refusal is not asked again, whatever was written besides", async () => {
  const { result, said, requests } = await judged((texts) => ({ text: scriptedAnswer(texts, truths), ending: "refused" }));
  expect(requests).toHaveLength(1);
  expect(result.ok ? undefined : result.failure.reason).toBe("refused");
  expect(said).toBe("scripted-1 refused to judge the query. Judge it yourself, or ask another model.");
});

test("what the model fails with is handed on", async () => {
  const failure = { reason: "rate-limited", message: "Busy." } as const;
  const chat = { ask: () => Promise.resolve(err(failure)) };
  expect(await judgeQuery(input, { ...options, chat, cancellation: neverCancelled })).toEqual(err(failure));
});

describe("words that decide", () => {
  async function spanOf(span: unknown): Promise<string | undefined> {
    const { candidates } = await judgement(
      changed((answer) => ({ ...answer, candidates: answer.candidates.map((entry) => ({ ...entry, span })) })),
    );
    return candidates[0]?.span;
  }

  test.each([
    ["Charles Darwin published his book", "Charles Darwin published his book"],
    ["  Charles\n Darwin  published ", "Charles Darwin published"],
    ["Darwin wrote it", undefined],
    ["charles darwin", undefined],
    ["", undefined],
    [" ", undefined],
    [7, undefined],
    [null, undefined],
  ])("%j is kept as %j, and the verdict in any case", async (named, kept) => {
    expect(await spanOf(named)).toBe(kept);
  });
});

test("a reason is one short line", async () => {
  const reason = `First.\n\u001b]0;title\u0007\u001b[1mBold\u202e\u{e0041}\ud800 ${"long ".repeat(100)}`;
  const { candidates } = await judgement(
    changed((answer) => ({ ...answer, candidates: answer.candidates.map((entry) => ({ ...entry, reason })) })),
  );
  expect(candidates[0]?.reason).toMatch(/^First\. Bold � long long .*long…$/u);
  expect(candidates[0]?.reason.length).toBeLessThanOrEqual(300);
});

test("reasons that are left out are empty", async () => {
  const { candidates } = await judgement(
    changed((answer) => ({ ...answer, candidates: answer.candidates.map(({ id, verdict }) => ({ id, verdict })) })),
  );
  expect(candidates.map(({ reason }) => reason)).toEqual(["", "", "", ""]);
});

test("the flagged candidates are asked about again, with the same query and positives", async () => {
  const whole = await judgement((texts) => scriptedAnswer(texts, truths));
  const flagged = flaggedOf(input, whole);
  expect(flagged).toEqual({ ...input, candidates: input.candidates.filter(({ key }) => key !== "cand-3") });
  const none = { ...whole, candidates: whole.candidates.map((candidate) => ({ ...candidate, verdict: "not_relevant" as const })) };
  expect(flaggedOf(input, none)).toBeUndefined();
  const chat = scriptedJudge(truths);
  const confirmed = flagged === undefined ? undefined : await judgeQuery(flagged, { ...options, chat, cancellation: neverCancelled });
  expect(confirmed?.ok && confirmed.value.candidates.map(({ key, verdict }) => [key, verdict])).toMatchInlineSnapshot(`
    [
      [
        "cand-1",
        "relevant",
      ],
      [
        "cand-2",
        "partly_relevant",
      ],
      [
        "cand-4",
        "duplicate_of_positive",
      ],
    ]
  `);
});

describe("whatever a model answers", () => {
  const json = fc.json({ maxDepth: 4 });
  const pieces = fc.constantFrom(
    '{"candidates":',
    "[",
    "]",
    "{",
    "}",
    '"',
    "\\",
    '"id":',
    '"verdict":',
    '"relevant"',
    ",",
    "null",
    "<think>",
    "```",
    "\u0000",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    json,
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
  );

  test("there is a judgement of each candidate or a failure, and nothing throws", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (first, second) => {
        const { result } = await judged((_, asked) => (asked === 0 ? first : second));
        expect(result.ok ? result.value.candidates.length : result.failure.reason).toBe("bad-answer");
      }),
      { numRuns: 200 },
    );
  });

  test("an answer in the right form with any values gives nothing but what was asked for", async () => {
    const values = fc.record({
      verdict: fc.oneof(fc.constantFrom("relevant", "not_relevant"), fc.jsonValue()),
      reason: fc.jsonValue(),
      span: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 4, maxLength: 4 }), fc.jsonValue(), async (given, finding) => {
        const { result } = await judged(
          changed(({ candidates }) => ({ candidates: candidates.map((entry, index) => ({ ...entry, ...given[index] })), query: finding })),
        );
        if (!result.ok) {
          expect(result.failure.reason).toBe("bad-answer");
          return;
        }
        expect(result.value.candidates.map(({ key }) => key)).toEqual(input.candidates.map(({ key }) => key));
        result.value.candidates.forEach(({ span = "", verdict, reason }, index) => {
          expect(["relevant", "not_relevant"]).toContain(verdict);
          expect(reason.length).toBeLessThanOrEqual(300);
          expect(input.candidates[index]?.text).toContain(span);
        });
      }),
      { numRuns: 150 },
    );
  });
});
