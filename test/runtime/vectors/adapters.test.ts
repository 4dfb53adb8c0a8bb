import { expect, test } from "vitest";
import { identityAdapter, type Adapter, type AdapterSides } from "#core/adapter/adapter";
import type { RetrievalJob, Side, VectorSpace } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { EMBEDDED, EXACT, failureOf, HNSW, startClient, startWithRows, startWithVectors, valueOf } from "./fixture";

type Matrix = readonly (readonly number[])[];
type Matrices = Readonly<Record<Side, Matrix>>;

const quiet = { cancellation: neverCancelled };
const POOR_HNSW = { ...HNSW, m: 4, efConstruction: 20, ef: 8 };
const all = (matrix: Matrix) => [...matrix.keys()];

function randomVectors(count: number, dimensions: number, seed: string): Matrix {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Array.from({ length: dimensions }, () => random() - 0.5));
}

/** The identity with something added to every weight. */
function randomAdapter(dimensions: number, sides: AdapterSides, seed = "adapter"): Adapter {
  const random = seededRandom(seed);
  const { weight } = identityAdapter(dimensions, sides);
  return { sides, dimensions, weight: weight.map((value) => value + random() - 0.5) };
}

function inMemory(vectors: Matrices, row: (slot: number) => number = (slot) => slot): InMemoryVectorSpace {
  return new InMemoryVectorSpace(
    (_, slot) => String(row(slot)),
    (text, side) => vectors[side][Number(text)] ?? vectors[side][0]!,
  );
}

async function putAll(space: VectorSpace, vectors: Matrices): Promise<void> {
  for (const side of ["query", "document"] as const) valueOf(await space.put(side, all(vectors[side]), quiet));
}

async function started(vectors: Matrices): Promise<readonly [Awaited<ReturnType<typeof startWithVectors>>, InMemoryVectorSpace]> {
  const spaces = [await startWithVectors(vectors), inMemory(vectors)] as const;
  for (const space of spaces) await putAll(space, vectors);
  return spaces;
}

/** Jobs whose positives and extra documents are divisible by three. */
function jobsFor({ query, document }: Matrices): readonly RetrievalJob[] {
  const random = seededRandom("jobs");
  const draw = (count: number) => Array.from({ length: count }, () => 3 * Math.floor((random() * document.length) / 3));
  return all(query).map((slot) => ({ query: slot, positives: draw(slot % 3), extra: draw(slot % 2) }));
}

/** Everything that vectors decide about. */
async function answersOf(space: VectorSpace, vectors: Matrices, under?: string): Promise<readonly unknown[]> {
  const jobs = jobsFor(vectors);
  const lists = jobs.map(({ positives, extra }) => [...positives, ...extra]);
  return [
    valueOf(await space.retrieve(jobs, 0, neverCancelled, under)),
    valueOf(await space.similarPairs(lists, 0.1, neverCancelled, under)),
    valueOf(
      await space.similarities(
        jobs.map(({ positives, extra }) => ({ rows: extra, columns: positives })),
        neverCancelled,
        under,
      ),
    ),
    valueOf(await space.retrieve(jobs, 25, neverCancelled, under)),
    valueOf(await space.topics(9, 1, quiet, under)),
  ];
}

test.each(["query", "both"] as const)(
  "search under an adapter of sides %s gives what moving and comparing everything gives",
  async (sides) => {
    const vectors = { query: randomVectors(70, 6, "queries"), document: randomVectors(9000, 6, "documents") };
    const [real, naive] = await started(vectors);
    const answers = [];
    for (const space of [real, naive]) {
      const before = [valueOf(await space.vectors("query", all(vectors.query), neverCancelled)), await answersOf(space, vectors)];
      valueOf(await space.hold("trained", randomAdapter(6, sides)));
      const under = await answersOf(space, vectors, "trained");
      const after = [valueOf(await space.vectors("query", all(vectors.query), neverCancelled)), await answersOf(space, vectors)];
      expect(after).toEqual(before);
      expect(under).not.toEqual(before[1]);
      answers.push(under);
    }
    expect(answers[0]).toEqual(answers[1]);
  },
);

test("scores are the cosines of W v", async () => {
  const vectors = { query: randomVectors(5, 33, "queries"), document: randomVectors(40, 33, "documents") };
  const [space] = await started(vectors);
  for (const sides of ["query", "both"] as const) {
    const { dimensions, weight } = randomAdapter(33, sides);
    valueOf(await space.hold(sides, { sides, dimensions, weight }));
    const moved = (vector: readonly number[]) =>
      vector.map((_, out) => vector.reduce((sum, value, i) => sum + weight[out * dimensions + i]! * value, 0));
    const cosine = (a: readonly number[], b: readonly number[]) => {
      const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const jobs = all(vectors.query).map((query) => ({ query, positives: [], extra: all(vectors.document) }));
    const found = valueOf(await space.retrieve(jobs, 0, neverCancelled, sides));
    const errors = found.flatMap(({ extraScores }, query) =>
      Array.from(extraScores, (score, document) => {
        const passage = vectors.document[document]!;
        return Math.abs(score - cosine(moved(vectors.query[query]!), sides === "both" ? moved(passage) : passage));
      }),
    );
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  }
});

test.each(["query", "both"] as const)("the identity of sides %s leaves every result as it is", async (sides) => {
  // In few dimensions a rounded unit vector is farther from length 1.
  const vectors = { query: randomVectors(40, 2, "queries"), document: randomVectors(500, 2, "documents") };
  const [real, naive] = await started(vectors);
  for (const space of [real, naive]) {
    valueOf(await space.hold("identity", identityAdapter(2, sides)));
    expect(await answersOf(space, vectors, "identity")).toEqual(await answersOf(space, vectors));
  }
});

test("texts that come, go and change after an adapter is held are moved as well", async () => {
  const vectors = { query: randomVectors(30, 6, "queries"), document: randomVectors(400, 6, "documents") };
  const rows = new Map<number, number>();
  const row = (slot: number): number => rows.get(slot) ?? slot;
  const spaces = [await startWithRows(vectors, (_, slot) => row(slot)), inMemory(vectors, row)];
  const answers = [];
  for (const space of spaces) {
    rows.clear();
    valueOf(await space.hold("trained", randomAdapter(6, "both")));
    valueOf(await space.put("query", all(vectors.query), quiet));
    valueOf(await space.put("document", all(vectors.document).slice(0, 300), quiet));
    const retrieve = async () => valueOf(await space.retrieve(jobs, 20, neverCancelled, "trained"));
    const jobs = all(vectors.query).map((query) => ({ query, positives: [query], extra: [299] }));
    const seen = [await retrieve()];
    // Slots 0 to 49 take other texts, 50 to 99 none, 300 to 399 new ones.
    for (let slot = 0; slot < 50; slot++) rows.set(slot, (slot * 7) % 30);
    for (const side of ["query", "document"] as const) await space.drop(side, all(vectors.document).slice(0, 100));
    expect(failureOf(await space.retrieve(jobs, 20, neverCancelled, "trained")).reason).toBe("not-ready");
    valueOf(await space.put("query", all(vectors.query), quiet));
    valueOf(await space.put("document", [...all(vectors.document).slice(0, 50), ...all(vectors.document).slice(300)], quiet));
    seen.push(await retrieve());
    expect(seen[1]).not.toEqual(seen[0]);
    answers.push(seen);
  }
  expect(answers[0]).toEqual(answers[1]);
});

test("a graph over the encoder's vectors serves an adapter of queries", async () => {
  const vectors = { query: randomVectors(60, 33, "queries"), document: randomVectors(2000, 33, "documents") };
  const [space] = await started(vectors);
  valueOf(await space.hold("trained", randomAdapter(33, "query")));
  const jobs = jobsFor(vectors);
  const exact = valueOf(await space.retrieve(jobs, 25, neverCancelled, "trained"));
  const status = valueOf(await space.index(HNSW, neverCancelled, "trained"));
  expect(status).toMatchObject({ kind: "hnsw", documents: 2000, recallSample: 60 });
  // Measured with moved queries at depth 100.
  expect(status.recall).toBeGreaterThan(0.99);
  expect(valueOf(await space.retrieve(jobs, 25, neverCancelled, "trained"))).toEqual(exact);
  valueOf(await space.index(POOR_HNSW, neverCancelled));
  expect(valueOf(await space.retrieve(jobs, 25, neverCancelled, "trained"))).not.toEqual(exact);
});

test("a graph over moved documents serves its own adapter only, follows the texts, and goes with its adapter", async () => {
  const vectors = { query: randomVectors(60, 33, "queries"), document: randomVectors(2000, 33, "documents") };
  const [space, naive] = await started(vectors);
  const jobs = all(vectors.query).map((query) => ({ query, positives: [], extra: [] }));
  const find = async (one: VectorSpace, under?: string) => valueOf(await one.retrieve(jobs, 25, neverCancelled, under));
  for (const one of [space, naive]) {
    valueOf(await one.hold("first", randomAdapter(33, "both", "first")));
    valueOf(await one.hold("second", randomAdapter(33, "both", "second")));
  }
  const status = valueOf(await space.index(POOR_HNSW, neverCancelled, "first"));
  expect(status.kind).toBe("hnsw");
  expect(status.recall).toBeLessThan(1);
  expect(await find(space, "first")).not.toEqual(await find(naive, "first"));
  expect(await find(space, "second")).toEqual(await find(naive, "second"));
  expect(await find(space)).toEqual(await find(naive));
  valueOf(await space.index(HNSW, neverCancelled, "first"));
  for (const one of [space, naive]) {
    await one.drop("document", all(vectors.document).slice(0, 30));
    expect((await find(one, "first")).flatMap(({ documents }) => [...documents]).filter((slot) => slot < 30)).toEqual([]);
    valueOf(await one.put("document", all(vectors.document).slice(0, 20), quiet));
  }
  expect(await find(space, "first")).toEqual(await find(naive, "first"));
  valueOf(await space.index(POOR_HNSW, neverCancelled, "first"));
  // An adapter of the same name takes its place: its vectors are others, which no graph is over.
  for (const one of [space, naive]) valueOf(await one.hold("first", randomAdapter(33, "both", "third")));
  expect(await find(space, "first")).toEqual(await find(naive, "first"));
});

test("adapters and the index under one are there again after the process died, released ones are not", async () => {
  const vectors = { query: randomVectors(40, 33, "queries"), document: randomVectors(1000, 33, "documents") };
  const [space] = await started(vectors);
  const adapter = randomAdapter(33, "both");
  valueOf(await space.hold("kept", adapter));
  valueOf(await space.hold("released", adapter));
  valueOf(await space.index(POOR_HNSW, neverCancelled, "kept"));
  const jobs = jobsFor(vectors);
  const before = valueOf(await space.retrieve(jobs, 25, neverCancelled, "kept"));
  // The caller's array is its own.
  adapter.weight.fill(0);
  await space.release("released");
  process.kill(space.processId!, "SIGKILL");
  expect(valueOf(await space.retrieve(jobs, 25, neverCancelled, "kept"))).toEqual(before);
  expect(failureOf(await space.retrieve(jobs, 25, neverCancelled, "released")).reason).toBe("not-ready");
  await space.release("kept");
  process.kill(space.processId!, "SIGKILL");
  valueOf(await space.retrieve(jobs, 25, neverCancelled));
});

test("a search whose adapter is replaced on the way fails, so that no answer is of two adapters", async () => {
  const vectors = { query: randomVectors(3000, 33, "queries"), document: randomVectors(2000, 33, "documents") };
  const [space] = await started(vectors);
  valueOf(await space.hold("trained", randomAdapter(33, "query", "first")));
  const jobs = all(vectors.query).map((query) => ({ query, positives: [], extra: [] }));
  const search = space.retrieve(jobs, 25, neverCancelled, "trained");
  valueOf(await space.hold("trained", randomAdapter(33, "query", "second")));
  expect(failureOf(await search)).toEqual({
    reason: "superseded",
    message: 'The adapter "trained" was replaced meanwhile.',
    nextStep: "Try again.",
  });
});

test("what cannot be an adapter of these vectors is said", async () => {
  const vectors = { query: [[1, 0]], document: [[0, 1]] };
  const spaces = await started(vectors);
  const nan = identityAdapter(2, "query");
  nan.weight[2] = NaN;
  for (const space of spaces) {
    const tryHold = async (adapter: Adapter) => failureOf(await space.hold("trained", adapter));
    expect(await tryHold(identityAdapter(3, "query"))).toEqual({
      reason: "bad-vectors",
      message: 'The adapter "trained" moves vectors of 3 dimensions; those of the model have 2.',
      nextStep: "Use an adapter that was trained with this model, or choose the model that it was trained with.",
    });
    expect((await tryHold({ sides: "query", dimensions: 2, weight: new Float32Array(3) })).message).toBe(
      'The adapter "trained" has 3 weights; 2 x 2 are wanted.',
    );
    expect(await tryHold(nan)).toEqual({
      reason: "bad-vectors",
      message: 'The weight in row 1, column 0 of the adapter "trained" is NaN.',
      nextStep: "Train the adapter anew, with a smaller learning rate.",
    });
    expect(failureOf(await space.retrieve([], 3, neverCancelled, "trained"))).toEqual({
      reason: "not-ready",
      message: 'There is no adapter "trained" among those in use.',
      nextStep: "Load the adapter again; a model that is opened anew starts without any.",
    });
  }
});

test("a vector that loses its direction is named when a search needs it", async () => {
  const vectors = { query: [[1, 0], [0, 1]], document: [[1, 1], [0, 1]] }; // prettier-ignore
  for (const space of await started(vectors)) {
    // Only the first component is left.
    valueOf(await space.hold("query", { sides: "query", dimensions: 2, weight: Float32Array.of(1, 0, 0, 0) }));
    valueOf(await space.hold("both", { sides: "both", dimensions: 2, weight: Float32Array.of(1, 0, 0, 0) }));
    const ask = (query: number, depth: number, under: string) =>
      space.retrieve([{ query, positives: [0], extra: [] }], depth, neverCancelled, under);
    expect([...valueOf(await ask(0, 2, "query"))[0]!.documents]).toEqual([0, 1]);
    expect(failureOf(await ask(1, 2, "query"))).toEqual({
      reason: "bad-vectors",
      message: 'The adapter "query" leaves the query in slot 1 without a direction (all zeros, or too large).',
      nextStep: "Train the adapter anew, with a smaller learning rate, or use another adapter.",
    });
    expect([...valueOf(await ask(0, 0, "both"))[0]!.positiveScores]).toEqual([1]);
    expect(failureOf(await ask(0, 2, "both")).message).toContain("the document in slot 1");
  }
});

test("released adapters are gone, and a model opened anew has none", async () => {
  const vectors = { query: [[1, 0]], document: [[0, 1]] };
  for (const space of await started(vectors)) {
    const rotation: Adapter = { sides: "query", dimensions: 2, weight: Float32Array.of(0, -1, 1, 0) };
    const job = { query: 0, positives: [0], extra: [] };
    const ask = (under: string) => space.retrieve([job], 1, neverCancelled, under);
    for (const name of ["one", "two"]) valueOf(await space.hold(name, rotation));
    expect([...valueOf(await ask("one"))[0]!.scores]).toEqual([1]);
    await space.release("one");
    expect(failureOf(await ask("one")).reason).toBe("not-ready");
    expect(failureOf(await space.index(EXACT, neverCancelled, "one")).reason).toBe("not-ready");
    expect([...valueOf(await ask("two"))[0]!.scores]).toEqual([1]);
    valueOf(await space.open(EMBEDDED));
    await putAll(space, vectors);
    expect(failureOf(await ask("two")).reason).toBe("not-ready");
  }
});

test("before a model is open no adapter can be held", async () => {
  const space = await startClient({});
  expect(failureOf(await space.hold("trained", identityAdapter(2, "query"))).reason).toBe("not-ready");
});

test("vectors are the encoder's, one after the other in the order asked for", async () => {
  const vectors = { query: [[3, 4]], document: randomVectors(9000, 6, "documents").map(([a, b]) => [a!, b!]) };
  const slots = all(vectors.document).reverse();
  const [real, naive] = await started(vectors);
  expect([...valueOf(await real.vectors("query", [0, 0], neverCancelled))].map((value) => Math.round(value * 10))).toEqual([6, 8, 6, 8]);
  expect(valueOf(await real.vectors("document", slots, neverCancelled))).toEqual(
    valueOf(await naive.vectors("document", slots, neverCancelled)),
  );
  expect(valueOf(await real.vectors("document", [], neverCancelled))).toHaveLength(0);
  expect(failureOf(await real.vectors("query", [0, 4], neverCancelled)).message).toBe("The query in slot 4 has no vector yet.");
  expect(failureOf(await real.vectors("query", [0], { requested: true })).reason).toBe("cancelled");
});
