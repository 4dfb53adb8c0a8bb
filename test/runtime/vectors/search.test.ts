import { expect, test } from "vitest";
import { seededRandom } from "#core/util/random";
import { neverCancelled } from "#core/util/cancellation";
import type { RetrievalJob, Side } from "#core/ports";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { EMBEDDED, EXACT, failureOf, HNSW, startWithVectors, valueOf } from "./fixture";

type Matrix = readonly (readonly number[])[];

/** Vectors of small whole numbers, so that many are equal and many scores tie. */
function coarseVectors(count: number, dimensions: number, seed: string): Matrix {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => [1, ...Array.from({ length: dimensions - 1 }, () => Math.floor(random() * 3) - 1)]);
}

/** One vector again and again: nothing can be told apart by score. */
function equalVectors(count: number, dimensions: number): Matrix {
  return Array.from({ length: count }, () => Array.from({ length: dimensions }, (_, i) => i + 1));
}

/** Vectors scattered around centres, as those of passages are. */
function clusteredVectors(count: number, dimensions: number, seed: string): Matrix {
  const random = seededRandom(seed);
  const centres = Array.from({ length: 50 }, () => Array.from({ length: dimensions }, () => random() - 0.5));
  return Array.from({ length: count }, (_, i) => centres[i % centres.length]!.map((value) => value + (random() - 0.5) * 0.8));
}

function inMemory(vectors: Readonly<Record<Side, Matrix>>): InMemoryVectorSpace {
  return new InMemoryVectorSpace(
    (_, slot) => String(slot),
    (text, side) => vectors[side][Number(text)] ?? vectors[side][0]!,
  );
}

const all = (matrix: Matrix) => [...matrix.keys()];

test.each([
  { name: "coarse vectors with ties, over two blocks", make: coarseVectors, documents: 9000, dimensions: 6 },
  { name: "clustered vectors", make: clusteredVectors, documents: 3000, dimensions: 33 },
  { name: "equal vectors", make: equalVectors, documents: 3000, dimensions: 7 },
  { name: "fewer documents than wanted", make: coarseVectors, documents: 7, dimensions: 5 },
])("exact search gives what comparing everything gives: $name", async ({ make, documents, dimensions }) => {
  const vectors = { query: make(140, dimensions, "queries"), document: make(documents, dimensions, "documents") };
  const random = seededRandom("jobs");
  const draw = (count: number) => Array.from({ length: count }, () => Math.floor(random() * documents)).filter((slot) => slot % 7 !== 3);
  const jobs: RetrievalJob[] = all(vectors.query).map((query) => ({ query, positives: draw(query % 3), extra: draw(2) }));
  const dropped = all(vectors.document).filter((slot) => slot % 7 === 3);
  const [real, naive] = [await startWithVectors(vectors), inMemory(vectors)];
  const answers = [];
  for (const space of [real, naive]) {
    await space.put("query", all(vectors.query), { cancellation: neverCancelled });
    await space.put("document", all(vectors.document), { cancellation: neverCancelled });
    await space.drop("document", dropped);
    expect(valueOf(await space.index(EXACT, neverCancelled))).toEqual({
      kind: "exact",
      documents: documents - dropped.length,
      recall: 1,
      recallSample: 0,
    });
    answers.push(valueOf(await space.retrieve(jobs, 25, neverCancelled)));
  }
  expect(answers[0]).toEqual(answers[1]);
});

test("a slot may be dropped and used for another vector", async () => {
  const space = await startWithVectors({
    query: [[1, 0]],
    document: [
      [1, 0],
      [0, 1],
      [-1, 0],
    ],
  });
  await space.put("query", [0], { cancellation: neverCancelled });
  await space.put("document", [0, 1, 2], { cancellation: neverCancelled });
  await space.index(HNSW, neverCancelled);
  const hits = async () => [...valueOf(await space.retrieve([{ query: 0, positives: [], extra: [] }], 3, neverCancelled))[0]!.documents];
  expect(await hits()).toEqual([0, 1, 2]);
  await space.drop("document", [0]);
  expect(await hits()).toEqual([1, 2]);
  await space.put("document", [0], { cancellation: neverCancelled });
  expect(await hits()).toEqual([0, 1, 2]);
});

test("a slot without a vector is named", async () => {
  const space = await startWithVectors({
    query: [[1, 0]],
    document: [
      [1, 0],
      [0, 1],
    ],
  });
  await space.put("query", [0], { cancellation: neverCancelled });
  await space.put("document", [0], { cancellation: neverCancelled });
  const ask = async (job: RetrievalJob) => failureOf(await space.retrieve([job], 3, neverCancelled)).message;
  expect(await ask({ query: 5, positives: [], extra: [] })).toBe("The query in slot 5 has no vector yet.");
  expect(await ask({ query: 0, positives: [0, 1], extra: [] })).toBe("The document in slot 1 has no vector yet.");
  expect(failureOf(await space.put("document", [1, 7], { cancellation: neverCancelled }))).toMatchObject({
    reason: "bad-vectors",
    message: "The vector file has no row for document slot 7.",
  });
});

test("query and corpus vectors must have the same length", async () => {
  await expect(startWithVectors({ query: [[1, 0]], document: [[1, 0, 0]] })).rejects.toThrow(
    "Query vectors have 2 dimensions, corpus vectors 3.",
  );
});

test("HNSW states the recall it has", async () => {
  const vectors = { query: clusteredVectors(200, 64, "queries"), document: clusteredVectors(4000, 64, "documents") };
  const space = await startWithVectors(vectors);
  await space.put("query", all(vectors.query), { cancellation: neverCancelled });
  await space.put("document", all(vectors.document), { cancellation: neverCancelled });
  const jobs = all(vectors.query).map((query) => ({ query, positives: [], extra: [] }));
  const status = valueOf(await space.index({ ...HNSW, m: 4, efConstruction: 20, ef: 8 }, neverCancelled));
  const approximate = valueOf(await space.retrieve(jobs, 100, neverCancelled));
  await space.index(EXACT, neverCancelled);
  const exact = valueOf(await space.retrieve(jobs, 100, neverCancelled));
  const shared = exact.map(({ documents }, i) => approximate[i]!.documents.filter((slot) => documents.includes(slot)).length);
  const recall = shared.reduce((sum, count) => sum + count, 0) / (100 * jobs.length);
  expect(status).toMatchObject({ kind: "hnsw", documents: 4000, recallSample: 64 });
  expect(status.recall).toBeLessThan(1);
  expect(Math.abs(status.recall - recall)).toBeLessThan(0.05);
  // A hit's score is the same whichever index found it.
  const [first] = approximate;
  for (const [i, slot] of first!.documents.entries()) {
    const place = exact[0]!.documents.indexOf(slot);
    if (place >= 0) expect(first!.scores[i]).toBe(exact[0]!.scores[place]);
  }
});

test("a model that is chosen anew drops all vectors", async () => {
  const space = await startWithVectors({ query: [[1, 0]], document: [[1, 0]] });
  await space.put("query", [0], { cancellation: neverCancelled });
  await space.open(EMBEDDED);
  expect(failureOf(await space.retrieve([{ query: 0, positives: [], extra: [] }], 1, neverCancelled)).reason).toBe("not-ready");
});
