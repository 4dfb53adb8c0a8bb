import fc from "fast-check";
import { expect, test } from "vitest";
import { batchLine, readBatchLine } from "#core/chat/batchFile";
import { requestBody } from "#core/chat/openAi";
import { failureText } from "#core/util/failure";
import { request } from "./chatFixture";

test("a question is a line of its own, whatever is in it", () => {
  const line = batchLine("name-1", { ...request, messages: [{ role: "user", text: "two\nlines\u2028three" }] });
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toEqual({
    custom_id: "name-1",
    method: "POST",
    url: "/v1/chat/completions",
    body: requestBody({ ...request, messages: [{ role: "user", text: "two\nlines\u2028three" }] }),
  });
});

const body = {
  model: "scripted-1-2026",
  choices: [{ message: { content: "Blue." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 21, completion_tokens: 2 },
};

test.each([
  ["as OpenAI writes it", { id: "batch_req_1", custom_id: "name-1", response: { status_code: 200, request_id: "r", body }, error: null }],
  ["without a status", { custom_id: "name-1", response: { body } }],
])("an answer %s", (_, line) => {
  const usage = { inputTokens: 21, outputTokens: 2, estimated: false };
  expect(readBatchLine(JSON.stringify(line))).toEqual({
    ok: true,
    value: { name: "name-1", answer: { text: "Blue.", ending: "stop", usage, model: "scripted-1-2026" } },
  });
});

test.each([
  ["", "The line is no JSON object."],
  ["[1]", "The line is no JSON object."],
  ['{"custom_id": 7}', 'The line has no "custom_id".'],
  ['{"custom_id": "a"}', 'The line has no "response".'],
  [batchLine("name-1", request), "The line is a question, not an answer."],
  [
    '{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"Too late."}}',
    "The question failed at the service: Too late.",
  ],
  [
    '{"custom_id":"a","response":{"status_code":429,"body":{"error":{"message":"Slow\\u001b[1m down."}}}}',
    "The service answered with status 429: Slow down.",
  ],
  ['{"custom_id":"a","response":{"status_code":500,"body":"oops"}}', "The service answered with status 500."],
  ['{"custom_id":"a","response":{"status_code":200,"body":{}}}', 'The answer is no chat completion: it has no "choices".'],
])("%s: %s", (line, message) => {
  const read = readBatchLine(line);
  expect(read.ok ? "" : failureText(read.failure).slice(0, message.length)).toBe(message);
});

test("whatever a line holds, it is an answer or a failure", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record({ custom_id: fc.oneof(fc.string(), fc.jsonValue()), response: fc.jsonValue(), error: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(line, (text) => {
      const read = readBatchLine(text);
      if (!read.ok) expect(read.failure.reason).toBe("bad-answer");
      else expect(read.value.name).not.toBe("");
    }),
    { numRuns: 500 },
  );
});
