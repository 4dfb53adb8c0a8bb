import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import { SuggestionStore } from "../../../server/runtime/store/suggestionStore";
import { scratchFolder } from "./scratchFolder";

function storeIn(folder: string): SuggestionStore {
  return new SuggestionStore({ homeFolder: path.join(folder, ".nearmiss"), author: "Ada Lovelace" });
}

test("suggestions are appended to the person's own file, which merges by union, and a file of attributes that is there stays as it is", async () => {
  const folder = scratchFolder({ ".nearmiss/.gitattributes": "marks/*.jsonl merge=union\n# ours\n" });
  const store = storeIn(folder);
  expect(await Promise.all([store.append('{"n":1}'), store.append('{"n":2}')])).toMatchObject([{ ok: true }, { ok: true }]);
  expect(path.relative(folder, store.file)).toBe(path.join(".nearmiss", "suggestions", "ada-lovelace.jsonl"));
  expect(readFileSync(store.file, "utf8")).toBe('{"n":1}\n{"n":2}\n');
  expect(readFileSync(path.join(folder, ".nearmiss", ".gitattributes"), "utf8")).toBe("marks/*.jsonl merge=union\n# ours\n");
  expect(readFileSync(path.join(folder, ".nearmiss", "suggestions", ".gitattributes"), "utf8")).toBe("*.jsonl merge=union\n");
});

test("nothing is made before the first suggestion, and files are read in the order of their names with what is torn apart", async () => {
  const empty = scratchFolder();
  expect(await storeIn(empty).loadAll()).toEqual({ ok: true, value: [] });
  expect(existsSync(path.join(empty, ".nearmiss"))).toBe(false);
  const folder = scratchFolder({
    ".nearmiss/suggestions/zoe.jsonl": '{"n":1}\n{"n":',
    ".nearmiss/suggestions/bo.jsonl": '{"n":2}',
    ".nearmiss/suggestions/.gitattributes": "*.jsonl merge=union\n",
  });
  const loaded = await storeIn(folder).loadAll();
  expect(loaded.ok && loaded.value.map((file) => ({ ...file, file: path.basename(file.file) }))).toEqual([
    { file: "bo.jsonl", text: '{"n":2}\n' },
    { file: "zoe.jsonl", text: '{"n":1}\n', torn: '{"n":' },
  ]);
});

test("a folder that cannot be made is a failure in words", async () => {
  const folder = scratchFolder({ ".nearmiss/suggestions": "a file in the way" });
  const refused = await storeIn(folder).append("{}");
  expect(refused.ok ? "" : failureText(refused.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/.nearmiss/suggestions/ada-lovelace.jsonl: The model's answer is not saved. A file stands where a folder is needed. Move that file away. All earlier answers are safe; go on with the run afterwards."`,
  );
});
