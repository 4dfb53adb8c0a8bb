import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCompletion, requestBody } from "#core/chat/openAi";
import { requestTokens } from "#core/chat/tokenEstimate";
import { failureText } from "#core/util/failure";
import { request } from "./chatFixture";

test("a plain question", () => {
  expect(requestBody(request)).toMatchInlineSnapshot(`
    {
      "max_tokens": 16,
      "messages": [
        {
          "content": "Answer in one word.",
          "role": "system",
        },
        {
          "content": "Which colour has the sky?",
          "role": "user",
        },
      ],
      "model": "scripted-1",
      "seed": 42,
      "temperature": 0,
    }
  `);
});

test("a question with turns, a schema and log-probabilities", () => {
  const messages = [...request.messages, { role: "assistant", text: "Blue." } as const, { role: "user", text: "Why?" } as const];
  const {
    messages: said,
    response_format,
    logprobs,
    top_logprobs,
  } = requestBody({
    ...request,
    messages,
    schema: { name: "judgement", schema: { type: "object" } },
    logprobs: 5,
  });
  expect({ said, response_format, logprobs, top_logprobs }).toMatchInlineSnapshot(`
    {
      "logprobs": true,
      "response_format": {
        "json_schema": {
          "name": "judgement",
          "schema": {
            "type": "object",
          },
          "strict": true,
        },
        "type": "json_schema",
      },
      "said": [
        {
          "content": "Answer in one word.",
          "role": "system",
        },
        {
          "content": "Which colour has the sky?",
          "role": "user",
        },
        {
          "content": "Blue.",
          "role": "assistant",
        },
        {
          "content": "Why?",
          "role": "user",
        },
      ],
      "top_logprobs": 5,
    }
  `);
});

function completion(choice: object, others: object = {}): unknown {
  return { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Blue." }, ...choice }], ...others };
}

function read(body: unknown) {
  const answer = readCompletion(body, request);
  return answer.ok ? answer.value : failureText(answer.failure);
}

test("a whole answer", () => {
  const body = completion({}, { model: "scripted-1-2026", usage: { prompt_tokens: 21, completion_tokens: 2, total_tokens: 23 } });
  expect(read(body)).toEqual({
    text: "Blue.",
    ending: "stop",
    usage: { inputTokens: 21, outputTokens: 2, estimated: false },
    model: "scripted-1-2026",
  });
});

describe("what servers leave out", () => {
  const estimated = { inputTokens: requestTokens(request), outputTokens: 2, estimated: true };

  test.each([
    ["all but the words", { choices: [{ message: { content: "Blue." } }] }],
    ["with nulls for it", completion({ finish_reason: null, logprobs: null }, { usage: null, model: null, error: null })],
    ["with an empty name of the model", completion({}, { model: "" })],
    ["with counts that are none", completion({}, { usage: { prompt_tokens: -1, completion_tokens: "2" } })],
    [
      "with the words in parts",
      completion({ message: { content: [{ type: "text", text: "Bl" }, { type: "thinking" }, { type: "text", text: "ue." }] } }),
    ],
    ["with tokens that have holes", completion({ logprobs: { content: [{ token: "Blue", logprob: -0.1 }, { token: "." }] } })],
    ["with no token at all", completion({ logprobs: { content: [] } })],
  ])("%s", (_, body) => {
    expect(read(body)).toEqual({ text: "Blue.", ending: "stop", usage: estimated, model: "scripted-1" });
  });

  test("one of two counts", () => {
    expect(read(completion({}, { usage: { prompt_tokens: 21 } }))).toMatchObject({
      usage: { inputTokens: 21, outputTokens: 2, estimated: true },
    });
  });
});

describe("how an answer ends", () => {
  test.each([
    [{ finish_reason: "length" }, "length", "Blue."],
    [{ finish_reason: "eos" }, "stop", "Blue."],
    [{ finish_reason: "content_filter" }, "refused", "Blue."],
    [{ finish_reason: "content_filter", message: { content: null } }, "refused", ""],
    [{ message: { content: null, refusal: "I cannot help with that." } }, "refused", ""],
    [{ message: { content: "Blue.", refusal: null } }, "stop", "Blue."],
    [{ finish_reason: "length", message: { content: null, reasoning_content: "The sky is" } }, "length", ""],
    [{ message: { content: "" } }, "stop", ""],
  ])("%j", (choice, ending, text) => {
    expect(read(completion(choice))).toMatchObject({ ending, text });
  });
});

test("log-probabilities with their alternatives", () => {
  const content = [
    {
      token: "Blue",
      logprob: -0.1,
      bytes: [66],
      top_logprobs: [{ token: "Blue", logprob: -0.1 }, { token: "Grey", logprob: -2.4 }, { token: 7 }],
    },
    { token: ".", logprob: -9999, top_logprobs: null },
  ];
  expect(read(completion({ logprobs: { content } }))).toMatchObject({
    tokens: [
      {
        token: "Blue",
        logprob: -0.1,
        alternatives: [
          { token: "Blue", logprob: -0.1 },
          { token: "Grey", logprob: -2.4 },
        ],
      },
      { token: ".", logprob: -9999, alternatives: [] },
    ],
  });
});

test.each([
  [undefined, "it is not a JSON object"],
  ["<html>502</html>", "it is not a JSON object"],
  [[], "it is not a JSON object"],
  [{}, 'it has no "choices"'],
  [{ choices: [] }, 'it has no "choices"'],
  [{ choices: [{ text: "Blue." }] }, 'its first choice has no "message"'],
  [{ choices: [{ message: { role: "assistant" } }] }, 'its message has no "content"'],
  [{ choices: [{ message: { content: [{ type: "image" }] } }] }, 'its message has no "content"'],
  [{ error: { message: "model\n\u001b[31moverloaded", code: 529 } }, 'it says "model overloaded"'],
  [{ error: "out of memory" }, 'it says "out of memory"'],
])("%j is no answer: %s", (body, why) => {
  expect(read(body)).toBe(
    `The answer is no chat completion: ${why}. Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.`,
  );
});

test("whatever a server sends, it is an answer or a failure", () => {
  const odd = fc.oneof(fc.jsonValue(), fc.anything());
  const message = fc.record({ content: odd, refusal: odd }, { requiredKeys: [] });
  const choice = fc.record({
    message: fc.oneof(message, odd),
    finish_reason: odd,
    logprobs: fc.oneof(fc.record({ content: fc.array(odd) }), odd),
  });
  const body = fc.oneof(
    odd,
    fc.record({ choices: fc.oneof(fc.array(fc.oneof(choice, odd)), odd), usage: odd, model: odd, error: fc.constant(null) }),
  );
  fc.assert(
    fc.property(body, (given) => {
      const answer = readCompletion(given, request);
      if (!answer.ok) expect(answer.failure.reason).toBe("bad-answer");
      else expect(typeof answer.value.text).toBe("string");
    }),
    { numRuns: 400 },
  );
});
