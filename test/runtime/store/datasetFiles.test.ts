import path from "node:path";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import { findDataset } from "../../../server/runtime/store/datasetFiles";
import type { DatasetChoice } from "../../../server/runtime/store/datasetFiles";
import { findHome } from "../../../server/runtime/store/projectHome";
import { scratchFolder } from "./scratchFolder";

const beir = { "b/corpus.jsonl.gz": "", "b/queries.jsonl": "", "b/qrels/test.tsv": "", "b/qrels/train.tsv.gz": "", "b/qrels/dev.tsv": "" };

async function check(files: Record<string, string>, named: string, choice: Omit<DatasetChoice, "home" | "corpus"> = {}): Promise<string> {
  const folder = scratchFolder(files);
  const file = path.join(folder, named);
  const found = await findDataset(file, { home: await findHome(file), ...choice });
  return (found.ok ? JSON.stringify(found.value) : failureText(found.failure)).replaceAll(folder + path.sep, "").replaceAll(folder, ".");
}

test("a BEIR folder is found from the folder and from each of its files", async () => {
  const whole = await check(beir, "b");
  expect(whole).toMatchInlineSnapshot(
    `"{"kind":"beir","path":"b","queries":"b/queries.jsonl","corpus":"b/corpus.jsonl.gz","qrels":"b/qrels/train.tsv.gz","split":"train","splits":["dev","test","train"]}"`,
  );
  expect(await check(beir, "b/queries.jsonl")).toBe(whole);
  expect(await check(beir, "b/corpus.jsonl.gz")).toBe(whole);
  expect(await check(beir, "b/qrels/test.tsv")).toContain('"split":"test"');
});

test("a split is chosen by name, else train, dev, test, else the only one", async () => {
  expect(await check(beir, "b", { split: "dev" })).toContain('qrels/dev.tsv"');
  expect(await check({ "b/corpus.jsonl": "", "b/queries.jsonl": "", "b/qrels/odd.tsv": "" }, "b")).toContain('"split":"odd"');
  expect(await check(beir, "b", { split: "validation" })).toMatchInlineSnapshot(
    `"b: There is no split "validation" (qrels/validation.tsv). The splits are "dev", "test", "train". Choose one with "data.split" or --split."`,
  );
  expect(await check({ "b/corpus.jsonl": "", "b/queries.jsonl": "", "b/qrels/x.tsv": "", "b/qrels/y.tsv": "" }, "b")).toMatchInlineSnapshot(
    `"b: The folder has several splits and none is called train, dev or test. The splits are "x", "y". Choose one with "data.split" or --split."`,
  );
});

test("a folder that is not in BEIR form is refused with what it lacks", async () => {
  expect(await check({ "b/queries.jsonl": "" }, "b")).toMatchInlineSnapshot(
    `"b: The folder is not a data set in BEIR form: it lacks corpus.jsonl and qrels/*.tsv. Name a .jsonl file, or a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv."`,
  );
  expect(await check({}, "none.jsonl")).toMatchInlineSnapshot(`"none.jsonl: There is no such file or folder. Check the path."`);
  expect(await check({ "rocket.train.tsv.gz": "" }, "rocket.train.tsv.gz")).toMatchInlineSnapshot(
    `"rocket.train.tsv.gz: This is a tab-separated file, where JSON Lines are needed. Name a .jsonl file, or the folder in BEIR form that the qrels belong to."`,
  );
});

test("the corpus is the configured one, else the one beside the file, never the file itself", async () => {
  expect(await check({ "t/train.jsonl": "" }, "t/train.jsonl")).toMatchInlineSnapshot(
    `"{"kind":"file","path":"t/train.jsonl","file":"t/train.jsonl"}"`,
  );
  expect(await check({ "t/train.jsonl": "", "t/corpus.jsonl": "" }, "t/train.jsonl")).toContain('"corpus":"t/corpus.jsonl"');
  expect(await check({ "t/corpus.jsonl": "" }, "t/corpus.jsonl")).not.toContain('"corpus":');
  const files = { ".nearmiss/config.json": "", "docs/all.jsonl": "", "t/train.jsonl": "", "t/corpus.jsonl": "" };
  expect(await check(files, "t/train.jsonl", { configCorpus: "docs/all.jsonl" })).toContain('"corpus":"docs/all.jsonl"');
  expect(await check(files, "t/train.jsonl", { configCorpus: "docs/none.jsonl" })).toMatchInlineSnapshot(
    `"docs/none.jsonl: There is no corpus file "docs/none.jsonl", which "data.corpus" of the configuration names. Correct the path."`,
  );
});

test("the home is the nearest .nearmiss at or above the data set, else in the workspace, else beside it", async () => {
  const folder = scratchFolder({
    "a/.nearmiss/config.json": "",
    "a/b/c/train.jsonl": "",
    "d/e/train.jsonl": "",
    "d/e/qrels/train.tsv": "",
  });
  const home = async (named: string, workspace?: string): Promise<string> => {
    const found = await findHome(path.join(folder, named), workspace === undefined ? undefined : path.join(folder, workspace));
    return `${path.relative(folder, found.folder)} ${String(found.exists)}`;
  };
  expect(await home("a/b/c/train.jsonl", "a/b")).toBe("a/.nearmiss true");
  expect(await home("a")).toBe("a/.nearmiss true");
  expect(await home("d/e/train.jsonl")).toBe("d/e/.nearmiss false");
  expect(await home("d/e/qrels/train.tsv")).toBe("d/e/.nearmiss false");
  expect(await home("d/e/train.jsonl", "d")).toBe("d/.nearmiss false");
  expect(await home("d/e/train.jsonl", "a")).toBe("d/e/.nearmiss false");
});
