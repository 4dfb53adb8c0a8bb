import { expect, test } from "vitest";
import { SuggestionJournal } from "#core/session/suggestionJournal";
import type { NewSuggestion } from "#core/session/suggestionJournal";
import { InMemoryMarks } from "../../support/inMemoryMarks";
import { judgement } from "../suggestions/suggestionLines";

async function journalOf(log: InMemoryMarks, author = "ann"): Promise<SuggestionJournal> {
  let count = 0;
  const newId = (): string => `${author}${String((count += 1))}`;
  const clock = (): string => `2026-01-02T03:04:0${String(count)}.000Z`;
  const opened = await SuggestionJournal.open({ log, author, clock, newId, tool: "nearmiss test" });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

function parts(query: string): NewSuggestion {
  const { suggestion: _, time: __, author: ___, tool: ____, ...rest } = judgement(query, { d: "relevant" });
  return rest;
}

test("a suggestion gets its name, time, author and tool, is on disk, and counts", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  const before = journal.folded;
  expect(await journal.add(parts("q"))).toMatchObject({
    ok: true,
    value: { suggestion: "ann1", time: "2026-01-02T03:04:01.000Z", author: "ann", tool: "nearmiss test", query: { key: "q" } },
  });
  expect(log.files.get("ann")?.split("\n")).toHaveLength(2);
  expect(journal.folded.opinionOf("q", "d")?.verdict).toBe("relevant");
  expect(before.opinionOf("q", "d")).toBeUndefined();
});

test("suggestions that are added at once are written one after the other", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  await Promise.all(["q", "r", "s"].map((query) => journal.add(parts(query))));
  expect(journal.folded.queries).toEqual(["q", "r", "s"]);
  expect(log.writes).toBe(3);
});

test("what the disk does not take does not count", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  log.isFull = true;
  expect(await journal.add(parts("q"))).toMatchObject({ ok: false, failure: { reason: "disk" } });
  expect(journal.folded.totals.suggestions).toBe(0);
  log.isFull = false;
  expect(await journal.add(parts("q"))).toMatchObject({ ok: true });
});

test("what could not be read again is a bug and is not written", async () => {
  const log = new InMemoryMarks("ann");
  const journal = await journalOf(log);
  await expect(journal.add({ ...parts("q"), input_tokens: Number.NaN })).rejects.toThrow(/input_tokens must be a number/u);
  expect(log.writes).toBe(0);
  expect(await journal.add(parts("q"))).toMatchObject({ ok: true });
});

test("other persons' suggestions are read again, and one's own are known already", async () => {
  const files = new Map<string, string>();
  const journal = await journalOf(new InMemoryMarks("ann", files));
  const bobs = await journalOf(new InMemoryMarks("bob", files), "bob");
  await journal.add(parts("q"));
  const known = journal.folded;
  expect(await journal.reload()).toEqual({ ok: true, value: false });
  expect(journal.folded).toBe(known);
  await bobs.add(parts("r"));
  expect(await journal.reload()).toEqual({ ok: true, value: true });
  expect(journal.folded.queries).toEqual(["q", "r"]);
});

test("damaged lines are told of and do not keep the others away", async () => {
  const log = new InMemoryMarks("ann", new Map([["ann", "{\n"]]));
  const journal = await journalOf(log);
  expect(journal.problems).toMatchObject([{ message: "The line is not valid JSON.", place: { file: "ann", line: 1 } }]);
  expect(await journal.add(parts("q"))).toMatchObject({ ok: true });
  log.files.set("ann", log.files.get("ann")?.replace("{\n", "") ?? "");
  expect(await journal.reload()).toEqual({ ok: true, value: true });
  expect(journal.problems).toEqual([]);
});
