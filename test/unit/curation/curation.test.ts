import { expect, test } from "vitest";
import { auditOrder } from "#core/audit/auditOrder";
import { loadAudits } from "#core/audit/auditFiles";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import type { Card } from "#core/curation/card";
import type { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { sha256 } from "../../support/sha256";
import { dataOf, range } from "../learning/learningFixture";
import { configOf, curationFixture, value } from "./curationFixture";

async function auditsOf(home: InMemoryHomeFiles): Promise<readonly AuditPopulation[]> {
  return value(await loadAudits(home, sha256)).audits;
}

function keysOf({ query, document }: Pick<Card, "query" | "document">): string {
  return `${query} ${document}`;
}

test("harvest and audit take turns as the configuration says, from the person's own marks alone", async () => {
  const ann = await curationFixture({ curation: { harvest: 3, audit: 2 } });
  const cards = await ann.judgeNext(7, "true_negative");
  expect(cards.map(({ lane, place, of }) => `${lane} ${String(place)} of ${String(of)}`)).toEqual([
    "harvest 1 of 3",
    "harvest 2 of 3",
    "harvest 3 of 3",
    "audit 1 of 2",
    "audit 2 of 2",
    "harvest 1 of 3",
    "harvest 2 of 3",
  ]);
  const again = await curationFixture({ home: ann.home, marks: ann.marks, curation: { harvest: 3, audit: 2 } });
  expect(await again.card()).toMatchObject({ lane: "harvest", place: 3, of: 3 });
});

test("the harvest asks about pairs that are emitted and that nobody has judged, one of each query first", async () => {
  const ann = await curationFixture();
  const cards = await ann.judgeNext(20, "true_negative", { lane: "harvest" });
  expect(new Set(cards.map(({ query }) => query)).size).toBe(20);
  expect(cards.map(({ left }) => left)).toEqual(range(0, 20).map((i) => 120 - i));
  for (const { index, document } of cards) {
    const { decision, facts } = value(await ann.session.mine(index));
    const { groupKeys } = ann.session.collection;
    expect(decision.kept.map((row) => groupKeys[facts.groups[row] ?? -1])).toContain(document);
  }
  expect(cards[0]?.why).toMatch(/^It is relevant with a probability of [\d.]+ %, as far as the model can tell, and takes [\d.]+ % of its/u);
  const bob = await curationFixture({ author: "bob", home: ann.home, marks: ann.marks });
  expect(cards.map(keysOf)).not.toContain(keysOf(await bob.card({ lane: "harvest" })));
});

test("a pair that was passed over comes last, also where all were", async () => {
  const ann = await curationFixture({ input: dataOf(range(0, 1)) });
  const first = await ann.card({ lane: "harvest" });
  const next = await ann.card({ lane: "harvest", passedOver: [first] });
  expect(keysOf(next)).not.toBe(keysOf(first));
  const last = await ann.card({ lane: "harvest", passedOver: [first, next] });
  expect(new Set([first, next, last].map(keysOf)).size).toBe(3);
  expect(keysOf(await ann.card({ lane: "harvest", passedOver: [last, first, next] }))).toBe(keysOf(last));
});

test("the audit begins with its first card, and asks in the order of its salt, blind", async () => {
  const ann = await curationFixture();
  const cards = await ann.judgeNext(5, "true_negative", { lane: "audit" });
  const [population, ...others] = await auditsOf(ann.home);
  expect(others).toEqual([]);
  if (population === undefined) throw new Error("There is an audit.");
  expect(population).toMatchObject({ author: "ann", dataset: "train.jsonl", configHash: ann.session.configHash });
  expect(population.pairs).toHaveLength(120);
  const order = auditOrder(population).map(({ pair }) => keysOf(pair));
  expect(cards.map(keysOf)).toEqual(order.slice(0, 5));
  expect(cards.every(({ blind, salt }) => blind && salt === population.salt)).toBe(true);
  expect(new Set(cards.map(({ why }) => why)).size).toBe(1);
  const { audit, left } = await ann.standing();
  expect(audit?.total).toMatchObject({ marked: 5, falseNegatives: 0, pairs: 120 });
  expect(audit?.total.text).toMatchInlineSnapshot(`"5 marked, 0 false, at most 46.7 %, about 50 more clean marks to 5 %"`);
  expect(left).toEqual({ harvest: 115, audit: 115, second: 0, conflicts: 0, disagreements: 0 });
});

test("verdicts of any lane count for the audit, each once, and its order passes over them", async () => {
  const ann = await curationFixture();
  await ann.card({ lane: "audit" });
  await ann.judgeNext(10, "false_negative", { lane: "harvest" });
  const { audit } = await ann.standing();
  expect(audit?.total.found).toBe(10);
  const cards = await ann.judgeNext(109, "true_negative", { lane: "audit" });
  expect(cards.at(-1)?.left).toBe(2);
  const card = await ann.card({ lane: "audit" });
  await ann.judge(card, "true_negative");
  const end = await ann.standing();
  expect(end.audit?.total).toMatchObject({ marked: 120, falseNegatives: 10, found: 10, pairs: 110, atMost: 0, moreCleanMarks: 0 });
  expect(await ann.answer({ lane: "audit" })).toEqual({ kind: "done", lane: "audit", text: "All 120 pairs of the audit have a verdict." });
});

test("a pair that was put off is asked for again, since the sample ends before it", async () => {
  const ann = await curationFixture();
  const first = await ann.card({ lane: "audit" });
  await ann.judge(first, "later");
  const cards = await ann.judgeNext(21, "true_negative", { lane: "audit" });
  expect(cards.slice(0, 20).map(keysOf)).not.toContain(keysOf(first));
  expect(keysOf(cards[20] ?? first)).toBe(keysOf(first));
  expect(cards[20]?.why).toBe("You put it off. The count of the audit goes no further than this pair until it has a verdict.");
  expect((await ann.standing()).audit?.total.marked).toBe(21);
});

test("an undo takes the count back", async () => {
  const ann = await curationFixture();
  const [first] = await ann.judgeNext(3, "true_negative", { lane: "audit" });
  await ann.undo();
  await ann.undo();
  await ann.undo();
  expect((await ann.standing()).audit?.total.marked).toBe(0);
  expect(keysOf(await ann.card({ lane: "audit" }))).toBe(keysOf(first ?? (await ann.card())));
});

test("what is emitted beyond the audit is told of; what takes the place of found ones is not", async () => {
  const ann = await curationFixture();
  await ann.judgeNext(4, "false_negative", { lane: "audit" });
  await ann.card({ lane: "harvest" });
  expect((await ann.standing()).audit?.change).toBeUndefined();
  await ann.session.setConfig(configOf({ sampler: { num_negatives: 4 } }));
  await ann.card({ lane: "harvest" });
  const { audit } = await ann.standing();
  expect(audit?.change).toMatchInlineSnapshot(`
    {
      "added": 40,
      "gone": 0,
      "text": "40 negatives came after the audit began and are left out of a certified export. What the audit says holds for what is left of it; begin a new audit to cover what is emitted now.",
    }
  `);
  // The audit goes on about the same pairs.
  expect(audit?.total).toMatchObject({ marked: 4, falseNegatives: 4, pairs: 116 });
  value(await ann.curation.beginAudit({ requested: false }));
  const fresh = await ann.standing();
  expect(fresh.audit?.population.name).toMatch(/^002-/u);
  expect(fresh.audit?.total).toMatchObject({ marked: 0, pairs: 160 });
  expect(fresh.audit?.change).toBeUndefined();
});

test("after any marks the figures are those of a window that is opened anew", async () => {
  const sampler = { absolute_margin: 0.05, max_positive_similarity: 0.6 };
  const ann = await curationFixture({ sampler });
  await ann.card({ lane: "audit" });
  await ann.standing();
  const verdicts = ["false_negative", "true_negative", "later", "false_negative", "duplicate_of_positive"] as const;
  for (const [i, verdict] of [...verdicts, ...verdicts].entries()) {
    await ann.judgeNext(1, verdict, { lane: i % 2 === 0 ? "harvest" : "audit" });
    if (i === 6) await ann.undo();
    const followed = await ann.standing();
    const anew = await curationFixture({ home: ann.home, marks: ann.marks, sampler });
    await anew.card({ lane: "harvest" });
    expect(followed).toEqual(await anew.standing());
  }
  expect((await ann.standing()).audit?.change).toMatchInlineSnapshot(`
    {
      "added": 6,
      "gone": 6,
      "text": "6 negatives came after the audit began and are left out of a certified export. 6 negatives of the audit are not emitted any more. What the audit says holds for what is left of it; begin a new audit to cover what is emitted now.",
    }
  `);
});

test("when all that the queue had is judged, what took its place is asked about", async () => {
  const ann = await curationFixture({ input: dataOf(range(0, 2)) });
  const cards = await ann.judgeNext(12, "false_negative", { lane: "harvest" });
  expect(new Set(cards.map(keysOf)).size).toBe(12);
  expect(cards.every(({ left }) => left === 6)).toBe(true);
});

test("a query that is left out of an export is no part of the audit", async () => {
  const ann = await curationFixture();
  const card = await ann.card({ lane: "harvest" });
  value(await ann.journal.add({ verdict: "bad_query", query: { key: card.query }, blind: false, suggestion_shown: false }));
  ann.session.setMarks(ann.journal.folded);
  value(await ann.curation.beginAudit({ requested: false }));
  const [population] = await auditsOf(ann.home);
  expect(population?.pairs).toHaveLength(117);
  expect(population?.pairs.map(({ query }) => query)).not.toContain(card.query);
});

test("an audit that was stopped before its end is none", async () => {
  const ann = await curationFixture();
  const begun = await ann.curation.beginAudit({ requested: true });
  expect(begun).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  expect(await auditsOf(ann.home)).toEqual([]);
});

test("a search for the whole file that the person stops is not begun again unasked", async () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const ann = await curationFixture({ input: dataOf(range(0, 1000)), breathe: turn });
  expect(value(await ann.curation.nextCard())).toMatchObject({ kind: "mining", total: 1000 });
  const before = ann.told.changes;
  await ann.session.stop();
  while (ann.told.changes === before) await turn();
  expect((await ann.standing()).left.harvest).toBeUndefined();
  expect(await ann.curation.nextCard()).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  // Who asks once more wants it.
  expect((await ann.card()).left).toBe(3000);
});
