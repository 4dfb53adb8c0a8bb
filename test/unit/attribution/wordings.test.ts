/** How often the truth is found where a model words its answer anew from context to context. The figures of docs/distillation.md. */
import { expect, test } from "vitest";
import { itemAt } from "#core/util/itemAt";
import { type AnswererFacts, scriptedAnswerer } from "../../support/scriptedAnswerer";
import { attributed, contextOf, distractors, optionsFor } from "./contexts";

const CONTEXTS = 20;

interface Kind {
  readonly texts: readonly string[];
  readonly evidence: AnswererFacts["evidence"];
}

const KINDS: Readonly<Record<string, Kind>> = {
  "one carrier": { texts: ["A 1"], evidence: [["A"]] },
  "two that say the same": { texts: ["A 1", "A 2"], evidence: [["A"]] },
  "three that say the same": { texts: ["A 1", "A 2", "A 3"], evidence: [["A"]] },
  "two needed together": { texts: ["A 1", "B 1"], evidence: [["A", "B"]] },
  "two needed, one of them twice": { texts: ["A 1", "B 1", "B 2"], evidence: [["A", "B"]] },
  "two needed, both of them twice": { texts: ["A 1", "A 2", "B 1", "B 2"], evidence: [["A", "B"]] },
  "three needed, two of them twice": { texts: ["A 1", "B 1", "B 2", "C 1", "C 2"], evidence: [["A", "B", "C"]] },
};

/** Whether each carrier outweighs every distractor, in so many of 20 contexts of 8 passages; and the mean number of calls. */
async function row(
  { texts, evidence }: Kind,
  method: "auto" | "leave_one_out" | "surrogate",
  { share, hasLogprobs }: { readonly share: number; readonly hasLogprobs: boolean },
): Promise<string> {
  let found = 0;
  let calls = 0;
  for (let seed = 0; seed < CONTEXTS; seed += 1) {
    const others = distractors(8 - texts.length).map((text) => `${String(seed)}: ${text}`);
    const wordings = { share, texts: ["330 m to its tip", "It is 330 metres high", "330 metres"] };
    const chat = scriptedAnswerer({ answer: "330 metres to its tip", evidence, wordings, hasLogprobs });
    const { weights } = await attributed(contextOf([...texts, ...others]), optionsFor(chat, { method, seed }));
    const least = Math.min(...texts.map((_, index) => itemAt(weights, index)));
    found += weights.slice(texts.length).every((weight) => weight < least) ? 1 : 0;
    calls += chat.requests.length / CONTEXTS;
  }
  return `${String(found)} of ${String(CONTEXTS)}, ${calls.toFixed(0)} calls`;
}

async function table(share: number, hasLogprobs = false): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [kind, context] of Object.entries(KINDS)) {
    const cells: string[] = [];
    for (const method of ["leave_one_out", "surrogate", "auto"] as const) cells.push(await row(context, method, { share, hasLogprobs }));
    lines.push(`${kind} | ${cells.join(" | ")}`);
  }
  return lines;
}

test("always the same words", async () => {
  expect(await table(0)).toMatchInlineSnapshot(`
    [
      "one carrier | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two that say the same | 0 of 20, 10 calls | 20 of 20, 38 calls | 20 of 20, 18 calls",
      "three that say the same | 0 of 20, 10 calls | 20 of 20, 41 calls | 20 of 20, 18 calls",
      "two needed together | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two needed, one of them twice | 0 of 20, 10 calls | 18 of 20, 34 calls | 20 of 20, 18 calls",
      "two needed, both of them twice | 0 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 48 calls",
      "three needed, two of them twice | 0 of 20, 10 calls | 9 of 20, 34 calls | 9 of 20, 48 calls",
    ]
  `);
});

test("other words in three contexts of ten", async () => {
  expect(await table(0.3)).toMatchInlineSnapshot(`
    [
      "one carrier | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 27 calls",
      "two that say the same | 2 of 20, 10 calls | 18 of 20, 35 calls | 19 of 20, 21 calls",
      "three that say the same | 0 of 20, 10 calls | 17 of 20, 40 calls | 19 of 20, 20 calls",
      "two needed together | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 37 calls",
      "two needed, one of them twice | 1 of 20, 10 calls | 12 of 20, 34 calls | 12 of 20, 45 calls",
      "two needed, both of them twice | 0 of 20, 10 calls | 15 of 20, 34 calls | 15 of 20, 48 calls",
      "three needed, two of them twice | 0 of 20, 10 calls | 7 of 20, 34 calls | 8 of 20, 46 calls",
    ]
  `);
});

test("always the same words, with log-probabilities", async () => {
  expect(await table(0, true)).toMatchInlineSnapshot(`
    [
      "one carrier | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two that say the same | 0 of 20, 10 calls | 20 of 20, 38 calls | 20 of 20, 18 calls",
      "three that say the same | 0 of 20, 10 calls | 20 of 20, 41 calls | 20 of 20, 18 calls",
      "two needed together | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two needed, one of them twice | 0 of 20, 10 calls | 18 of 20, 34 calls | 20 of 20, 18 calls",
      "two needed, both of them twice | 0 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 48 calls",
      "three needed, two of them twice | 0 of 20, 10 calls | 9 of 20, 34 calls | 9 of 20, 48 calls",
    ]
  `);
});

test("other words in three contexts of ten, with log-probabilities", async () => {
  expect(await table(0.3, true)).toMatchInlineSnapshot(`
    [
      "one carrier | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two that say the same | 2 of 20, 10 calls | 20 of 20, 38 calls | 20 of 20, 18 calls",
      "three that say the same | 0 of 20, 10 calls | 20 of 20, 41 calls | 20 of 20, 18 calls",
      "two needed together | 20 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 11 calls",
      "two needed, one of them twice | 1 of 20, 10 calls | 17 of 20, 34 calls | 20 of 20, 18 calls",
      "two needed, both of them twice | 0 of 20, 10 calls | 20 of 20, 34 calls | 20 of 20, 48 calls",
      "three needed, two of them twice | 0 of 20, 10 calls | 10 of 20, 34 calls | 10 of 20, 48 calls",
    ]
  `);
});
