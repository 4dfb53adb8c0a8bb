import fc from "fast-check";
import { expect, test } from "vitest";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { isSaidAnew } from "#core/suggestions/isSaidAnew";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { OPINION_VERDICTS } from "#core/suggestions/suggestion";
import type { Suggestion } from "#core/suggestions/suggestion";
import { attribution, judgement } from "./suggestionLines";

const at = (second: number): { readonly time: string } => ({ time: `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z` });

test("a confirming model's word goes before a first look, and within a stage the later before the earlier", () => {
  const folded = new FoldedSuggestions([
    judgement("q", { a: "relevant", b: "relevant", c: "not_relevant" }, at(1)),
    judgement("q", { a: "not_relevant", b: "partly_relevant" }, { ...at(2), stage: "confirm", model: "large" }),
    judgement("q", { a: "duplicate_of_positive", c: "relevant" }, at(3)),
    judgement("q", { b: "relevant" }, { ...at(4), stage: "confirm", model: "larger" }),
  ]);
  expect([...folded.opinionsOf("q")].map(([key, { verdict, model, stage }]) => `${key} ${verdict} ${model} ${stage}`)).toEqual([
    "a not_relevant large confirm",
    "b relevant larger confirm",
    "c relevant small flag",
  ]);
  expect(folded.opinionOf("q", "c")).toEqual({ verdict: "relevant", reason: "why c", model: "small", stage: "flag", ...at(3) });
  expect(folded.opinionOf("q", "d")).toBeUndefined();
  expect(folded.opinionsOf("r").size).toBe(0);
});

test("what is said of the query and its positives is the last confirming model's, where one was asked, and taken back by the next", () => {
  const flagged = judgement(
    "q",
    { a: "relevant" },
    {
      ...at(1),
      query_finding: { finding: "ambiguous", reason: "two rivers have the name" },
      wrong_positives: [{ document: { key: "p" }, reason: "another river" }],
    },
  );
  const before = new FoldedSuggestions([flagged]);
  expect([before.ambiguityOf("q"), before.wrongPositive("q", "p"), before.wrongPositive("q", "a")]).toEqual([
    "two rivers have the name",
    "another river",
    undefined,
  ]);
  const after = before.with([judgement("q", { a: "relevant" }, { ...at(2), stage: "confirm" }), { ...flagged, suggestion: "x", ...at(3) }]);
  expect([after.ambiguityOf("q"), after.wrongPositive("q", "p")]).toEqual([undefined, undefined]);
});

test("of attributions the last one holds", () => {
  const folded = new FoldedSuggestions([
    attribution("q", { a: 0.4, b: 0 }, { ...at(2), answer: "the second", model: "large" }),
    attribution("q", { a: 1 }, { ...at(1), answer: "the first" }),
  ]);
  expect(folded.attributionOf("q")).toEqual({
    answer: "the second",
    weights: new Map([
      ["a", 0.4],
      ["b", 0],
    ]),
    model: "large",
    ...at(2),
  });
  expect(folded.attributionOf("r")).toBeUndefined();
});

test("what was spent is added up once for each suggestion, and times of other zones are told apart", () => {
  const first = judgement("q", { a: "relevant" }, { ...at(1), cost: 0.5 });
  const zoned = judgement("r", { a: "relevant" }, { time: "2026-01-01T01:00:00.000+02:00" });
  const folded = new FoldedSuggestions([first, attribution("q", { a: 1 }, at(2)), first, zoned]).with([first]);
  expect(folded.totals).toEqual({ suggestions: 3, inputTokens: 500, outputTokens: 90, cost: 0.5 });
  expect(folded.queries).toEqual(["r", "q"]);
});

/** All that can be asked. */
function stateOf(folded: Suggestions): unknown {
  const documents = ["a", "b", "c"];
  return {
    totals: folded.totals,
    queries: folded.queries,
    of: ["q", "r"].map((query) => ({
      opinions: [...folded.opinionsOf(query)],
      one: documents.map((document) => folded.opinionOf(query, document)),
      ambiguous: folded.ambiguityOf(query),
      wrong: documents.map((document) => folded.wrongPositive(query, document)),
      attribution: [...(folded.attributionOf(query)?.weights ?? [])],
    })),
  };
}

const any: fc.Arbitrary<Suggestion> = fc
  .record({
    query: fc.constantFrom("q", "r"),
    second: fc.nat({ max: 3 }),
    name: fc.nat({ max: 12 }),
    stage: fc.constantFrom("flag" as const, "confirm" as const),
    verdicts: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(...OPINION_VERDICTS), { noNullPrototype: true }),
    isAnswer: fc.boolean(),
    isAmbiguous: fc.boolean(),
    wrong: fc.constantFrom("a", "b"),
    cost: fc.constantFrom(0.1, 0.2, 0.3),
  })
  .map(({ query, second, name, stage, verdicts, isAnswer, isAmbiguous, wrong, cost }) => {
    const head = { ...at(second), suggestion: `n${String(name)}`, cost };
    if (isAnswer) return attribution(query, { a: name, b: 1 }, head);
    const finding = isAmbiguous ? { query_finding: { finding: "ambiguous" as const, reason: `n${String(name)}` } } : {};
    return judgement(query, verdicts, { ...head, stage, ...finding, wrong_positives: [{ document: { key: wrong }, reason: stage }] });
  });

test("any order of lines and files, at once or one after the other, comes to the same, also with names that are there twice", () => {
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
      fc.nat({ max: 12 }),
      (all, order, cut) => {
        const shuffled = all.map((one, i) => ({ one, by: order[i] ?? 0 })).sort((a, b) => a.by - b.by);
        const lines = shuffled.map(({ one }) => one);
        const atOnce = stateOf(new FoldedSuggestions(all));
        expect(stateOf(new FoldedSuggestions(lines))).toEqual(atOnce);
        let grown = new FoldedSuggestions(lines.slice(0, cut));
        stateOf(grown);
        for (const line of lines.slice(cut)) {
          grown = grown.with([line]);
          stateOf(grown);
        }
        expect(stateOf(grown)).toEqual(atOnce);
      },
    ),
  );
});

test("what is known of a query stays the same object until something is said of it", () => {
  const before = new FoldedSuggestions([judgement("q", { a: "relevant" }), judgement("r", { a: "relevant" })]);
  const [q, r] = [before.opinionsOf("q"), before.opinionsOf("r")];
  const after = before.with([judgement("r", { a: "not_relevant" }, at(9))]);
  expect(after.opinionsOf("q")).toBe(q);
  expect(after.opinionsOf("r")).not.toBe(r);
  expect(before.opinionsOf("r")).toBe(r);
});

test("what rests on all suggestions is made anew with the first, with a batch, and with others in their place", () => {
  const some = (count: number) => new FoldedSuggestions(Array.from({ length: count }, () => judgement("q", { a: "relevant" })));
  const five = some(5);
  const cases = [
    [noSuggestions, some(1)],
    [five, five],
    [five, some(6)],
    [five, some(15)],
    [five, some(5)],
    [five, noSuggestions],
  ] as const;
  expect(cases.map(([before, now]) => isSaidAnew(before, now))).toEqual([true, false, false, true, true, true]);
});
