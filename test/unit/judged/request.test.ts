import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { requestOf } from "../../curation/request";
import { scratchFolder } from "../../runtime/store/scratchFolder";

const choices = { collections: ["cacm", "med"], parts: ["guard", "harvest"] };

test("nothing asked for is everything", () => {
  expect(requestOf([], choices)).toEqual({ collections: ["cacm", "med"], parts: new Set(["guard", "harvest"]), reading: {} });
});

test("a collection, a part", () => {
  expect(requestOf(["med", "guard"], choices)).toEqual({ collections: ["med"], parts: new Set(["guard"]), reading: {} });
});

test("a folder of anywhere, and how its judgements are read", () => {
  const folder = scratchFolder({});
  mkdirSync(path.join(folder, "qrels"));
  expect(requestOf([folder, "split=dev", "relevant_from=2", "pooled"], choices)).toMatchObject({
    collections: [folder],
    reading: { split: "dev", relevantFrom: 2, isPooled: true },
  });
});

test.each(["nosuch", "split=", "relevant_from=high", "/"])("%s is neither", (word) => {
  expect(requestOf([word], choices)).toContain(`There is no ${word}. There are: cacm, med, guard, harvest,`);
});
