import { expect, test } from "vitest";
import type { TopicAssignment } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { normalise } from "../../../server/runtime/vectors/similarity";
import {
  sphericalKMeans,
  startingCentres,
  type AssignPoints,
  type Centres,
  type Points,
} from "../../../server/runtime/vectors/sphericalKMeans";
import type { SlicedCalculation, SlicedWork } from "../../../server/runtime/process/taskQueue";
import { assignByDot } from "../../../server/runtime/vectors/topics";
import { VectorTable } from "../../../server/runtime/vectors/vectorTable";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { failureOf, startWithVectors, valueOf } from "./fixture";

type Matrix = readonly (readonly number[])[];

/** Documents scattered around centres, document i around centre i mod `centres`. */
function scattered(count: number, dimensions: number, centres: number, spread: number): Matrix {
  const random = seededRandom("documents");
  const middles = Array.from({ length: centres }, () => Array.from({ length: dimensions }, () => random() - 0.5));
  return Array.from({ length: count }, (_, i) => middles[i % centres]!.map((value) => value + (random() - 0.5) * spread));
}

function pointsOf(matrix: Matrix): { readonly points: Points; readonly assign: AssignPoints } {
  const table = new VectorTable(matrix[0]!.length);
  for (const [slot, row] of matrix.entries()) {
    const vector = Float32Array.from(row);
    normalise(vector);
    table.set(slot, vector);
  }
  const slots = Int32Array.from(matrix.keys());
  return {
    points: { count: matrix.length, dimensions: table.dimensions, vector: (point) => table.vector(point) },
    assign: assignByDot(table, slots),
  };
}

async function finish<T>(work: SlicedWork<T> | SlicedCalculation<T>): Promise<T> {
  for (;;) {
    const slice = await work.next();
    if (slice.done === true) return slice.value;
  }
}

const all = (matrix: Matrix) => [...matrix.keys()];
const quiet = { cancellation: neverCancelled };

function inMemory(document: Matrix): InMemoryVectorSpace {
  return new InMemoryVectorSpace(
    (_, slot) => String(slot),
    (text) => document[Number(text)] ?? document[0]!,
  );
}

test.each([
  { name: "well separated", documents: scattered(1500, 24, 12, 0.2), count: 12 },
  { name: "blurred, over two blocks", documents: scattered(9000, 8, 5, 1.2), count: 21 },
  { name: "equal vectors", documents: Array.from({ length: 90 }, (_, i) => [1, i % 3, i % 2]), count: 40 },
  { name: "fewer than topics", documents: scattered(7, 5, 7, 0.2), count: 20 },
])("topics are those that comparing everything gives, whatever the number of threads: $name", async ({ documents, count }) => {
  const vectors = { query: documents.slice(0, 1), document: documents };
  const dropped = all(documents).filter((slot) => slot % 7 === 3);
  const found: TopicAssignment[] = [];
  for (const space of [
    await startWithVectors(vectors, { threads: 1 }),
    await startWithVectors(vectors, { threads: 2 }),
    inMemory(documents),
  ]) {
    await space.put("document", all(documents), quiet);
    await space.drop("document", dropped);
    found.push(valueOf(await space.topics(count, 42, quiet)));
  }
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  const { topicOfSlot, topics } = found[0]!;
  expect(topicOfSlot.filter((topic) => topic === -1)).toHaveLength(dropped.filter((slot) => slot < topicOfSlot.length).length);
  // Topics are numbered by their first document.
  const firsts = Array.from({ length: topics }, (_, topic) => topicOfSlot.indexOf(topic));
  expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  expect(firsts[0]).toBe(0);
});

test("well separated clusters are found, whatever the seed", async () => {
  const documents = scattered(400, 16, 8, 0.1);
  const space = inMemory(documents);
  await space.put("document", all(documents), quiet);
  for (const seed of [1, 2, 3, 4, 5]) {
    const { topicOfSlot, topics, cohesion } = valueOf(await space.topics(8, seed, quiet));
    expect(topics).toBe(8);
    expect([...topicOfSlot]).toEqual(documents.map((_, i) => i % 8));
    expect(cohesion).toBeGreaterThan(0.99);
  }
});

test("the objective never falls, and equals what the similarities add up to", async () => {
  const documents = scattered(2000, 12, 30, 1);
  const { points, assign } = pointsOf(documents);
  const last: { centres?: Centres } = {};
  const watched: AssignPoints = (centres) => {
    last.centres = centres;
    return assign(centres);
  };
  const { objective, centreOf } = await finish(sphericalKMeans(points, 25, { random: seededRandom("seed"), assign: watched }));
  expect(objective.length).toBeGreaterThan(3);
  for (const [i, value] of objective.slice(1).entries()) expect(value).toBeGreaterThan(objective[i]! - 1e-3);
  const sums = Array.from({ length: 25 }, () => new Array<number>(12).fill(0));
  for (const [point, centre] of centreOf.entries()) points.vector(point).forEach((value, i) => (sums[centre]![i]! += value));
  expect(objective.at(-1)).toBeCloseTo(
    sums.map((sum) => Math.hypot(...sum)).reduce((a, b) => a + b),
    6,
  );
});

test("other seeds give other starts, the same seed the same", async () => {
  const { points } = pointsOf(scattered(300, 6, 10, 1));
  const start = async (seed: string) => [...(await finish(startingCentres(points, 10, seededRandom(seed)))).vectors];
  expect(await start("a")).toEqual(await start("a"));
  expect(await start("a")).not.toEqual(await start("b"));
});

test("an empty cluster takes the point least similar to its own centre", async () => {
  const { points } = pointsOf([
    [1, 0],
    [1, 0.1],
    [1, 0.2],
    [1, 0.9],
  ]);
  // All points are said to be nearest to the first centre.
  const assign: AssignPoints = function* () {
    return new Int32Array(4);
  };
  const { centreOf } = await finish(sphericalKMeans(points, 2, { random: seededRandom("seed"), assign }));
  // The start decides which point that is; it is alone in its cluster.
  expect([...centreOf].filter((centre) => centre === 1)).toHaveLength(1);
  expect([0, 3]).toContain(centreOf.indexOf(1));
});

test("equal vectors make one topic, no vectors none", async () => {
  const documents = Array.from({ length: 5 }, () => [3, 4]);
  const space = inMemory(documents);
  expect(valueOf(await space.topics(3, 1, quiet))).toEqual({ topicOfSlot: new Int32Array(0), topics: 0, cohesion: 0 });
  await space.put("document", all(documents), quiet);
  expect(valueOf(await space.topics(3, 1, quiet))).toMatchObject({ topicOfSlot: new Int32Array(5), topics: 1 });
});

test("topics can be stopped, and are made anew by a process that takes the place of a dead one", async () => {
  const documents = scattered(6000, 32, 40, 1);
  const space = await startWithVectors({ query: documents.slice(0, 1), document: documents });
  await space.put("document", all(documents), quiet);
  const cancellation = { requested: false };
  const stop = () => {
    cancellation.requested = true;
  };
  expect(failureOf(await space.topics(300, 1, { cancellation, onProgress: stop })).reason).toBe("cancelled");
  const done: number[] = [];
  let killed = false;
  const kill = ({ done: iterations, total }: { readonly done: number; readonly total: number }) => {
    done.push(iterations / total);
    if (!killed) process.kill(space.processId!, "SIGKILL");
    killed = true;
  };
  const shaken = valueOf(await space.topics(20, 1, { ...quiet, onProgress: kill }));
  expect(done.at(-1)).toBe(1);
  expect(valueOf(await space.topics(20, 1, quiet))).toEqual(shaken);
});

test("a search does not wait for topics", async () => {
  const documents = scattered(6000, 32, 40, 1);
  const space = await startWithVectors({ query: documents.slice(0, 1), document: documents });
  await space.put("query", [0], quiet);
  await space.put("document", all(documents), quiet);
  const finished: string[] = [];
  const topics = space.topics(500, 1, quiet).then(() => finished.push("topics"));
  await space.retrieve([{ query: 0, positives: [], extra: [] }], 10, neverCancelled).then(() => finished.push("search"));
  await topics;
  expect(finished).toEqual(["search", "topics"]);
});
