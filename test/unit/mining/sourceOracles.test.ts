// Every source against a slow and plain statement of what it is, over a small data set with real vectors, through the session that mines files.
import { expect, test } from "vitest";
import type { Document, Query } from "#core/collection/collection";
import { normaliseText } from "#core/collection/textKey";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { Candidate } from "#core/mining/candidate";
import { explain } from "#core/mining/explain";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { hashingEmbedder, InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { bare, simansOf } from "./miningFixture";

const vocabulary = [
  "tide",
  "tern",
  "reef",
  "sand",
  "gull",
  "crab",
  "kelp",
  "wave",
  "moon",
  "rock",
  "salt",
  "wind",
  "boat",
  "sail",
  "port",
  "fish",
];
const random = seededRandom("oracle");
const sentence = (words: number): string =>
  Array.from({ length: words }, () => vocabulary[Math.floor(random() * vocabulary.length)] ?? "").join(" ");

const articles = 12;
const passages = Array.from({ length: 84 }, (_, i) => {
  const article = i % articles;
  return {
    id: `d${String(i)}`,
    text: `${vocabulary[article] ?? ""} ${sentence(3 + (i % 7))} ${String(i)}`,
    fields: { article: `a${String(article)}`, position: Math.floor(i / articles), topic: `t${String(article % 4)}` },
  };
});
const at = (i: number): readonly [string, string] => [passages[i]?.id ?? "", passages[i]?.text ?? ""];
const queries = [
  { query: "tide and moon", pos: [at(0), at(36)] },
  { query: "where does the tern sail", pos: [at(25)] },
  { query: "crab crab reef", pos: [at(2), at(3)] },
  { query: "salt wind boat", pos: [at(46)] },
  { query: "nothing of the kind", pos: [at(83)] },
  { query: passages[50]?.text ?? "", pos: [at(51)] },
];
const input = {
  files: [
    file("train.jsonl", "training", queries),
    file(
      "corpus.jsonl",
      "corpus",
      passages.map(({ id, text, fields }) => ({ docs: [[id, text, fields]] })),
    ),
  ],
};

/** Counts of words with a little noise, so that no two scores are equal. */
function embed(text: string): readonly number[] {
  const noise = seededRandom(text);
  return hashingEmbedder(48)(text, "document").map((value) => value + 0.05 * noise());
}

function cosine(one: string, other: string): number {
  const [a, b] = [embed(one), embed(other)];
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

interface Mined {
  readonly query: Query;
  readonly documents: readonly Document[];
  readonly candidates: readonly Candidate[];
  readonly wanted: number;
}

async function mine(sampler: Partial<SamplerConfig>): Promise<readonly Mined[]> {
  const session = new DatasetSession({
    createVectors: (textOf) => new InMemoryVectorSpace(textOf, embed),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "ann",
  });
  await session.setData(input);
  await session.setConfig({ ...defaultConfig, sampler: { ...bare, range_max: 20, num_negatives: 3, ...sampler } });
  expect(await session.prepare()).toMatchObject({ ok: true });
  const mined: Mined[] = [];
  const whole = await session.mineAll((one) => {
    const query = session.collection.queries[one.query];
    if (query === undefined) throw new Error("no query");
    const wanted = one.context.sources.reduce((sum, { n }) => sum + n, 0);
    mined.push({ query, documents: session.collection.documents, candidates: explain(one), wanted });
  }, neverCancelled);
  expect(whole).toMatchObject({ ok: true });
  // A query that is mined alone comes to the same as in the batch of all.
  for (const [i, { candidates }] of mined.entries()) {
    const alone = await session.mine(i);
    expect(alone.ok && explain(alone.value)).toEqual(candidates);
  }
  await session.dispose();
  return mined;
}

const idsOf = ({ documents, candidates }: Mined): readonly string[] =>
  candidates.filter(({ kept }) => kept).map(({ document }) => documents[document]?.id ?? "?");

interface Passage {
  readonly id: string;
  readonly text: string;
  readonly fields: { readonly article: string; readonly position: number; readonly topic: string };
}

const positivesOf = ({ query }: Mined): readonly Passage[] =>
  passages.filter(({ id }) => queries.find((one) => one.query === query.text)?.pos.some(([positive]) => positive === id) === true);

/** All passages by a score, best first, equal ones in the order of the corpus. */
function ranked(score: (passage: Passage) => number, among: readonly Passage[] = passages): readonly Passage[] {
  return among
    .map((passage, i) => ({ passage, i, score: score(passage) }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .map(({ passage }) => passage);
}

const dense = ({ query }: Mined): readonly Passage[] => ranked(({ text }) => cosine(query.text, text));

function mayBeNegative(mined: Mined): (passage: Passage) => boolean {
  const barred = new Set([mined.query.text, ...positivesOf(mined).map(({ text }) => text)].map(normaliseText));
  return ({ text }) => !barred.has(normaliseText(text));
}

/** The first of a list that may be negatives, nearest first, as decisions list them. */
function firstOf(mined: Mined, list: readonly Passage[], count = 3): readonly string[] {
  const taken = list.filter(mayBeNegative(mined)).slice(0, count);
  return ranked(({ text }) => cosine(mined.query.text, text), taken).map(({ id }) => id);
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z0-9]+/gu) ?? [];

function bm25(query: string, { k1, b }: { readonly k1: number; readonly b: number }): readonly Passage[] {
  const lengths = passages.map(({ text }) => wordsOf(text).length);
  const average = lengths.reduce((sum, length) => sum + length, 0) / passages.length;
  const score = ({ text }: Passage): number => {
    const words = wordsOf(text);
    return wordsOf(query).reduce((sum, word) => {
      const n = passages.filter((other) => wordsOf(other.text).includes(word)).length;
      const times = words.filter((one) => one === word).length;
      const idf = Math.log(1 + (passages.length - n + 0.5) / (n + 0.5));
      return times === 0 ? sum : sum + (idf * times * (k1 + 1)) / (times + k1 * (1 - b + (b * words.length) / average));
    }, 0);
  };
  return ranked(score).filter((passage) => score(passage) > 0);
}

function quartile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

test("top: the nearest that are no positives and not the query, after a margin and a ceiling on the similarity to positives", async () => {
  const plain = await mine({ sampling_strategy: "top" });
  expect(plain.map(idsOf)).toEqual(plain.map((mined) => firstOf(mined, dense(mined).slice(0, 20))));
  const strict = await mine({ sampling_strategy: "top", relative_margin: 0.15, max_positive_similarity: 0.6, min_score: 0.1 });
  const expected = strict.map((mined) => {
    const positives = positivesOf(mined);
    const anchor = Math.min(...positives.map(({ text }) => cosine(mined.query.text, text)));
    const passes = ({ text }: Passage): boolean => {
      const score = cosine(mined.query.text, text);
      return score <= anchor * 0.85 && score >= 0.1 && positives.every((positive) => cosine(positive.text, text) <= 0.6);
    };
    return firstOf(mined, dense(mined).slice(0, 20).filter(passes));
  });
  expect(strict.map(idsOf)).toEqual(expected);
  expect(expected).not.toEqual(plain.map(idsOf));
});

test("top, with ranks counted among the survivors", async () => {
  const mined = await mine({ sampling_strategy: "top", range_after_filters: true, range_min: 2, range_max: 5, max_score: 0.5 });
  expect(mined.map(idsOf)).toEqual(
    mined.map((one) => {
      const survivors = dense(one).filter((passage) => mayBeNegative(one)(passage) && cosine(one.query.text, passage.text) <= 0.5);
      // As many more than the window are looked at as positives and the query itself may take away.
      const looked = dense(one).slice(0, 5 + one.query.positives.length + (one.query.group === -1 ? 0 : 1));
      return firstOf(one, survivors.filter((passage) => looked.includes(passage)).slice(2, 5));
    }),
  );
});

test("window: an even draw from the ranks of the window, three of them", async () => {
  const mined = await mine({ sampling_strategy: "window", range_min: 5, range_max: 15 });
  for (const one of mined) {
    const window = dense(one).slice(5, 15).filter(mayBeNegative(one));
    expect(idsOf(one)).toHaveLength(3);
    expect(window.map(({ id }) => id)).toEqual(expect.arrayContaining([...idsOf(one)]));
    const survivors = one.candidates.filter(({ rule }) => rule === "sampled" || rule === "not_sampled");
    expect(survivors.map(({ document }) => one.documents[document]?.id).sort()).toEqual(window.map(({ id }) => id).sort());
    for (const { probability } of survivors) expect(probability).toBeCloseTo(1 / window.length, 12);
  }
  expect(new Set(mined.map((one) => idsOf(one).join(" "))).size).toBeGreaterThan(1);
});

test("simans: probabilities by the formula over the pool of the nearest", async () => {
  const { a, b } = { a: 2, b: -0.5 };
  const mined = await mine({ sampling_strategy: "simans", simans: simansOf({ a, b }) });
  for (const one of mined) {
    const pool = dense(one).slice(0, 20).filter(mayBeNegative(one));
    const scores = pool.map(({ text }) => cosine(one.query.text, text));
    const sigma = (quartile(scores, 0.75) - quartile(scores, 0.25)) / 1.349;
    const anchor = Math.min(...positivesOf(one).map(({ text }) => cosine(one.query.text, text)));
    const weights = scores.map((score) => Math.exp(-a * ((score - anchor) / sigma - b) ** 2));
    const sum = weights.reduce((all, weight) => all + weight, 0);
    expect(idsOf(one)).toHaveLength(3);
    for (const { document, probability, rule } of one.candidates) {
      if (rule !== "sampled" && rule !== "not_sampled") continue;
      const place = pool.findIndex(({ id }) => id === one.documents[document]?.id);
      expect(probability).toBeCloseTo((weights[place] ?? Number.NaN) / sum, 4);
    }
  }
});

test("random: from the whole corpus, whatever the ranks are, never what is barred", async () => {
  const mined = await mine({ sampling_strategy: "random", num_negatives: 70, range_max: 4 });
  for (const one of mined) {
    const allowed = passages.filter(mayBeNegative(one)).map(({ id }) => id);
    expect(idsOf(one)).toHaveLength(70);
    expect(allowed).toEqual(expect.arrayContaining([...idsOf(one)]));
  }
});

test("bm25: naive Okapi BM25", async () => {
  for (const weights of [
    { k1: 1.2, b: 0.75 },
    { k1: 0, b: 0.75 },
    { k1: 2, b: 0 },
  ]) {
    const mined = await mine({ sampling_strategy: "bm25", bm25: weights });
    expect(mined.map(idsOf)).toEqual(mined.map((one) => firstOf(one, bm25(one.query.text, weights).slice(0, 20))));
  }
});

test("hybrid: the reciprocal ranks of both lists added up", async () => {
  const mined = await mine({ sampling_strategy: "hybrid", hybrid: { k: 5 }, num_negatives: 4 });
  const fusedLists = mined.map((one) => {
    const lists = [dense(one).slice(0, 20), bm25(one.query.text, bare.bm25).slice(0, 20)];
    const fused = ({ id }: Passage): number =>
      lists.reduce((sum, list) => {
        const place = list.findIndex((passage) => passage.id === id);
        return place === -1 ? sum : sum + 1 / (5 + place + 1);
      }, 0);
    return ranked(
      fused,
      passages.filter((passage) => fused(passage) > 0),
    );
  });
  expect(mined.map(idsOf)).toEqual(mined.map((one, i) => firstOf(one, fusedLists[i]?.slice(0, 20) ?? [], 4)));
  const inOrder = mined.map(({ candidates, documents }) =>
    candidates.toSorted((a, b) => a.rank - b.rank).map(({ document }) => documents[document]?.id),
  );
  expect(inOrder).toEqual(fusedLists.map((list) => list.map(({ id }) => id)));
});

test("same_article: the nearest passages of a positive's article that are not next to one", async () => {
  const same_article = { field: "article", separator: null, order_field: "position", adjacent: 1 };
  const mined = await mine({ sampling_strategy: "same_article", num_negatives: 4, same_article });
  const expected = mined.map((one) => {
    const positives = positivesOf(one);
    const isNeighbour = ({ fields }: Passage): boolean =>
      positives.some((positive) => positive.fields.article === fields.article && Math.abs(positive.fields.position - fields.position) <= 1);
    const members = passages.filter(({ fields }) => positives.some((positive) => positive.fields.article === fields.article));
    return firstOf(
      one,
      ranked(({ text }) => cosine(one.query.text, text), members).filter((passage) => !isNeighbour(passage)),
      4,
    );
  });
  expect(mined.map(idsOf)).toEqual(expected);
  expect(expected.some((ids) => ids.length < 4)).toBe(true);
});

test("same_topic: the nearest passages of a positive's class", async () => {
  const mined = await mine({ sampling_strategy: "same_topic", same_topic: { field: "topic", topics: null } });
  const expected = mined.map((one) => {
    const topics = positivesOf(one).map(({ fields }) => fields.topic);
    const members = passages.filter(({ fields }) => topics.includes(fields.topic));
    return firstOf(one, ranked(({ text }) => cosine(one.query.text, text), members).slice(0, 20 + 2));
  });
  expect(mined.map(idsOf)).toEqual(expected);
});

test("a mix: each source's own list, the earlier sources first", async () => {
  const mined = await mine({
    mix: [
      { source: "top", n: 2 },
      { source: "bm25", n: 2 },
      { source: "same_topic", n: 1 },
    ],
    same_topic: { field: "topic", topics: null },
  });
  const expected = mined.map((one) => {
    const may = mayBeNegative(one);
    const topics = positivesOf(one).map(({ fields }) => fields.topic);
    const lists = [
      { list: dense(one).slice(0, 20), n: 2 },
      { list: bm25(one.query.text, bare.bm25).slice(0, 20), n: 2 },
      { list: dense(one).filter(({ fields }) => topics.includes(fields.topic)), n: 1 },
    ];
    const taken = new Set<Passage>();
    for (const { list, n } of lists) {
      for (const passage of list.filter((candidate) => may(candidate) && !taken.has(candidate)).slice(0, n)) taken.add(passage);
    }
    return ranked(({ text }) => cosine(one.query.text, text), [...taken]).map(({ id }) => id);
  });
  expect(mined.map(idsOf)).toEqual(expected);
});
