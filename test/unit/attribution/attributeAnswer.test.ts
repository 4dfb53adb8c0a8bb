import { describe, expect, test } from "vitest";
import { type AnswererFacts, scriptedAnswerer } from "../../support/scriptedAnswerer";
import { attributed, contextOf, distractors, optionsFor, told } from "./contexts";

const height: AnswererFacts = { answer: "330 metres to its tip", evidence: [["CARRIER"]] };
const METHODS = ["logprobs", "leave_one_out", "surrogate", "auto"] as const;
const noise = distractors(8);

interface Case {
  readonly texts: readonly string[];
  readonly facts: AnswererFacts;
  readonly alike?: readonly (readonly [number, number])[];
}

const CASES: Readonly<Record<string, Case>> = {
  "one carrier": { texts: ["CARRIER a", ...noise.slice(0, 7)], facts: height },
  "one carrier, last": { texts: [...noise.slice(0, 7), "CARRIER a"], facts: height },
  "two that say the same, alike": { texts: ["CARRIER a", noise[0]!, "CARRIER b", ...noise.slice(1, 6)], facts: height, alike: [[0, 2]] },
  "two that say the same, in other words": { texts: ["CARRIER a", noise[0]!, "CARRIER b", ...noise.slice(1, 6)], facts: height },
  "three that say the same": { texts: ["CARRIER a", "CARRIER b", "CARRIER c", ...noise.slice(0, 5)], facts: height },
  "two needed together": {
    texts: ["FIRST", noise[0]!, "SECOND", ...noise.slice(1, 6)],
    facts: { ...height, evidence: [["FIRST", "SECOND"]] },
  },
  "two needed together, one of them twice": {
    texts: ["FIRST", "SECOND a", "SECOND b", ...noise.slice(0, 5)],
    facts: { ...height, evidence: [["FIRST", "SECOND"]] },
  },
  "distractors alone": { texts: noise, facts: height },
  "distractors that are alike": { texts: ["CARRIER a", ...noise.slice(0, 7)], facts: height, alike: [[3, 4]] },
  "known by heart": { texts: ["CARRIER a", ...noise.slice(0, 7)], facts: { ...height, byHeart: height.answer } },
  "known otherwise by heart": { texts: ["CARRIER a", ...noise.slice(0, 7)], facts: { ...height, byHeart: "300 metres" } },
};

async function table(name: string, changes: Partial<AnswererFacts>): Promise<readonly string[]> {
  const { texts, facts, alike } = CASES[name]!;
  const rows: string[] = [];
  for (const method of METHODS) {
    const chat = scriptedAnswerer({ ...facts, ...changes });
    const found = await attributed(contextOf(texts, alike), optionsFor(chat, { method }));
    rows.push(`${method}, ${String(chat.requests.length)} calls -> ${told(found)}`);
  }
  return rows;
}

async function allTables(changes: Partial<AnswererFacts>): Promise<string> {
  const blocks: string[] = [];
  for (const name of Object.keys(CASES)) blocks.push([name, ...(await table(name, changes)).map((row) => `  ${row}`)].join("\n"));
  return `\n${blocks.join("\n")}\n`;
}

describe("contributions where the truth is known", () => {
  test("by the words of the answers", async () => {
    expect(await allTables({})).toMatchInlineSnapshot(`
      "
      one carrier
        logprobs, 10 calls -> leave_one_out: 1.00 . . . . . . . (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: .98 . . . . . . .
        auto, 11 calls -> leave_one_out: 1.00 . . . . . . .
      one carrier, last
        logprobs, 10 calls -> leave_one_out: . . . . . . . 1.00 (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . 1.00
        surrogate, 34 calls -> surrogate: . . . . . . . .98
        auto, 11 calls -> leave_one_out: . . . . . . . 1.00
      two that say the same, alike
        logprobs, 10 calls -> leave_one_out: . . . . . . . . (The model gives no log-probabilities: words were compared instead. No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 34 calls -> surrogate: .48 . .48 . . . . .
        auto, 10 calls -> surrogate: 1.00 . 1.00 . . . . . (Found from each passage alone.)
      two that say the same, in other words
        logprobs, 10 calls -> leave_one_out: . . . . . . . . (The model gives no log-probabilities: words were compared instead. No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 34 calls -> surrogate: .48 . .48 . . . . .
        auto, 18 calls -> surrogate: 1.00 . 1.00 . . . . . (Found from each passage alone.)
      three that say the same
        logprobs, 10 calls -> leave_one_out: . . . . . . . . (The model gives no log-probabilities: words were compared instead. No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 38 calls -> surrogate: 1.00 1.00 1.00 . . . . . (Found from each passage alone.)
        auto, 18 calls -> surrogate: 1.00 1.00 1.00 . . . . . (Found from each passage alone.)
      two needed together
        logprobs, 10 calls -> leave_one_out: 1.00 . 1.00 . . . . . (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: 1.00 . 1.00 . . . . .
        surrogate, 34 calls -> surrogate: .48 . .48 . . . . .
        auto, 11 calls -> leave_one_out: 1.00 . 1.00 . . . . .
      two needed together, one of them twice
        logprobs, 10 calls -> leave_one_out: 1.00 . . . . . . . (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: .77 .18 .08 .07 . .03 . .
        auto, 18 calls -> surrogate: 1.00 1.00 1.00 . . . . . (Found from each passage beside those that the answer cannot do without.)
      distractors alone
        logprobs, 10 calls -> leave_one_out: . . . . . . . . (The passages do not answer the query.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (The passages do not answer the query.)
        surrogate, 34 calls -> surrogate: . . . . . . . . (The passages do not answer the query.)
        auto, 10 calls -> leave_one_out: . . . . . . . . (The passages do not answer the query.)
      distractors that are alike
        logprobs, 10 calls -> leave_one_out: 1.00 . . . . . . . (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: .98 . . . . . . .
        auto, 10 calls -> surrogate: 1.00 . . . . . . . (Found from each passage alone.)
      known by heart
        logprobs, 10 calls -> leave_one_out: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        surrogate, 34 calls -> surrogate: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        auto, 10 calls -> leave_one_out: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
      known otherwise by heart
        logprobs, 10 calls -> leave_one_out: .71 . . . . . . . (The model gives no log-probabilities: words were compared instead.)
        leave_one_out, 10 calls -> leave_one_out: .71 . . . . . . .
        surrogate, 34 calls -> surrogate: .69 . . . . . . .
        auto, 11 calls -> leave_one_out: .71 . . . . . . .
      "
    `);
  });

  test("by log-probabilities", async () => {
    expect(await allTables({ hasLogprobs: true })).toMatchInlineSnapshot(`
      "
      one carrier
        logprobs, 10 calls -> logprobs: 5.89 . . . . . . .
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: 5.87 . . . . . . .
        auto, 11 calls -> logprobs: 5.89 . . . . . . .
      one carrier, last
        logprobs, 10 calls -> logprobs: . . . . . . . 5.89
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . 1.00
        surrogate, 34 calls -> surrogate: . . . . . . . 5.87
        auto, 11 calls -> logprobs: . . . . . . . 5.89
      two that say the same, alike
        logprobs, 10 calls -> logprobs: .10 . .10 . . . . . (No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 34 calls -> surrogate: 2.98 . 2.98 . . . . .
        auto, 10 calls -> surrogate: 5.89 . 5.89 . . . . . (Found from each passage alone.)
      two that say the same, in other words
        logprobs, 10 calls -> logprobs: .10 . .10 . . . . . (No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 34 calls -> surrogate: 2.98 . 2.98 . . . . .
        auto, 18 calls -> surrogate: 5.89 . 5.89 . . . . . (Found from each passage alone.)
      three that say the same
        logprobs, 10 calls -> logprobs: .01 .01 .01 . . . . . (No passage by itself changes the answer: several may say the same.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (No passage by itself changes the answer: several may say the same.)
        surrogate, 38 calls -> surrogate: 5.89 5.89 5.89 . . . . . (Found from each passage alone.)
        auto, 18 calls -> surrogate: 5.89 5.89 5.89 . . . . . (Found from each passage alone.)
      two needed together
        logprobs, 10 calls -> logprobs: 5.89 . 5.89 . . . . .
        leave_one_out, 10 calls -> leave_one_out: 1.00 . 1.00 . . . . .
        surrogate, 34 calls -> surrogate: 2.93 . 2.93 . . . . .
        auto, 11 calls -> logprobs: 5.89 . 5.89 . . . . .
      two needed together, one of them twice
        logprobs, 10 calls -> logprobs: 5.89 . . . . . . .
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: 4.63 1.14 .46 .49 . .32 . .
        auto, 18 calls -> surrogate: 5.89 5.89 5.89 . . . . . (Found from each passage beside those that the answer cannot do without.)
      distractors alone
        logprobs, 10 calls -> logprobs: . . . . . . . . (The passages do not answer the query.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (The passages do not answer the query.)
        surrogate, 34 calls -> surrogate: . . . . . . . . (The passages do not answer the query.)
        auto, 10 calls -> logprobs: . . . . . . . . (The passages do not answer the query.)
      distractors that are alike
        logprobs, 10 calls -> logprobs: 5.89 . . . . . . .
        leave_one_out, 10 calls -> leave_one_out: 1.00 . . . . . . .
        surrogate, 34 calls -> surrogate: 5.87 . . . . . . .
        auto, 10 calls -> surrogate: 5.89 . . . . . . . (Found from each passage alone.)
      known by heart
        logprobs, 10 calls -> logprobs: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        leave_one_out, 10 calls -> leave_one_out: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        surrogate, 34 calls -> surrogate: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
        auto, 10 calls -> logprobs: . . . . . . . . (The model gives the same answer without any passage: it rests on none of them.)
      known otherwise by heart
        logprobs, 10 calls -> logprobs: 5.89 . . . . . . .
        leave_one_out, 10 calls -> leave_one_out: .71 . . . . . . .
        surrogate, 34 calls -> surrogate: 5.87 . . . . . . .
        auto, 11 calls -> logprobs: 5.89 . . . . . . .
      "
    `);
  });
});
