import { expect, test } from "vitest";
import type { Card } from "#core/curation/card";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { curationFixture } from "./curationFixture";
import type { Curator } from "./curationFixture";

function keysOf({ query, document }: Pick<Card, "query" | "document">): string {
  return `${query} ${document}`;
}

/** Two persons with one project, each with a file of marks. */
async function twoPersons(doubleMarkShare: number): Promise<{ readonly ann: Curator; readonly bob: Curator }> {
  const home = new InMemoryHomeFiles();
  const marks = new Map<string, string>();
  const curation = { double_mark_share: doubleMarkShare, harvest: 2, audit: 4 };
  const ann = await curationFixture({ author: "ann", home, marks, curation });
  const bob = await curationFixture({ author: "bob", home, marks, curation });
  return { ann, bob };
}

test("two persons go through one audit: nobody is asked what the other has judged, except for the second lane", async () => {
  const { ann, bob } = await twoPersons(0.5);
  const first = await ann.judgeNext(10, "true_negative", { lane: "audit" });
  await bob.reload();
  const next = await bob.card({ lane: "audit" });
  expect(first.map(keysOf)).not.toContain(keysOf(next));
  const { audit, left } = await bob.standing();
  expect(audit?.total.marked).toBe(10);
  expect(left.second).toBeGreaterThan(0);
  expect(left.second).toBeLessThan(10);
  const due = left.second ?? 0;
  const seconds = await bob.judgeNext(due, "true_negative", { lane: "second" });
  expect(seconds.every(({ blind }) => blind)).toBe(true);
  expect(first.map(keysOf)).toEqual(expect.arrayContaining(seconds.map(keysOf)));
  expect(new Set(seconds.map(({ why }) => why))).toEqual(
    new Set(["Another person judged it too: your verdict says how far the two of you agree."]),
  );
  expect(await bob.answer({ lane: "second" })).toMatchObject({ kind: "done", lane: "second" });
  // A pair that two persons judged counts once.
  expect((await bob.standing()).audit?.total.marked).toBe(10);
  expect((await bob.standing()).audit?.agreement).toMatchObject({ pairs: due, agreement: 1 });
  // Who judged it is not asked twice.
  await ann.reload();
  expect((await ann.standing()).left.second).toBe(0);
});

test("in the rhythm, second verdicts are the beginning of a stretch of the audit", async () => {
  const { ann, bob } = await twoPersons(1);
  await ann.judgeNext(3, "true_negative", { lane: "audit" });
  await bob.reload();
  const cards = await bob.judgeNext(7, "true_negative");
  expect(cards.map(({ lane, place }) => `${lane} ${String(place)}`)).toEqual([
    "harvest 1",
    "harvest 2",
    "second 1",
    "second 2",
    "second 3",
    "audit 4",
    "harvest 1",
  ]);
});

test("persons who disagree: the pair counts as false, waits in the lane of conflicts, and leaves it when one of them has looked again", async () => {
  const { ann, bob } = await twoPersons(1);
  const [card] = await ann.judgeNext(1, "true_negative", { lane: "audit" });
  await bob.reload();
  await bob.judgeNext(1, "false_negative", { lane: "second" });
  const standing = await bob.standing();
  expect(standing.audit?.total).toMatchObject({ marked: 1, falseNegatives: 1 });
  expect(standing.left.conflicts).toBe(1);
  await ann.reload();
  const conflict = await ann.card({ lane: "conflicts" });
  expect(conflict).toMatchObject({
    query: card?.query,
    document: card?.document,
    blind: false,
    left: 1,
    why: "Persons judge it differently: ann says true negative, bob says false negative.",
  });
  // Ann stays with the verdict: it is a conflict still, and bob is asked; she is not asked again.
  await ann.judge(conflict, "true_negative");
  expect(await ann.answer({ lane: "conflicts" })).toMatchObject({ kind: "done", lane: "conflicts" });
  expect((await ann.standing()).audit?.total.falseNegatives).toBe(1);
  await bob.reload();
  await bob.judge(await bob.card({ lane: "conflicts" }), "true_negative");
  expect(await bob.standing()).toMatchObject({ left: { conflicts: 0 }, audit: { total: { marked: 1, falseNegatives: 0 } } });
});
