import { expect, test } from "vitest";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { failureOf, startWithVectors, valueOf } from "./fixture";

const random = seededRandom("similar pairs");
/** Coarse values: many vectors are equal, and many pairs have the same similarity. */
const DOCUMENTS = Array.from({ length: 700 }, () => [1, ...Array.from({ length: 5 }, () => Math.floor(random() * 3) - 1)]);
const ALL = [...DOCUMENTS.keys()];
const drawList = (length: number) => Array.from({ length }, () => Math.floor(random() * DOCUMENTS.length));
const quiet = { cancellation: neverCancelled };

function inMemory(): InMemoryVectorSpace {
  return new InMemoryVectorSpace(
    (_, slot) => String(slot),
    (text) => DOCUMENTS[Number(text)] ?? DOCUMENTS[0]!,
  );
}

test("pairs are those that comparing everything gives", async () => {
  const [real, naive] = [await startWithVectors({ query: DOCUMENTS.slice(0, 1), document: DOCUMENTS }), inMemory()];
  for (const space of [real, naive]) await space.put("document", ALL, quiet);
  // Short lists, one longer than the rows of a product, and more lists than a request holds.
  const lists = [[], [3], [5, 5], ALL, ...Array.from({ length: 600 }, (_, i) => drawList(i % 23))];
  for (const least of [-1, 0.5, 0.8, 1 - 2 ** -24, 1.1]) {
    const [found, expected] = [
      valueOf(await real.similarPairs(lists, least, neverCancelled)),
      valueOf(await naive.similarPairs(lists, least, neverCancelled)),
    ];
    expect(found).toEqual(expected);
    expect(found).toHaveLength(lists.length);
  }
});

test("a document without a vector is named, and a stopped search says so", async () => {
  const space = await startWithVectors({ query: DOCUMENTS.slice(0, 1), document: DOCUMENTS });
  await space.put("document", [0, 1], quiet);
  expect(
    failureOf(
      await space.similarPairs(
        [
          [0, 1],
          [1, 9],
        ],
        0.5,
        neverCancelled,
      ),
    ),
  ).toMatchObject({
    reason: "not-ready",
    message: "The document in slot 9 has no vector yet.",
  });
  expect(failureOf(await space.similarPairs([[0, 1]], 0.5, { requested: true })).reason).toBe("cancelled");
});

test("pairs are found by the process that takes the place of a dead one", async () => {
  const space = await startWithVectors({ query: DOCUMENTS.slice(0, 1), document: DOCUMENTS });
  await space.put("document", ALL, quiet);
  const before = valueOf(await space.similarPairs([ALL], 0.9, neverCancelled));
  process.kill(space.processId!, "SIGKILL");
  expect(valueOf(await space.similarPairs([ALL], 0.9, neverCancelled))).toEqual(before);
});
