import { expect, test } from "vitest";
import type { Mark } from "#core/marks/mark";
import type { RetrievalPlan } from "#core/mining/retrievalPlan";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { training } from "../../support/smallCollection";
import { planScene, verdict } from "./miningFixture";

const negatives = Array.from({ length: 60 }, (_, index) => `n${String(index)}`);
const collection = training([{ query: "q", pos: ["p1", "p2"], neg: negatives }]);
const at = (text: string): number => collection.documents.findIndex((document) => document.text === text);

const plan = (sampler: Partial<SamplerConfig>, marks: readonly Mark[] = []): RetrievalPlan => planScene({ collection, sampler, marks });

test("marks change what is a positive and what is scored besides", () => {
  const marks = [verdict("q", "p2", "bad_positive"), verdict("q", "n3", "false_negative"), verdict("q", "n5", "true_negative")];
  expect(plan({}, marks)).toEqual({
    query: 0,
    depth: 100,
    onePerText: false,
    positives: [at("p1"), at("n3")],
    extra: [at("n5")],
    lists: [{ kind: "nearest", depth: 100 }],
  });
});

test("random draws are seeded, without repetition, and go on where a mark takes one away", () => {
  const sampler = { sampling_strategy: "random", num_negatives: 5 } as const;
  const drawn = plan(sampler).extra;
  expect(drawn).toHaveLength(20);
  expect(new Set(drawn).size).toBe(20);
  expect(plan(sampler).extra).toEqual(drawn);
  expect(plan({ ...sampler, seed: 7 }).extra).not.toEqual(drawn);
  const first = collection.documents[drawn[0] ?? -1]?.text ?? "";
  expect(plan(sampler, [verdict("q", first, "partly_relevant")]).extra.slice(0, 19)).toEqual(drawn.slice(1));
  expect(drawn).not.toContain(at("p1"));
});
