import fc from "fast-check";
import { expect, test } from "vitest";
import { changeBetween } from "#core/session/collectionChange";
import { withCorpus } from "../../support/smallCollection";

function change(before: readonly string[], after: readonly string[]) {
  const collectionOf = (texts: readonly string[]) => withCorpus([{ query: "q", pos: ["z"] }], texts);
  return changeBetween(collectionOf(before), collectionOf(after));
}

test("an edited passage is another document, and what stands around it keeps its number", () => {
  const found = change(["a", "b", "c"], ["a", "B", "c"]);
  expect(found).toMatchObject({ added: [1], inPlace: true });
  expect([...(found?.newDocument ?? [])]).toEqual([0, -1, 2, 3]);
});

test("after an insertion and a removal, what follows has other numbers", () => {
  const found = change(["a", "b", "c", "d"], ["new", "a", "c", "d"]);
  expect(found).toMatchObject({ added: [0], inPlace: false });
  expect([...(found?.newDocument ?? [])]).toEqual([1, -1, 2, 3, 4]);
});

test("documents that change places are no edit that candidates survive, since their order settles ties", () => {
  expect(change(["a", "b", "c"], ["c", "b", "a"])).toBeUndefined();
});

test("a query whose text differs in white space alone has another vector", () => {
  const collectionOf = (query: string) => withCorpus([{ query, pos: ["z"] }], ["a"]);
  expect(changeBetween(collectionOf("one two"), collectionOf("one  two"))?.newQuery(0)).toBe(-1);
  expect(changeBetween(collectionOf("one two"), collectionOf("one two"))?.newQuery(0)).toBe(0);
});

test("documents that correspond are the same, and every other one is added", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const found = change(before, after);
      if (found === undefined) return;
      const kept = found.newDocument.filter((document) => document !== -1);
      expect([...kept, ...found.added].sort((a, b) => a - b)).toEqual([...found.after.documents.keys()]);
      for (const [former, now] of found.newDocument.entries()) {
        if (now !== -1) expect(found.after.documents[now]?.text).toBe(found.before.documents[former]?.text);
      }
    }),
  );
});
