import { expect, test } from "vitest";
import { serverWords } from "../../../server/runtime/chat/serverWords";

const passage = "Hold the button for ten seconds to reset only the network settings.";
const secrets = {
  key: "sk-1",
  request: { model: "m", instructions: "Judge.", messages: [{ role: "user", text: passage }], maxTokens: 9, temperature: 0, seed: 1 },
} as const;

test.each([
  ["OpenAI", { error: { message: "Bad key.", type: "invalid" } }, "Bad key."],
  ["Ollama", { error: "model 'x' not found" }, "model 'x' not found"],
  [
    "FastAPI",
    { detail: [{ loc: ["body", "seed"], msg: "Extra inputs are not permitted", input: passage }] },
    "body.seed: Extra inputs are not permitted",
  ],
  ["Gemini", [{ error: { code: 400, message: 'Unknown name "seed"' } }], 'Unknown name "seed"'],
  ["a list of things", { error: { message: [{ message: "one" }, { message: "two" }] } }, "one; two"],
  ["nothing that says anything", { status: "failed", input: passage }, ""],
  ["JSON that is no object", 7, ""],
])("the sentence is found as %s words it", (_, body, said) => {
  expect(serverWords(JSON.stringify(body), secrets)).toBe(said);
});

test("a text is cut at 200 characters, on one line, without what acts on a terminal", () => {
  expect(serverWords(`\u001b[31mRed\u001b[0m\r\n\u202eand\u0007 more`, secrets)).toBe("Red and more");
  const long = serverWords("word ".repeat(100), secrets);
  expect([long.length <= 200, long.endsWith("…")]).toEqual([true, true]);
});

test("the key and pieces of the question are taken out", () => {
  expect(serverWords(`Key sk-1 may not ask "${passage}"`, secrets)).toBe('Key … may not ask "…"');
  expect(serverWords(`It was: ${passage.slice(5, 40)}, and so on`, secrets)).toBe("It was:…, and so on");
});
