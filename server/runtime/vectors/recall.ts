import type { IndexStatus } from "#core/ports";
import { seededRandom, shuffledRange } from "#core/util/random";
import { Ranking } from "./ranking";
import { rank, shortlistsOf, type SearchSpace } from "./retrieval";
import type { SlicedWork } from "../process/taskQueue";

const SAMPLE = 64;
const DEPTH = 100;
const QUERIES_PER_SLICE = 16;

/**
 * Share of the exact top 100 that the graph returns, on a seeded sample of the queries; where there are no queries yet, documents stand in
 * for them.
 */
export async function* measureRecall(space: SearchSpace): SlicedWork<Pick<IndexStatus, "recall" | "recallSample">> {
  const source = space.queries.size > 0 ? space.queries : space.documents;
  const slots = [...source.slots()];
  const sample: number[] = [];
  for (const place of shuffledRange(slots.length, seededRandom("recall"))) {
    if (sample.length === SAMPLE) break;
    sample.push(...slots.slice(place, place + 1));
  }
  const graph: SearchSpace = { ...space, queries: source };
  const oracle: SearchSpace = { ...graph, hnsw: undefined };
  let found = 0;
  let wanted = 0;
  let measured = 0;
  const ranking = new Ranking(DEPTH);
  for (let start = 0; start < sample.length; start += QUERIES_PER_SLICE) {
    const queries = sample.slice(start, start + QUERIES_PER_SLICE).filter((slot) => source.has(slot));
    const exact = yield* shortlistsOf(oracle, queries, DEPTH);
    const approximate = yield* shortlistsOf(graph, queries, DEPTH);
    for (const [i, slot] of queries.entries()) {
      if (!source.has(slot)) continue;
      const job = { query: slot, positives: [] };
      rank(oracle, job, exact[i], ranking);
      const truth = new Set(ranking.documents.slots);
      rank(graph, job, approximate[i], ranking);
      found += ranking.documents.slots.filter((hit) => truth.has(hit)).length;
      wanted += truth.size;
      measured++;
    }
    yield undefined;
  }
  return { recall: wanted === 0 ? 1 : found / wanted, recallSample: measured };
}
