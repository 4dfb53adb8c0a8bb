import fc from "fast-check";
import { expect, test } from "vitest";
import { cutPool } from "#core/mining/cutPool";
import { decide } from "#core/mining/decide";
import { explain } from "#core/mining/explain";
import { withCorpus } from "../../support/smallCollection";
import { decideScene, planScene, verdict, type HitSpec, type Scene } from "./miningFixture";

const names = ["p", "a", "a ", "b", "c", "d", "e", "f"] as const;
const collection = withCorpus(
  [{ query: "q", pos: ["p"] }],
  names.map((name, i) => [`d${String(i)}`, name]),
);

const scenes = fc.record({
  order: fc.shuffledSubarray([...names], { minLength: names.length }),
  shallow: fc.integer({ min: 1, max: names.length }),
  strategy: fc.constantFrom("top" as const, "window" as const, "simans" as const),
  pinned: fc.subarray(["a", "b", "f"]),
  out: fc.subarray(["c", "d"]),
  maxScore: fc.option(fc.constantFrom(0.5, 0.7)),
});

test("a pool that was searched more deeply gives what a search of just the depth gives", () => {
  fc.assert(
    fc.property(scenes, ({ order, shallow, strategy, pinned, out, maxScore }) => {
      const hits = order.map((text, i): HitSpec => [text, 0.9 - i / 20, 0.5]);
      const marks = [...pinned.map((text) => verdict("q", text, "true_negative")), ...out.map((text) => verdict("q", text, "cant_tell"))];
      const at = (depth: number): Scene => {
        const sampler = { sampling_strategy: strategy, range_max: depth, num_negatives: 3, max_score: maxScore };
        const named = planScene({ collection, sampler, marks }).extra.map((document) => collection.documents[document]?.text);
        // Copies of a pinned text stand in the list or nowhere: the mark names one document.
        return {
          collection,
          positiveScores: { p: 0.7 },
          hits: hits.slice(0, depth),
          drawn: hits.filter(([text]) => named.includes(text)),
          sampler,
          marks,
        };
      };
      const deep = decideScene(at(names.length));
      const fresh = decideScene(at(shallow));
      const plan = planScene({ collection, sampler: at(names.length).sampler ?? {}, marks });
      const pool = cutPool(deep.pool, plan, fresh.context.sources);
      const facts = deep.facts.over(pool);
      const decision = decide(facts, fresh.context);
      expect(explain({ facts, context: fresh.context, decision })).toEqual(fresh.candidates);
    }),
    { numRuns: 300 },
  );
});
