import { expect, test } from "vitest";
import { seededRandom } from "#core/util/random";
import { GROUP_SIZE } from "../../../server/runtime/vectors/groups";
import { Ranking } from "../../../server/runtime/vectors/ranking";
import { kthHighest, Shortlist } from "../../../server/runtime/vectors/shortlist";
import { ABSENT } from "../../../server/runtime/vectors/vectorTable";

const ERROR = 1e-4;
const DEPTH = 10;
const BLOCK = 512;

/** What stays of documents with these scores, offered in blocks; the scores found are off by up to the error. */
function shortlistOf(trueScores: readonly number[]): Int32Array | undefined {
  const random = seededRandom("errors");
  const list = new Shortlist(DEPTH, ERROR);
  for (let firstSlot = 0; firstSlot < trueScores.length; firstSlot += BLOCK) {
    const scores = Float32Array.from(trueScores.slice(firstSlot, firstSlot + BLOCK), (score) =>
      score === ABSENT ? ABSENT : score + (2 * random() - 1) * 0.99 * ERROR,
    );
    const maxima = Float32Array.from({ length: scores.length / GROUP_SIZE }, (_, group) =>
      Math.max(...scores.subarray(group * GROUP_SIZE, (group + 1) * GROUP_SIZE)),
    );
    list.offer({ products: { scores, maxima }, query: 0, rows: scores.length, firstSlot });
  }
  return list.slots;
}

function best(scores: readonly number[]): readonly number[] {
  return [...scores.keys()]
    .filter((slot) => scores[slot] !== ABSENT)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, DEPTH);
}

/** Scores in steps of about the error, so that their order is in doubt everywhere. */
function scoresInSteps(count: number, step: number, seed: string): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => (random() < 0.1 ? ABSENT : Math.round(random() * 300) * step));
}

test.each([
  ["scores far apart", scoresInSteps(4096, 3e-3, "far")],
  ["scores in doubt", scoresInSteps(4096, ERROR, "near")],
  ["fewer documents than wanted", scoresInSteps(16, ERROR, "few").map((score, slot) => (slot < 12 ? ABSENT : score))],
  ["no document", new Array<number>(512).fill(ABSENT)],
  ["rising scores", Array.from({ length: 2048 }, (_, slot) => slot * 1e-3)],
])("a shortlist holds the nearest documents, whatever the errors: %s", (_, scores) => {
  const slots = shortlistOf(scores)!;
  expect(best(scores).filter((slot) => !slots.includes(slot))).toEqual([]);
  expect([...slots]).toEqual([...slots].sort((a, b) => a - b));
  expect([...slots].filter((slot) => scores[slot] === ABSENT)).toEqual([]);
});

test("a shortlist stays short, and is given up where nearly all scores are equal", () => {
  expect(shortlistOf(scoresInSteps(4096, 3e-3, "short"))!.length).toBeLessThan(5 * DEPTH);
  expect(shortlistOf(new Array<number>(8192).fill(0.5))).toBeUndefined();
});

test("the k-th highest value is that of the sorted list", () => {
  const random = seededRandom("values");
  for (let length = 1; length < 60; length++) {
    const values = Float32Array.from({ length }, () => Math.floor(random() * 9) - 4);
    const sorted = values.toSorted((a, b) => b - a);
    expect(Array.from(sorted, (_, place) => kthHighest(values, place + 1))).toEqual([...sorted]);
  }
});

test("a ranking orders by score, equal ones by slot, over several offers", () => {
  const random = seededRandom("ranking");
  const ranking = new Ranking(20);
  const all = Array.from({ length: 200 }, (_, slot) => ({ slot, score: (Math.floor(random() * 31) - 15) / 16 })).map(({ slot, score }) => ({
    slot,
    // 0 and -0 are equal.
    score: score === 0 && slot % 2 === 0 ? -0 : score,
  }));
  for (let round = 0; round < 2; round++) {
    ranking.clear();
    for (let start = 0; start < all.length; start += 70) {
      const part = all.slice(start, start + 70);
      ranking.offer({
        slots: Int32Array.from(part, ({ slot }) => slot),
        scores: Float32Array.from(part, ({ score }) => score),
        positiveSimilarity: Float32Array.from(part, ({ slot }) => slot / 2),
      });
    }
    const expected = all.toSorted((a, b) => b.score - a.score || a.slot - b.slot).slice(0, 20);
    expect([...ranking.documents.slots]).toEqual(expected.map(({ slot }) => slot));
    expect([...ranking.documents.scores]).toEqual(expected.map(({ score }) => score));
    expect([...ranking.documents.positiveSimilarity]).toEqual(expected.map(({ slot }) => slot / 2));
  }
});
