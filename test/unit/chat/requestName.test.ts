import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatRequest } from "#core/chat/chat";
import { requestName, requestText } from "#core/chat/requestName";
import { sha256 } from "../../support/sha256";
import { request } from "./chatFixture";

test("a request is named by its content, in whatever order its fields stand", () => {
  const { model, ...others } = request;
  expect(requestName({ ...others, model }, sha256)).toBe(requestName(request, sha256));
  expect(requestName(request, sha256)).toMatchInlineSnapshot(`"9284707329552aa8a4da7cbcdf8bd56381eb7badadf4c5e12b4e4501be5d0b8b"`);
});

test("every part of a request changes its name", () => {
  const changes: readonly Partial<ChatRequest>[] = [
    {},
    { model: "scripted-2" },
    { instructions: "" },
    { messages: [] },
    { messages: [{ role: "assistant", text: "Which colour has the sky?" }] },
    { messages: [...request.messages, { role: "user", text: "" }] },
    { maxTokens: 17 },
    { temperature: 0.1 },
    { seed: 43 },
    { schema: { name: "a", schema: {} } },
    { schema: { name: "b", schema: {} } },
    { schema: { name: "a", schema: { type: "object" } } },
    { logprobs: 5 },
    { logprobs: 0 },
  ];
  const names = changes.map((change) => requestName({ ...request, ...change }, sha256));
  expect(new Set(names).size).toBe(changes.length);
});

test("no two requests have one text, whatever is in them", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', '","', "\\", "\ud83d", "\ufffd"));
  const requests = fc.record({
    instructions: text,
    messages: fc.array(fc.record({ role: fc.constantFrom("user" as const, "assistant" as const), text }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(requests, requests, (first, second) => {
      const same = requestText({ ...request, ...first }) === requestText({ ...request, ...second });
      expect(same).toBe(JSON.stringify([first.instructions, first.messages]) === JSON.stringify([second.instructions, second.messages]));
    }),
  );
});
