import { expect, test } from "vitest";
import type { MixEntry } from "#core/config/samplerSchema";
import { shortfallsOf } from "#core/mining/shortfall";
import { Tally } from "#core/mining/tally";
import { training, withCorpus } from "../../support/smallCollection";
import { decideScene, simansOf, verdict, type Scene, type Scenery } from "./miningFixture";

const collection = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d", "e", "f", "g", "h"] }]);
const base = {
  collection,
  positiveScores: { p: 0.8 },
  hits: [
    ["p", 0.8, 1],
    ["a", 0.78, 0.9],
    ["b", 0.7, 0.4],
    ["c", 0.6, 0.3],
    ["d", 0.5, 0.2],
  ],
  drawn: [
    ["e", 0.45, 0.1],
    ["f", 0.4, 0.1],
    ["g", 0.79, 0.95],
    ["h", 0.1, 0],
  ],
} as const satisfies Partial<Scene>;

type Lists = NonNullable<Scene["lists"]>;

function mixed(mix: readonly MixEntry[], lists: Lists = {}, more: Partial<Scene> = {}): Scenery {
  return decideScene({ ...base, lists, ...more, sampler: { ...more.sampler, mix: [...mix] } });
}

/** Each candidate with who took it or ruled on it, all that found it, and the ruling. */
function byWhom({ candidates }: Scenery): readonly string[] {
  return candidates.map(
    ({ document, kept, source, sources, rule }) =>
      `${kept ? "+" : "-"} ${collection.documents[document]?.text ?? "?"} ${source} of ${sources.join(", ")}: ${rule}`,
  );
}

test("each source gives as many as its quota says, and a pair carries every source that found it", () => {
  const decision = mixed(
    [
      { source: "top", n: 2 },
      { source: "bm25", n: 1 },
      { source: "random", n: 1 },
    ],
    { bm25: ["b", "f", "c"], random: ["h", "c", "e"] },
  );
  expect(byWhom(decision)).toMatchInlineSnapshot(`
    [
      "+ a top of top: sampled",
      "+ b top of top, bm25: sampled",
      "+ f bm25 of bm25: sampled",
      "+ h random of random: sampled",
      "- p top of top: own_positive",
      "- c top of top, bm25, random: not_sampled",
      "- d top of top: not_sampled",
      "- e random of random: not_sampled",
    ]
  `);
  expect(decision.sources.map(({ kept, found, survived }) => [kept, found, survived])).toEqual([
    [2, 5, 4],
    [1, 3, 3],
    [1, 3, 3],
  ]);
});

test("what an earlier source has taken a later one passes over, down to the next of its list", () => {
  const lists = { bm25: ["a", "b", "c", "d"] };
  const first = { source: "top", n: 2 } as const;
  const second = { source: "bm25", n: 2 } as const;
  const taken = (decision: Scenery): readonly string[] => byWhom(decision).filter((line) => line.startsWith("+"));
  expect(taken(mixed([first, second], lists))).toEqual([
    "+ a top of top, bm25: sampled",
    "+ b top of top, bm25: sampled",
    "+ c bm25 of top, bm25: sampled",
    "+ d bm25 of top, bm25: sampled",
  ]);
  expect(taken(mixed([second, first], lists)).map((line) => line.slice(0, 8))).toEqual(["+ a bm25", "+ b bm25", "+ c top ", "+ d top "]);
});

test("thresholds of one source leave the others as they are: an article's passages may be nearer than a margin allows", () => {
  const lists = { same_article: ["g", "e"] };
  const sampler = { relative_margin: 0.05, near_duplicate_similarity: 0.9 };
  const simans = { source: "simans", n: 1, simans: simansOf({ a: 50, b: -1 }) } as const;
  const strict = mixed([simans, { source: "same_article", n: 2 }], lists, { sampler });
  const loose = mixed([simans, { source: "same_article", n: 2, relative_margin: null, near_duplicate_similarity: null }], lists, {
    sampler,
  });
  expect(byWhom(strict)).toMatchInlineSnapshot(`
    [
      "+ b simans of simans: sampled",
      "+ e same_article of same_article: sampled",
      "- p simans of simans: own_positive",
      "- g same_article of same_article: near_duplicate",
      "- a simans of simans: near_duplicate",
      "- c simans of simans: not_sampled",
      "- d simans of simans: not_sampled",
    ]
  `);
  expect(byWhom(loose)).toMatchInlineSnapshot(`
    [
      "+ g same_article of same_article: sampled",
      "+ b simans of simans: sampled",
      "+ e same_article of same_article: sampled",
      "- p simans of simans: own_positive",
      "- a simans of simans: near_duplicate",
      "- c simans of simans: not_sampled",
      "- d simans of simans: not_sampled",
    ]
  `);
  expect(strict.sources.map(({ settings }) => settings.relative_margin)).toEqual([0.05, 0.05]);
  expect(loose.sources.map(({ settings }) => settings.relative_margin)).toEqual([0.05, null]);
});

test("of a candidate that no source takes, passing the rules of one goes before the rule of another", () => {
  const decision = mixed(
    [
      { source: "top", n: 1, max_score: 0.65 },
      { source: "bm25", n: 1 },
    ],
    { bm25: ["b", "a"] },
  );
  expect(byWhom(decision)).toEqual([
    "+ b bm25 of top, bm25: sampled",
    "+ c top of top: sampled",
    "- p top of top: own_positive",
    "- a bm25 of top, bm25: not_sampled",
    "- d top of top: not_sampled",
  ]);
});

test("what is missing is said for each source, with the rule that took most and what the source says of its list", () => {
  const decision = mixed(
    [
      { source: "top", n: 4, max_score: 0.6 },
      { source: "same_article", n: 2 },
      { source: "bm25", n: 2, where: [{ field: "language", equals: "en" }] },
      { source: "random", n: 1 },
    ],
    { same_article: ["p", "g"], bm25: ["e", "f", "h"], random: ["f"] },
    { notes: { same_article: "the positive's article has too few other passages (1)" } },
  );
  expect(decision.short).toBe(5);
  expect(shortfallsOf(decision.pool, decision)).toEqual([
    { source: 0, missing: 2, cause: "max_score" },
    { source: 1, missing: 1, cause: "few_found", note: "the positive's article has too few other passages (1)" },
    { source: 2, missing: 2, cause: "where" },
  ]);
  const tally = new Tally(decision.context.sources);
  tally.add(decision.pool, decision);
  const { candidates, kept, dropped, short, sources } = tally.totals();
  expect([candidates, kept + Object.values(dropped).reduce((sum, count) => sum + count, 0), short]).toEqual([9, 9, 5]);
  expect(sources.map(({ source, wanted, kept: given, short: missing }) => [source, wanted, given, missing])).toEqual([
    ["top", 4, 2, 2],
    ["same_article", 2, 1, 1],
    ["bm25", 2, 0, 2],
    ["random", 1, 1, 0],
  ]);
});

test("a source whose finds were taken before says so; a rule that cost too few to matter is not blamed", () => {
  const sources = [{ source: "top", n: 3 } as const, { source: "bm25", n: 2, max_score: 0.65 } as const];
  const taken = mixed(sources, { bm25: ["b", "c", "d"] });
  expect(shortfallsOf(taken.pool, taken)).toEqual([{ source: 1, missing: 1, cause: "taken" }]);
  const few = mixed([{ source: "top", n: 9, max_score: 0.65 }], {});
  expect(shortfallsOf(few.pool, few)).toEqual([{ source: 0, missing: 7, cause: "few_found" }]);
});

test("SimANS without a positive's score misses negatives for that reason", () => {
  const decision = mixed([{ source: "simans", n: 1 }], {}, { positiveScores: {} });
  expect(shortfallsOf(decision.pool, decision)).toEqual([{ source: 0, missing: 1, cause: "no_anchor" }]);
});

test("a query marked bad misses nothing", () => {
  const decision = mixed([{ source: "top", n: 9 }], {}, { marks: [verdict("q", undefined, "bad_query")] });
  expect([decision.short, shortfallsOf(decision.pool, decision)]).toEqual([0, []]);
});

test("a pinned passage takes a place of the source that takes it anyway, else of the first that found it and has one left, else of the first with one left", () => {
  const mix = [
    { source: "top", n: 1 },
    { source: "bm25", n: 2 },
  ] as const;
  const marks = [verdict("q", "b", "true_negative"), verdict("q", "c", "true_negative"), verdict("q", "h", "true_negative")];
  const decision = mixed(mix, { bm25: ["c", "e"] }, { marks });
  expect(byWhom(decision)).toMatchInlineSnapshot(`
    [
      "+ b top of top: pinned",
      "+ c bm25 of top, bm25: pinned",
      "+ h listed of : pinned",
      "- p top of top: own_positive",
      "- a top of top: not_sampled",
      "- e bm25 of bm25: not_sampled",
      "- d top of top: not_sampled",
    ]
  `);
  expect(decision.sources.map(({ kept }) => kept)).toEqual([1, 2]);
  const one = mixed(mix, { bm25: ["c", "e"] }, { marks: marks.slice(1, 2) });
  expect(byWhom(one).filter((line) => line.startsWith("+"))).toEqual([
    "+ a top of top: sampled",
    "+ c bm25 of top, bm25: pinned",
    "+ e bm25 of bm25: sampled",
  ]);
  const unmarked = mixed(mix, { bm25: ["c", "e"] });
  expect(one.kept).toEqual(unmarked.kept);
});

test("two entries of one source give what one entry of both quotas gives", () => {
  const kept = (mix: readonly MixEntry[]): readonly number[] => mixed(mix).kept;
  expect(
    kept([
      { source: "top", n: 1 },
      { source: "top", n: 2 },
    ]),
  ).toEqual(kept([{ source: "top", n: 3 }]));
});

test("the effective number of a mix is that of its sources together", () => {
  const decision = mixed([
    { source: "top", n: 2 },
    { source: "window", n: 1, range_max: 5 },
  ]);
  // Two are taken as they stand; the even draw is among the two of four that are left.
  expect(decision.sources.map(({ effectiveCandidates }) => effectiveCandidates)).toEqual([2, 2]);
  expect(decision.effectiveCandidates).toBe(4);
});

test("without vectors what searches by them goes by words and says so", () => {
  const decision = mixed(
    [
      { source: "simans", n: 1 },
      { source: "same_article", n: 1 },
    ],
    { same_article: ["e"] },
    { retrieval: "lexical" },
  );
  expect(decision.candidates.filter(({ kept }) => kept).map(({ source, reason }) => `${source}: ${reason}`)).toMatchInlineSnapshot(`
    [
      "bm25: number 1 of the survivors by score; SimANS needs similarities, which BM25 does not give; margins and score limits do not apply to BM25 scores",
      "same_article: number 1 of the survivors by score; margins and score limits do not apply to BM25 scores",
    ]
  `);
});

test("a copy of a text that an earlier source took, or that is pinned, is not taken under another id", () => {
  const copies = withCorpus(
    [{ query: "q", pos: ["p"] }],
    [
      ["d1", "same"],
      ["d2", "same "],
      ["d3", "other"],
    ],
  );
  const hits = [
    ["same", 0.7],
    ["same ", 0.7],
    ["other", 0.5],
  ] as const;
  const mix: MixEntry[] = [
    { source: "top", n: 1 },
    { source: "bm25", n: 1 },
  ];
  const lists = { top: ["same"], bm25: ["same ", "other"] };
  const rulesOf = (marks: Scene["marks"] = []): readonly string[] =>
    decideScene({ collection: copies, hits, lists, marks, sampler: { mix } }).candidates.map(
      ({ document, rule, reason }) => `${copies.documents[document]?.id ?? "?"} ${rule}: ${reason}`,
    );
  expect(rulesOf()).toMatchInlineSnapshot(`
    [
      "d1 sampled: number 1 of the survivors by score",
      "d3 sampled: number 1 of the survivors by BM25 score",
      "d2 same_text: the same text as "d1", which is considered once",
    ]
  `);
  expect(rulesOf([verdict("q", "same", "true_negative")])).toMatchInlineSnapshot(`
    [
      "d1 pinned: marked true negative by ann",
      "d3 sampled: number 1 of the survivors by BM25 score",
      "d2 same_text: the same text as "d1", which is considered once",
    ]
  `);
});
