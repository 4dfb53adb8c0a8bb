import { expect, test } from "vitest";
import { dataOf, range } from "../learning/learningFixture";
import { configOf, curationFixture, value } from "./curationFixture";
import type { Curator } from "./curationFixture";

function auditFile({ home }: Curator): string {
  const name = [...home.files.keys()].find((file) => file.startsWith("audits/"));
  if (name === undefined) throw new Error("There is no audit.");
  return name;
}

test("a damaged audit is named with its place, and no other takes its place unasked", async () => {
  const ann = await curationFixture();
  await ann.judgeNext(3, "true_negative", { lane: "audit" });
  const name = auditFile(ann);
  const whole = ann.home.text(name) ?? "";
  ann.home.files.set(name, Buffer.from(`<<<<<<< ours\n${whole}`));
  ann.curation.auditsChanged();
  const refused = await ann.curation.nextCard({ lane: "audit" });
  expect(refused).toMatchObject({
    ok: false,
    failure: { nextStep: "Restore the file from Git, or begin a new audit.", place: { file: `.nearmiss/${name}` } },
  });
  expect((await ann.standing()).problems).toHaveLength(1);
  expect(ann.told.logged).toHaveLength(1);
  expect([...ann.home.files.keys()].filter((file) => file.startsWith("audits/"))).toEqual([name]);
  // The other lanes go on, and nothing is lost once the file is back.
  expect((await ann.card({ lane: "harvest" })).lane).toBe("harvest");
  ann.home.files.set(name, Buffer.from(whole));
  ann.curation.auditsChanged();
  expect((await ann.standing()).audit?.total.marked).toBe(3);
  // A new one can be begun all the same, and gets a name of its own.
  ann.home.files.set(name, Buffer.from(whole.slice(0, 100)));
  ann.curation.auditsChanged();
  value(await ann.curation.beginAudit({ requested: false }));
  const { audit, problems } = await ann.standing();
  expect(audit?.population.name).toMatch(/^002-/u);
  expect(problems).toHaveLength(1);
});

test("pairs whose texts are gone are told of, are not asked, and end the count where it comes to them", async () => {
  const ann = await curationFixture();
  const [first] = await ann.judgeNext(2, "true_negative", { lane: "audit" });
  const open = await ann.card({ lane: "audit" });
  // The query of the next pair is rewritten, as by a hand that corrects it.
  const input = dataOf(range(0, 40).filter((i) => i !== open.index));
  await ann.session.setData(input);
  value(await ann.session.prepare());
  await ann.card({ lane: "harvest" });
  const { audit, left } = await ann.standing();
  expect(audit?.total).toMatchObject({ marked: 2, falseNegatives: 0 });
  expect(audit?.change?.gone).toBe(3);
  expect(audit?.change?.text).toMatchInlineSnapshot(
    `"3 negatives of the audit are of texts that are not in the data any more; the count ends at the first of them. What the audit says holds for what is left of it; begin a new audit to cover what is emitted now."`,
  );
  expect(left.audit).toBe(115);
  expect(await ann.answer({ lane: "audit" })).toMatchInlineSnapshot(`
    {
      "kind": "done",
      "lane": "audit",
      "text": "The next pair of the audit is of a text that is not in the data any more: its count ends at 2 pairs. Begin a new audit of what is emitted now.",
    }
  `);
  // The texts come back, and with them the count.
  await ann.session.setData(dataOf(range(0, 40)));
  value(await ann.session.prepare());
  expect(await ann.card({ lane: "audit" })).toMatchObject({ query: open.query, document: open.document });
  expect(first).toBeDefined();
});

test("an audit that begins at the same time elsewhere: everybody goes on with the same one, and no mark is lost or counted twice", async () => {
  const ann = await curationFixture({ author: "ann" });
  const bob = await curationFixture({ author: "bob" });
  await ann.judgeNext(4, "true_negative", { lane: "audit" });
  await bob.judgeNext(4, "true_negative", { lane: "audit" });
  // Git brings the files of both together: two names, and two files of marks.
  for (const [name, bytes] of [...bob.home.files]) ann.home.files.set(name, bytes);
  for (const [name, bytes] of [...ann.home.files]) bob.home.files.set(name, bytes);
  const lines = bob.marks.get("bob") ?? "";
  ann.marks.set("bob", `${lines}${lines}`);
  bob.marks.set("ann", ann.marks.get("ann") ?? "");
  await ann.reload();
  await bob.reload();
  const [hers, his] = [await ann.standing(), await bob.standing()];
  expect(hers.audit?.population).toEqual(his.audit?.population);
  expect(hers.audit?.total).toEqual(his.audit?.total);
  expect(ann.journal.folded.inForce()).toHaveLength(8);
  expect(hers.audit?.total.marked).toBeGreaterThanOrEqual(4);
  expect(hers.left.audit).toBe(
    120 - new Set(ann.journal.folded.inForce().map(({ query, document }) => `${query.key} ${document?.key ?? ""}`)).size,
  );
});

test("a clock that goes backwards changes neither what counts nor the rhythm", async () => {
  let time = Date.UTC(2026, 0, 1);
  const clock = (): string => new Date((time -= 3_600_000)).toISOString();
  const steady = await curationFixture({ curation: { harvest: 2, audit: 2 } });
  const backwards = await curationFixture({ curation: { harvest: 2, audit: 2 }, clock });
  const lanes = async (curator: Curator): Promise<readonly string[]> =>
    (await curator.judgeNext(7, "false_negative")).map(({ lane, place }) => `${lane} ${String(place)}`);
  expect(await lanes(backwards)).toEqual(await lanes(steady));
  expect((await backwards.standing()).audit?.total.marked).toBe((await steady.standing()).audit?.total.marked);
  await backwards.undo();
  expect(await backwards.card()).toMatchObject({ lane: "audit", place: 1 });
});

test("a configuration that changes between marks: earlier marks count, and each says under which it was made", async () => {
  const ann = await curationFixture();
  await ann.judgeNext(3, "true_negative", { lane: "audit" });
  await ann.session.setConfig(configOf({ sampler: { num_negatives: 1 } }));
  await ann.judgeNext(3, "true_negative", { lane: "audit" });
  const { audit } = await ann.standing();
  expect(audit?.total).toMatchObject({ marked: 6, pairs: 120 });
  await ann.card({ lane: "harvest" });
  expect((await ann.standing()).audit?.change).toMatchObject({ added: 0 });
});

test("a disk that takes no audit begins none", async () => {
  const ann = await curationFixture();
  ann.home.writeFailure = { reason: "disk", message: "The disk is full." };
  expect(await ann.curation.nextCard({ lane: "audit" })).toMatchObject({ ok: false, failure: { reason: "disk" } });
  ann.home.writeFailure = undefined;
  expect((await ann.card({ lane: "audit" })).left).toBe(120);
});

test("without vectors the lanes that need them say so, and what is there already can be judged", async () => {
  const ann = await curationFixture();
  await ann.judgeNext(1, "true_negative", { lane: "audit" });
  const later = await curationFixture({ home: ann.home, marks: ann.marks, withVectors: false });
  expect(await later.curation.nextCard({ lane: "harvest" })).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  expect(await later.curation.beginAudit({ requested: false })).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  expect((await later.card({ lane: "audit" })).left).toBe(119);
  const { audit, left } = await later.standing();
  expect(audit?.total.marked).toBe(1);
  expect(left).toEqual({ audit: 119, second: 0, conflicts: 0, disagreements: 0 });
});
