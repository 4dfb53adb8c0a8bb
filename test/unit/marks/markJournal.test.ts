import fc from "fast-check";
import { expect, test } from "vitest";
import { foldMarks } from "#core/marks/foldMarks";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { parseMarks } from "#core/marks/parseMarks";
import { MarkJournal } from "#core/session/markJournal";
import type { MarkDraft } from "#core/session/markJournal";
import type { MarkLog } from "#core/session/markLog";
import { InMemoryMarks } from "../../support/inMemoryMarks";

async function journalOf(log: MarkLog, author = "ann", session = ""): Promise<MarkJournal> {
  let count = 0;
  const newId = (): string => `${author}${session}${String((count += 1)).padStart(3, "0")}`;
  const opened = await MarkJournal.open({ log, author, clock: () => "2026-01-02T03:04:05.000Z", newId, tool: "test" });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

function draft(document: string, verdict: MarkDraft["verdict"] = "false_negative"): MarkDraft {
  return { verdict, query: { key: "q" }, document: { key: document }, blind: false, suggestion_shown: false };
}

function inForce(folded: FoldedMarks): readonly string[] {
  return folded
    .inForce()
    .map(({ author, document, verdict }) => `${author} ${document?.key ?? ""} ${verdict}`)
    .sort();
}

/** What the files alone say. */
function fromFiles({ files }: InMemoryMarks): FoldedMarks {
  return foldMarks([...files.values()].flatMap((text) => parseMarks(text).marks));
}

test("several marks are one write and one undo; one alone is no group", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  await journal.add(draft("a"));
  const added = await journal.addAll([draft("b"), draft("c")]);
  expect(added.ok ? added.value.map(({ mark, group }) => [mark, group]) : []).toEqual([
    ["ann002", "ann002"],
    ["ann003", "ann002"],
  ]);
  expect(log.writes).toBe(2);
  expect(log.files.get("ann")?.split("\n")[0]).not.toContain("group");
  const undone = await journal.undo();
  expect(undone.ok ? undone.value.map(({ mark }) => mark) : []).toEqual(["ann003", "ann002"]);
  expect(log.writes).toBe(3);
  expect(inForce(journal.folded)).toEqual(["ann a false_negative"]);
  const redone = await journal.redo();
  expect(redone.ok ? redone.value.map(({ mark }) => mark) : []).toEqual(["ann002", "ann003"]);
  expect(await journal.addAll([])).toEqual({ ok: true, value: [] });
  expect(log.writes).toBe(4);
});

test("a disk that takes nothing leaves none of a group", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  log.isFull = true;
  expect(await journal.addAll([draft("a"), draft("b")])).toMatchObject({ ok: false, failure: { reason: "disk" } });
  expect(inForce(journal.folded)).toEqual([]);
  expect(await journal.undo()).toEqual({ ok: true, value: [] });
});

test("of a group whose write was torn, the whole lines hold and are taken back together", async () => {
  const log = new InMemoryMarks("ann");
  await (await journalOf(log)).addAll([draft("a"), draft("b"), draft("c")]);
  const text = log.files.get("ann") ?? "";
  const lines = text.split("\n");
  // The file store leaves a torn end in the file and begins the next mark on a line of its own.
  log.files.set("ann", `${lines[0] ?? ""}\n${lines[1] ?? ""}\n${(lines[2] ?? "").slice(0, 40)}\n`);
  const journal = await journalOf(log, "ann", "later");
  expect(inForce(journal.folded)).toEqual(["ann a false_negative", "ann b false_negative"]);
  const undone = await journal.undo();
  expect(undone.ok ? undone.value.length : 0).toBe(2);
  expect(inForce(journal.folded)).toEqual([]);
});

test("any sequence of marks, groups, undos and redos holds the same in memory and read from the file, and leaves others' marks alone", async () => {
  const document = fc.constantFrom("a", "b", "c");
  const added = fc.array(fc.record({ document, verdict: fc.constantFrom("later", "true_negative") }), { minLength: 1, maxLength: 3 });
  const action = fc.oneof(
    added.map((drafts) => ({ kind: "add", drafts }) as const),
    fc.constantFrom({ kind: "undo" } as const, { kind: "redo" } as const),
  );
  const steps = fc.array(fc.record({ author: fc.constantFrom("ann", "bob"), action }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const logs = { ann: new InMemoryMarks("ann"), bob: new InMemoryMarks("bob") };
      const journals = { ann: await journalOf(logs.ann), bob: await journalOf(logs.bob, "bob") };
      for (const { author, action: what } of sequence) {
        const [journal, other] = author === "ann" ? [journals.ann, journals.bob] : [journals.bob, journals.ann];
        const before = inForce(other.folded);
        const changed =
          what.kind === "add"
            ? await journal.addAll(what.drafts.map((drawn) => draft(drawn.document, drawn.verdict)))
            : await journal[what.kind]();
        expect(changed.ok).toBe(true);
        if (changed.ok) expect(new Set(changed.value.map(({ group, mark }) => group ?? mark)).size).toBeLessThanOrEqual(1);
        expect(inForce(other.folded)).toEqual(before);
        const fromFile = fromFiles(logs[author]);
        expect(inForce(fromFile)).toEqual(inForce(journal.folded));
        expect(fromFile.nextUndo(author)).toEqual(journal.folded.nextUndo(author));
        expect(fromFile.nextRedo(author)).toEqual(journal.folded.nextRedo(author));
      }
      const both = new InMemoryMarks("");
      for (const log of [logs.bob, logs.ann]) for (const [name, text] of log.files) both.files.set(name, text);
      expect(inForce(fromFiles(both))).toEqual([...inForce(journals.ann.folded), ...inForce(journals.bob.folded)].sort());
    }),
    { numRuns: 100 },
  );
});
