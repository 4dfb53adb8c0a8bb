import { expect, test } from "vitest";
import { identityAdapter } from "#core/adapter/adapter";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { failureOf, startWithVectors, valueOf } from "./fixture";

const random = seededRandom("similarities");
const DOCUMENTS = Array.from({ length: 1500 }, () => Array.from({ length: 7 }, () => random() - 0.5));
const ALL = [...DOCUMENTS.keys()];
const drawList = (length: number) => Array.from({ length }, () => Math.floor(random() * DOCUMENTS.length));
const quiet = { cancellation: neverCancelled };

async function filled() {
  const vectors = { query: DOCUMENTS.slice(0, 1), document: DOCUMENTS };
  const space = await startWithVectors(vectors);
  valueOf(await space.put("query", [0], quiet));
  valueOf(await space.put("document", ALL, quiet));
  return space;
}

test("similarities are those that comparing everything gives, and those to positives", async () => {
  const real = await filled();
  const naive = new InMemoryVectorSpace(
    (_, slot) => String(slot),
    (text) => DOCUMENTS[Number(text)] ?? DOCUMENTS[0]!,
  );
  await naive.put("document", ALL, quiet);
  // Tall, wide and empty matrices, more rows than are compared at once, more jobs than a request holds.
  const jobs = [
    { rows: ALL, columns: [3, 4, 5] },
    { rows: ALL.slice(0, 40), columns: ALL },
    { rows: ALL, columns: ALL.slice(0, 40) },
    { rows: [], columns: [1] },
    { rows: [1], columns: [] },
    ...Array.from({ length: 1200 }, (_, i) => ({ rows: drawList(i % 40), columns: drawList(i % 5) })),
  ];
  const adapter = { ...identityAdapter(7, "both"), weight: Float32Array.from({ length: 49 }, () => random() - 0.5) };
  for (const space of [real, naive]) valueOf(await space.hold("trained", adapter));
  for (const under of [undefined, "trained"]) {
    const found = valueOf(await real.similarities(jobs, neverCancelled, under));
    expect(found).toEqual(valueOf(await naive.similarities(jobs, neverCancelled, under)));
    const [{ documents, positiveSimilarity } = { documents: [], positiveSimilarity: [] }] = valueOf(
      await real.retrieve([{ query: 0, positives: [17], extra: [] }], 200, neverCancelled, under),
    );
    const [column] = valueOf(await real.similarities([{ rows: [...documents], columns: [17] }], neverCancelled, under));
    expect(column).toEqual(positiveSimilarity);
  }
});

test("a document without a vector is named, and a stopped comparison says so", async () => {
  const space = await startWithVectors({ query: DOCUMENTS.slice(0, 1), document: DOCUMENTS });
  await space.put("document", [0, 1], quiet);
  const ask = (rows: readonly number[], columns: readonly number[], requested = false) =>
    space.similarities([{ rows, columns }], { requested });
  expect(failureOf(await ask([0, 9], [1])).message).toBe("The document in slot 9 has no vector yet.");
  expect(failureOf(await ask([0, 1], [8, 1])).message).toBe("The document in slot 8 has no vector yet.");
  expect(failureOf(await ask([0], [1], true)).reason).toBe("cancelled");
});

test("similarities for what somebody looks at do not wait for many others", async () => {
  const space = await filled();
  const finished: string[] = [];
  const many = Array.from({ length: 40 }, () => ({ rows: ALL, columns: ALL.slice(0, 500) }));
  const long = space.similarities(many, neverCancelled).then(valueOf);
  const last = long.then(() => finished.push("many"));
  valueOf(await space.similarities([{ rows: [1, 2], columns: [3] }], neverCancelled));
  finished.push("one");
  await last;
  expect(finished).toEqual(["one", "many"]);
});
