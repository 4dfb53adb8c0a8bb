import { performance } from "node:perf_hooks";
import type { Collection } from "#core/collection/collection";
import { buildCollection } from "#core/collection/buildCollection";
import { clusterTopics, topicCount } from "#core/grouping/clusterTopics";
import { articleGrouping } from "#core/grouping/fieldGrouping";
import { Bm25Index } from "#core/lexical/bm25";
import { groupOverlap } from "#core/mining/overlapTable";
import { seededRandom } from "#core/util/random";
import { sha256 } from "../support/sha256";
import { type Bench, quantile } from "./figure";
import { inventedTexts } from "./inventedTexts";

const weights = { k1: 1.2, b: 0.75 };
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const textsBench: readonly Bench[] = [
  {
    name: "bm25",
    run: async () => {
      const texts = inventedTexts(100_000, { least: 70, most: 130, seed: "bm25" });
      const { build, search, edit } = await bm25Times(texts);
      return [
        { name: "BM25 index of 100k passages of 100 words", value: build, unit: "s", goal: 15 },
        { name: "BM25 top-100 of 100k, 9 words, mean", value: mean(search), unit: "ms" },
        { name: "BM25 top-100 of 100k, 9 words, p95", value: quantile(search, 0.95), unit: "ms", goal: 5 },
        { name: "one passage replaced in the BM25 index, p95", value: quantile(edit, 0.95), unit: "ms" },
      ];
    },
  },
  {
    name: "overlap",
    run: () => {
      const texts = inventedTexts(50_000, { least: 60, most: 100, seed: "overlap" });
      const seconds = overlapTime(collectionOf(texts), 1_000_000);
      return Promise.resolve([{ name: "word overlap of 1M pairs of 50k passages, with shingling", value: seconds, unit: "s", goal: 1.5 }]);
    },
  },
  {
    name: "grouping",
    run: () => {
      const collection = collectionOf(inventedTexts(100_000, { least: 70, most: 130, seed: "grouping" }));
      const topics = topicCount(collection.documents.length);
      const articles = secondsOf(() => {
        articleGrouping(collection, { field: "id", separator: "#", order_field: "id", adjacent: 1 });
      });
      const named = secondsOf(() => {
        clusterTopics(
          collection,
          Int32Array.from(collection.documents, (_, at) => at % topics),
          topics,
        );
      });
      return Promise.resolve([
        { name: "articles of 100k passages, in order", value: articles * 1000, unit: "ms" },
        { name: "topics of 100k passages, named", value: named * 1000, unit: "ms" },
      ]);
    },
  },
];

interface Bm25Times {
  /** Seconds. */
  readonly build: number;
  /** Milliseconds of each query, and of each edit. */
  readonly search: readonly number[];
  readonly edit: readonly number[];
}

async function bm25Times(texts: readonly string[]): Promise<Bm25Times> {
  const index = new Bm25Index();
  const start = performance.now();
  await index.put(
    texts.map((text, slot) => ({ slot, text })),
    { breathe: nextTurn },
  );
  const build = (performance.now() - start) / 1000;
  const search = Array.from({ length: 500 }, (_, at) => {
    const query = texts[at * 31]!.split(" ").slice(0, 9).join(" ");
    return 1000 * secondsOf(() => index.search(query, 100, weights));
  });
  const edit: number[] = [];
  for (let at = 0; at < 100; at += 1) {
    const before = performance.now();
    index.drop([at * 9]);
    await index.put([{ slot: at * 9, text: `${texts[at]!} again` }], { breathe: nextTurn });
    edit.push(performance.now() - before);
  }
  return { build, search, edit };
}

/** Seconds for so many pairs, each query's candidates against one positive. */
function overlapTime(collection: Collection, pairs: number): number {
  const random = seededRandom("pairs");
  const groups = collection.groups.length;
  return secondsOf(() => {
    for (let pair = 0; pair < pairs; pair += 1) {
      groupOverlap(collection, Math.floor(random() * groups), (Math.floor(pair / 100) * 31) % groups, 0.5);
    }
  });
}

function collectionOf(texts: readonly string[]): Collection {
  const rows = texts.map((text, at) => {
    const documents = [{ id: `article ${String(at % 9973)}#${String(Math.floor(at / 9973))}`, text, path: [] }];
    return { line: at + 1, record: { positives: [], negatives: [], documents } };
  });
  return buildCollection({ files: [{ name: "corpus.jsonl", role: "corpus", rows }] }, sha256);
}

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
