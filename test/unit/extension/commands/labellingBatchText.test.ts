import { expect, test } from "vitest";
import { readText, writtenText } from "../../../../extension/commands/labellingBatchText";

const file = "file:///batch.jsonl";

test.each([
  [{ file, requests: 1200, later: 0 }, "Wrote 1,200 questions. Have the service answer them, then read its answers back."],
  [
    { file, requests: 1, later: 31 },
    "Wrote 1 question. Have the service answer them, then read its answers back. 31 questions can be asked once these are answered: write another batch then.",
  ],
])("%j, in words", (written, text) => {
  expect(writtenText(written)).toBe(text);
});

test.each([
  [{ answers: 40, problems: [] }, "Took in 40 answers; a run over the same queries with that model does not ask for them again."],
  [{ answers: 0, problems: ["Line 1 is no JSON."] }, "No answer was taken in. Line 1 is no JSON."],
  [
    { answers: 1, problems: ["Line 1.", "Line 2.", "Line 3.", "Line 4.", "Line 5."] },
    "Took in 1 answer; a run over the same queries with that model does not ask for it again. Line 1. Line 2. Line 3. And 2 more problems.",
  ],
])("%j, in words", (read, text) => {
  expect(readText(read)).toBe(text);
});
