import { describe, expect, test } from "vitest";
import { isUnanswered } from "#core/attribution/answerPrompt";
import { byTokens, byWords } from "#core/attribution/responseScore";
import { wordAgreement } from "#core/attribution/wordAgreement";
import type { ChatAnswer, TokenProbability } from "#core/chat/chat";

function answer(text: string, tokens?: readonly TokenProbability[]): ChatAnswer {
  const usage = { inputTokens: 1, outputTokens: 1, estimated: false };
  return { text, ending: "stop", usage, model: "scripted", ...(tokens === undefined ? {} : { tokens }) };
}

/** "Paris:-0.1 France~" : tokens with their log-probabilities; alternatives as further pairs. */
function token(text: string, logprob: number, alternatives: Readonly<Record<string, number>> = {}): TokenProbability {
  return {
    token: text,
    logprob,
    alternatives: Object.entries({ [text]: logprob, ...alternatives }).map(([other, p]) => ({ token: other, logprob: p })),
  };
}

describe("agreement of words", () => {
  test.each([
    ["the same", "330 metres", "330 metres", 1],
    ["case and punctuation", "330 Metres.", "330 metres", 1],
    ["compatibility forms", "３３０ metres", "330 metres", 1],
    ["half of each", "330 metres", "330 feet", 0.5],
    ["one within the other", "330 metres", "It is 330 metres high", 4 / 7],
    ["repeated words count as often as they are there", "no no no", "no", 0.5],
    ["nothing in common", "330 metres", "UNANSWERED", 0],
    ["Chinese, another tower", "埃菲尔铁塔", "东京", 0],
    ["Japanese, the same", "東京タワーは三百三十三メートルです", "東京タワーは三百三十三メートルです。", 1],
    ["Thai, the same", "หอไอเฟลสูงสามร้อยเมตร", "หอไอเฟลสูงสามร้อยเมตร", 1],
    ["Arabic", "برج إيفل في باريس", "في باريس", 2 / 3],
    ["signs alone, the same", " % ", "%", 1],
    ["signs alone, others", "%", "+", 0],
    ["nothing at all", "", "", 1],
    ["nothing and something", "", "330", 0],
  ])("%s", (_, one, other, expected) => {
    expect(wordAgreement(one, other)).toEqual(expected);
    expect(wordAgreement(other, one)).toEqual(expected);
  });

  test.each([
    ["Chinese", "埃菲尔铁塔高三百三十米", "铁塔高三百三十米"],
    ["Japanese", "東京タワーは三百三十三メートルです", "東京タワーです"],
    ["Thai", "หอไอเฟลสูงสามร้อยเมตร", "สูงสามร้อยเมตร"],
  ])("%s is cut into words, so that a part agrees in part", (_, one, other) => {
    // Where exactly the cuts are is the runtime's dictionary's to say.
    expect(wordAgreement(one, other)).toBeGreaterThan(0.3);
    expect(wordAgreement(one, other)).toBeLessThan(1);
  });

  test("an answer that says there is none agrees with none that is one, even about the word", () => {
    expect(byWords(answer("UNANSWERED questions of physics"))(answer("unanswered"))).toBe(0.4);
    expect(byWords(answer("questions unanswered"))(answer("UNANSWERED"))).toBe(0);
    expect(byWords(answer("UNANSWERED"))(answer("Unanswered."))).toBe(1);
  });
});

test.each([
  ["UNANSWERED", true],
  ['  "Unanswered." ', true],
  ["**UNANSWERED**", true],
  ["UNANSWERED: the passages speak of other matters.", true],
  ["UNANSWERED\n\nThe passages do not say.", true],
  ["Unanswered questions of physics", false],
  ["none", false],
  ["No", false],
  ["", false],
])("%j says that there is no answer: %s", (text, expected) => {
  expect(isUnanswered(text)).toBe(expected);
});

describe("log-probability of the reference's tokens", () => {
  const reference = [token("Paris", -0.1), token(",", -0.3), token(" France", -0.2)];
  const score = byTokens(reference);

  test("is the mean of the reference's own", () => {
    expect(score(answer("Paris, France", reference))).toBeCloseTo(-0.2, 12);
  });

  test("is read along an answer that says the same, however sure", () => {
    expect(score(answer("Paris, France", [token("Paris", -1), token(",", -0.5), token(" France", -0.9)]))).toBeCloseTo(-0.8, 12);
  });

  test("ends at the first other token with what the reference's had there", () => {
    expect(score(answer("Paris in France", [token("Paris", -0.2), token(" in", -0.4, { ",": -1.8 }), token(" France", -0.1)]))).toBeCloseTo(
      -1,
      12,
    );
    expect(score(answer("Lyon", [token("Lyon", -0.4, { Paris: -3, Nice: -2 })]))).toBeCloseTo(-3, 12);
  });

  test("takes the lowest alternative where the reference's is not among them", () => {
    expect(score(answer("Lyon", [token("Lyon", -0.4, { Nice: -2, Metz: -7 })]))).toBe(-7);
    expect(score(answer("Lyon", [{ token: "Lyon", logprob: -0.4, alternatives: [] }]))).toBe(-0.4);
  });

  test("keeps to what servers can compute with", () => {
    expect(score(answer("Lyon", [token("Lyon", -0.1, { Paris: -9999 })]))).toBe(-16);
    expect(score(answer("Paris", [token("Paris", 1e-9)]))).toBe(0);
  });

  test("of an answer without tokens is the lowest", () => {
    expect(score(answer("", []))).toBe(-16);
    expect(score(answer(""))).toBe(-16);
  });

  test("of one that stops early is that of its tokens", () => {
    expect(score(answer("Paris", [token("Paris", -0.5)]))).toBe(-0.5);
  });
});
