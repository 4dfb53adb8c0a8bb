import { expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { openDisagreements } from "#core/curation/disagreementsLane";
import { opinionStanding } from "#core/curation/opinionAgreement";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, Verdict, VerdictMark } from "#core/marks/mark";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import type { OpinionVerdict } from "#core/suggestions/suggestion";
import { sha256 } from "../../support/sha256";
import { training } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";
import { judgement } from "../suggestions/suggestionLines";
import { curationFixture, value } from "./curationFixture";

const collection = training([
  { query: "first", pos: ["p"], neg: ["a", "b", "c", "d"] },
  { query: "second", pos: ["p"], neg: ["a", "b", "c", "d"] },
]);
const key = (text: string): string => textKey(text, sha256);
const at = (second: number): { readonly time: string } => ({ time: `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z` });

/** A model's first look, by the texts of query and passages. */
function looked(query: string, said: Readonly<Record<string, OpinionVerdict>>, second = 10) {
  const byKey = Object.fromEntries(Object.entries(said).map(([text, name]) => [key(text), name]));
  return judgement(key(query), byKey, at(second));
}

function stateOf(marks: readonly Mark[], suggestions: FoldedSuggestions) {
  return { marks: foldMarks(marks), suggestions, collection, author: "ann" };
}

function textOf(document: string): string {
  return collection.documents.find(({ text }) => key(text) === document)?.text ?? "?";
}

/** Open pairs as texts. */
function open(marks: readonly Mark[], suggestions: FoldedSuggestions): readonly string[] {
  return openDisagreements(stateOf(marks, suggestions)).map(
    ({ mark, document, opinion }) => `${textOf(document)} ${mark.verdict} ${opinion.verdict}`,
  );
}

test("clean against not clean is a disagreement, in the order of the file; doubt and what is put off are none, nor are other persons' marks", () => {
  const suggestions = new FoldedSuggestions([
    looked("second", { a: "partly_relevant", b: "not_relevant" }),
    looked("first", { a: "relevant", b: "not_relevant", c: "relevant", d: "duplicate_of_positive" }),
    looked("a query that is gone", { a: "relevant" }),
  ]);
  const marks = [
    verdict("second", "a", "true_negative"),
    verdict("second", "b", "duplicate_of_positive"),
    verdict("first", "a", "true_negative"),
    verdict("first", "b", "true_negative"),
    verdict("first", "c", "cant_tell"),
    verdict("first", "d", "true_negative", { author: "bob" }),
    verdict("a query that is gone", "a", "true_negative"),
  ];
  expect(open(marks, suggestions)).toEqual([
    "a true_negative relevant",
    "a true_negative partly_relevant",
    "b duplicate_of_positive not_relevant",
  ]);
  const [gone] = [verdict("first", "a text that is gone", "true_negative")];
  expect(open([gone], new FoldedSuggestions([looked("first", { "a text that is gone": "relevant" })]))).toEqual([]);
});

test("a mark of the lane settles it, whatever it says, until a model is asked again; undoing the mark opens it again", () => {
  const suggestions = new FoldedSuggestions([looked("first", { a: "relevant" }, 10)]);
  const before = verdict("first", "a", "true_negative", at(5));
  const looksAgain = verdict("first", "a", "true_negative", { ...at(20), lane: "disagreements" });
  expect(open([before], suggestions)).toHaveLength(1);
  expect(open([before, looksAgain], suggestions)).toEqual([]);
  const undo = { kind: "undo" as const, mark: "u", ...at(21), author: "ann", of: looksAgain.mark, tool: "test" };
  expect(open([before, looksAgain, undo], suggestions)).toHaveLength(1);
  expect(open([before, looksAgain], suggestions.with([looked("first", { a: "relevant" }, 30)]))).toHaveLength(1);
  expect(open([before, looksAgain], suggestions.with([looked("first", { a: "not_relevant" }, 30)]))).toEqual([]);
  expect(open([before, { ...looksAgain, time: "no time" }], suggestions)).toEqual([]);
});

/** How often persons and the model say the same, of how many. */
function agreed(
  marks: readonly Mark[],
  suggestions = new FoldedSuggestions([looked("first", { a: "relevant", b: "not_relevant", c: "relevant" })]),
) {
  const found = opinionStanding(stateOf(marks, suggestions))?.agreement;
  return found === undefined ? "none" : `${(found.agreement * found.comparisons).toFixed(0)} of ${String(found.comparisons)}`;
}

test("agreement counts verdicts that were given without sight of the opinion", () => {
  const on = (name: Verdict, more: Partial<VerdictMark>): VerdictMark => verdict("first", "a", name, more);
  expect(agreed([])).toBe("none");
  expect(agreed([on("false_negative", { ...at(20), opinion_shown: false })])).toBe("1 of 1");
  expect(agreed([on("false_negative", { ...at(20), opinion_shown: true })])).toBe("none");
  // What records nothing was made before there was an opinion, or, as an edit by hand, nobody knows with what in sight.
  expect(agreed([on("true_negative", at(5))])).toBe("0 of 1");
  expect(agreed([on("false_negative", { ...at(20), origin: "edit" })])).toBe("none");
  expect(agreed([on("cant_tell", { ...at(20), opinion_shown: false }), verdict("first", "b", "later", { opinion_shown: false })])).toBe(
    "none",
  );
});

test("who changes a verdict after having seen the opinion is counted with the one from before, in whatever lane it is judged again", () => {
  const first = verdict("first", "a", "true_negative", { ...at(20), opinion_shown: false });
  const changed = verdict("first", "a", "false_negative", { ...at(21), opinion_shown: true, lane: "disagreements" });
  const blind = verdict("first", "a", "false_negative", { ...at(22), opinion_shown: false, lane: "second", blind: true });
  expect(agreed([first, changed])).toBe("0 of 1");
  expect(agreed([first, changed, blind])).toBe("0 of 1");
  expect(agreed([verdict("first", "a", "true_negative", at(4)), { ...changed, ...at(5), opinion_shown: false }])).toBe("1 of 1");
  const undone = { kind: "undo" as const, mark: "u", ...at(22), author: "ann", of: first.mark, tool: "test" };
  expect(agreed([first, undone])).toBe("none");
});

test("every person is compared with the model, and what that means is said", () => {
  const suggestions = new FoldedSuggestions([
    looked("first", { a: "relevant", b: "not_relevant", c: "partly_relevant", "a text that is gone": "relevant" }),
    looked("second", { a: "not_relevant" }),
  ]);
  const unseen = { ...at(20), opinion_shown: false };
  const marks = [
    verdict("first", "a", "false_negative", unseen),
    verdict("first", "b", "true_negative", unseen),
    verdict("first", "c", "true_negative", unseen),
    verdict("first", "c", "partly_relevant", { ...unseen, author: "bob" }),
    verdict("second", "a", "true_negative", { ...unseen, author: "bob" }),
  ];
  expect(opinionStanding(stateOf(marks, suggestions))).toMatchInlineSnapshot(`
    {
      "agreement": {
        "agreement": 0.8,
        "comparisons": 5,
        "kappa": 0.6153846153846154,
        "pairs": 4,
        "text": "A person and the model say the same in 80.0 % of 5 comparisons, Cohen's kappa 0.62. Substantial agreement (Landis and Koch 1977). So few say little yet. Only verdicts count that were given without sight of the model's. RLHN's judges agreed with people at a kappa of 0.32 to 0.39: a low value alone does not say who is wrong.",
      },
      "flagged": 2,
      "pairs": 4,
      "queries": 2,
    }
  `);
  expect(opinionStanding(stateOf(marks, new FoldedSuggestions([])))).toBeUndefined();
});

test("the lane gives the pairs out one by one, says what both say, and is done when all are settled", async () => {
  const ann = await curationFixture();
  const [first, second] = await ann.judgeNext(2, "true_negative", { lane: "harvest" });
  if (first === undefined || second === undefined) throw new Error("The harvest has two cards.");
  expect(await ann.answer({ lane: "disagreements" })).toMatchObject({ kind: "done", lane: "disagreements" });
  ann.session.setSuggestions(
    new FoldedSuggestions([
      judgement(first.query, { [first.document]: "relevant" }),
      judgement(second.query, { [second.document]: "partly_relevant" }, { stage: "confirm", model: "large" }),
    ]),
  );
  const cards = await ann.judgeNext(2, "true_negative", { lane: "disagreements" });
  expect(cards.map(({ lane, why, blind, place, of, left }) => ({ lane, why, blind, place, of, left }))).toMatchInlineSnapshot(`
    [
      {
        "blind": false,
        "lane": "disagreements",
        "left": 2,
        "of": 2,
        "place": 1,
        "why": "You say true negative, and small says relevant. Look again with its reason at hand; your verdict stays yours.",
      },
      {
        "blind": false,
        "lane": "disagreements",
        "left": 1,
        "of": 1,
        "place": 1,
        "why": "You say true negative, and large, confirming a first look, says partly relevant. Look again with its reason at hand; your verdict stays yours.",
      },
    ]
  `);
  expect(await ann.answer({ lane: "disagreements" })).toMatchObject({ kind: "done" });
  const { left, opinions } = await ann.standing();
  expect([left.disagreements, opinions?.pairs, opinions?.flagged]).toEqual([0, 2, 2]);
});

test("with the configuration the harvest begins with what is called relevant, and tells nothing of a hidden opinion", async () => {
  const ann = await curationFixture({ curation: { harvest_order: "opinions" } });
  const [shown, passed] = [await ann.card({ lane: "harvest" }), value(await ann.session.mine(7))];
  expect(shown.why).toMatch(/^It is relevant with a probability of/u);
  const { groupKeys, queries } = ann.session.collection;
  const [query, document] = [queries[7]?.key ?? "", groupKeys[passed.facts.groups[passed.decision.kept.at(-1) ?? -1] ?? -1] ?? ""];
  ann.session.setSuggestions(
    new FoldedSuggestions([judgement(query, { [document]: "relevant" }), judgement(shown.query, { [shown.document]: "not_relevant" })]),
  );
  value(await ann.curation.harvestQueries());
  expect(await ann.card({ lane: "harvest" })).toMatchObject({ query, document, why: "Nobody has judged it, and it is emitted." });
});

test("after ten answers the order by harm is made anew, though the model of the pairs is the same", async () => {
  const ann = await curationFixture();
  const order = async (): Promise<readonly string[]> => {
    const found = value(await ann.curation.harvestQueries());
    if (found.kind === "mining") throw new Error("Few queries are decided at once.");
    return found.queries.map((query) => query.key);
  };
  await ann.answer({ lane: "harvest" });
  const one = new FoldedSuggestions([
    judgement("a query that is gone", { a: "relevant" }),
    judgement(ann.session.collection.queries[0]?.key ?? "", { x: "relevant" }),
  ]);
  ann.session.setSuggestions(one);
  const before = await order();
  const known = ann.session.falseNegatives;
  const second = before[1] ?? "";
  const mined = value(await ann.session.mine(ann.session.collection.queries.findIndex((query) => query.key === second)));
  const emitted = mined.decision.kept.map((row) => ann.session.collection.groupKeys[mined.facts.groups[row] ?? -1] ?? "");
  const said = Object.fromEntries(emitted.map((document) => [document, "relevant" as const]));
  ann.session.setSuggestions(one.with(Array.from({ length: 10 }, () => judgement(second, said))));
  const after = await order();
  expect(ann.session.falseNegatives).toBe(known);
  expect(after[0]).toBe(second);
});
