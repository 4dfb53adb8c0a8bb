import { expect, test } from "vitest";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { FEATURES } from "#core/falseNegatives/features";
import { defaultConfig } from "#core/config/config";
import type { CurationConfig } from "#core/config/curationSchema";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { textKey } from "#core/collection/textKey";
import type { CandidateView, QueryView } from "#protocol/review";
import { sha256 } from "../../support/sha256";
import { attribution, judgement } from "../suggestions/suggestionLines";
import { queryView } from "../../../server/lsp/views/queryView";
import { plainModel, verdict } from "../mining/miningFixture";
import { collection, firstRound, mine } from "../rounds/roundScenes";
import type { RoundScene } from "../rounds/roundScenes";

interface Shown {
  readonly suggestions?: Suggestions;
  readonly show?: CurationConfig["show_opinions"];
}

function viewOf(more: Partial<RoundScene>, { suggestions = noSuggestions, show = "after_verdict" }: Shown = {}): QueryView {
  const [scene] = firstRound;
  return queryView(mine({ hits: [], ...scene, ...more }), {
    dataset: "file:///train.jsonl",
    revision: 1,
    collection,
    gradients: gradientSettings(defaultConfig.training),
    counts: { queries: 2, queriesReviewed: 0, marks: 0, falseNegatives: 0 },
    suggestions,
    curation: { ...defaultConfig.curation, show_opinions: show },
    canUndo: false,
    canRedo: false,
    isNew: () => false,
    usesOf: () => 1,
  });
}

function candidatesOf(more: Partial<RoundScene>, shown: Shown = {}): readonly CandidateView[] {
  const { candidates, dropped } = viewOf(more, shown);
  return [...candidates, ...dropped];
}

const told = (more: Partial<RoundScene>): readonly string[] =>
  candidatesOf(more).map(
    ({ text, suspicion }) => `${text}: ${suspicion === undefined ? "-" : `${suspicion.probability.toFixed(3)} ${suspicion.text}`}`,
  );

test("cards that nobody has judged say what the model suspects of them", () => {
  expect(told({ falseNegatives: plainModel, marks: [verdict("first", "b", "true_negative", { author: "bob" })] })).toMatchInlineSnapshot(`
    [
      "a: 0.240 may be relevant: very near the query, much like a positive",
      "b: -",
      "p1: -",
      "c: 0.125 does not look relevant",
      "d: 0.087 does not look relevant",
    ]
  `);
});

test("there is no suspicion without a model, and none without vectors", () => {
  expect(candidatesOf({}).filter(({ suspicion }) => suspicion !== undefined)).toEqual([]);
  const lexical = candidatesOf({ falseNegatives: plainModel, retrieval: "lexical" });
  expect(lexical.filter(({ suspicion }) => suspicion !== undefined)).toEqual([]);
});

const key = (text: string): string => textKey(text, sha256);
const suggestions = new FoldedSuggestions([
  judgement(
    key("first"),
    {},
    {
      verdicts: [
        { document: { key: key("a") }, verdict: "relevant", reason: "says it", span: "a" },
        { document: { key: key("b") }, verdict: "not_relevant", reason: "<b>another</b> thing" },
      ],
    },
  ),
  judgement(
    key("first"),
    { [key("a")]: "partly_relevant" },
    {
      stage: "confirm",
      model: "large",
      query_finding: { finding: "ambiguous", reason: "two things" },
      wrong_positives: [{ document: { key: key("p1") }, reason: "off the point" }],
    },
  ),
  judgement(key("first"), { [key("d")]: "relevant" }, { time: "2026-01-01T00:00:05.000Z" }),
  attribution(key("first"), { [key("p1")]: 3, [key("a")]: 1, [key("d")]: 0 }),
]);

/** All that is said of opinions in a view. */
function said(view: QueryView): readonly string[] {
  const cards = [...view.candidates, ...view.dropped].map(({ text, opinion, hasHiddenOpinion }) => {
    const shown =
      opinion === undefined ? [] : [`${opinion.verdict} by ${opinion.by}, ${String(opinion.contribution ?? "-")}: ${opinion.reason}`];
    return [text, ...shown, ...(hasHiddenOpinion === true ? ["hidden"] : [])].join(" ");
  });
  const wrong = view.positives.flatMap(({ text, calledWrong }) => (calledWrong === undefined ? [] : [`${text} wrong: ${calledWrong}`]));
  return [...cards, ...wrong, ...(view.calledAmbiguous === undefined ? [] : [`ambiguous: ${view.calledAmbiguous}`])];
}

test("nothing of an opinion leaves the server before the person's own verdict, and who puts a pair off has given none", () => {
  const hidden = viewOf({}, { suggestions });
  expect(said(hidden)).toEqual(["a hidden", "b hidden", "p1", "c", "d hidden"]);
  expect(JSON.stringify(hidden)).not.toMatch(/relevant|says it|another|two things|off the point/u);
  const putOff = { marks: [verdict("first", "a", "later"), verdict("first", "b", "true_negative", { author: "bob" })] };
  expect(said(viewOf(putOff, { suggestions }))).toEqual(["a hidden", "b hidden", "p1", "c", "d hidden"]);
});

test("with an own verdict its opinion is shown and no other's; with the configuration, all are", () => {
  const marks = [verdict("first", "b", "true_negative")];
  expect(said(viewOf({ marks }, { suggestions }))).toMatchInlineSnapshot(`
    [
      "a hidden",
      "b not_relevant by small, -: <b>another</b> thing",
      "p1",
      "c",
      "d hidden",
      "p1 wrong: off the point",
      "ambiguous: two things",
    ]
  `);
  expect(said(viewOf({}, { suggestions, show: "always" }))).toMatchInlineSnapshot(`
    [
      "a partly_relevant by large, confirming a first look, 0.25: why ca978112ca1bbdcafac231b39a23dc4d",
      "b not_relevant by small, -: <b>another</b> thing",
      "p1",
      "c",
      "d relevant by small, 0: why 18ac3e7343f016890c510e93f9352611",
      "p1 wrong: off the point",
      "ambiguous: two things",
    ]
  `);
});

test("what the model suspects is said without an opinion that is hidden", () => {
  const place = FEATURES.indexOf("llm_verdict");
  const falseNegatives = { ...plainModel, coefficients: plainModel.coefficients.with(place, 1) };
  const opinions = suggestions.opinionsOf(key("first"));
  const saidOf = (shown: Shown, more: Partial<RoundScene> = {}): readonly string[] =>
    candidatesOf({ falseNegatives, opinions, ...more }, { suggestions, ...shown }).map(
      ({ text, suspicion }) => `${text}: ${suspicion?.probability.toFixed(3) ?? "-"} ${suspicion?.text ?? ""}`,
    );
  expect(saidOf({})).toEqual(saidOf({}, { opinions: new Map() }));
  expect(saidOf({ show: "always" })).toMatchInlineSnapshot(`
    [
      "a: 0.463 may be relevant: very near the query, much like a positive",
      "b: 0.175 does not look relevant",
      "p1: - ",
      "c: 0.125 does not look relevant",
      "d: 0.413 may be relevant: a language model calls it relevant, very near the query",
    ]
  `);
});

test("passages of an answer that rests on none have no share of it", () => {
  const none = suggestions.with([attribution(key("first"), { [key("a")]: 0, [key("d")]: 0 }, { time: "2026-01-01T00:00:09.000Z" })]);
  const shown = candidatesOf({}, { suggestions: none, show: "always" }).flatMap(({ opinion }) => opinion ?? []);
  expect(shown.map(({ contribution }) => contribution)).toEqual([undefined, undefined, undefined]);
});
