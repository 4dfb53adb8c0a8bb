import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import { MarkStore } from "../../../server/runtime/store/markStore";
import type { AppendHandle } from "../../../server/runtime/store/appendOnlyLines";
import { findHome } from "../../../server/runtime/store/projectHome";
import { scratchFolder } from "./scratchFolder";

async function storeIn(folder: string, openForAppend?: (file: string) => Promise<AppendHandle>): Promise<MarkStore> {
  const home = await findHome(path.join(folder, "train.jsonl"));
  return new MarkStore({ home, author: "Ada Lovelace", ...(openForAppend === undefined ? {} : { openForAppend }) });
}

/** A disk with room for this many more bytes. */
function diskWithRoom(room: number): (file: string) => Promise<AppendHandle> {
  let left = room;
  return async (file) => {
    const real = await open(file, "a+");
    return {
      stat: () => real.stat(),
      read: (buffer, offset, length, position) => real.read(buffer, offset, length, position),
      write: async (data, offset) => {
        if (left === 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        const part = data.subarray(offset, offset + left);
        left -= part.length;
        return real.write(part, 0);
      },
      truncate: (length) => real.truncate(length),
      datasync: () => real.datasync(),
      close: () => real.close(),
    };
  };
}

test("marks are appended in order to the person's own file, and the folder merges by union", async () => {
  const folder = scratchFolder();
  const store = await storeIn(folder);
  const results = await Promise.all(Array.from({ length: 20 }, (_, i) => store.append(`{"n":${String(i)}}`)));
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(path.relative(folder, store.file)).toBe(path.join(".nearmiss", "marks", "ada-lovelace.jsonl"));
  expect(readFileSync(store.file, "utf8")).toBe(Array.from({ length: 20 }, (_, i) => `{"n":${String(i)}}\n`).join(""));
  expect(readFileSync(path.join(folder, ".nearmiss", ".gitattributes"), "utf8")).toBe("marks/*.jsonl merge=union\n");
});

test("nothing is made before the first mark", async () => {
  const folder = scratchFolder();
  expect(await (await storeIn(folder)).loadAll()).toEqual({ ok: true, value: [] });
  expect(existsSync(path.join(folder, ".nearmiss"))).toBe(false);
});

test("a torn last line stays in the file, is kept apart, and the next mark begins a new line", async () => {
  const folder = scratchFolder({ ".nearmiss/marks/ada-lovelace.jsonl": '{"n":1}\n{"n":' });
  const store = await storeIn(folder);
  const before = await store.loadAll();
  expect(before.ok && before.value.map(({ text, torn, lines }) => ({ text, torn, lines }))).toEqual([
    { text: '{"n":1}\n', torn: '{"n":', lines: 1 },
  ]);
  expect((await store.append('{"n":2}')).ok).toBe(true);
  expect(readFileSync(store.file, "utf8")).toBe('{"n":1}\n{"n":\n{"n":2}\n');
});

test("a last line without its line feed is a mark when it is a whole value", async () => {
  const folder = scratchFolder({ ".nearmiss/marks/bo.jsonl": '{"n":1}\n{"n":2}' });
  const loaded = await (await storeIn(folder)).loadAll();
  expect(loaded.ok && loaded.value.map(({ text, torn, lines }) => ({ text, torn, lines }))).toEqual([
    { text: '{"n":1}\n{"n":2}\n', torn: undefined, lines: 2 },
  ]);
});

test("everyone's marks are loaded, by file name", async () => {
  const folder = scratchFolder({
    ".nearmiss/marks/zoe.jsonl": '{"n":1}\n',
    ".nearmiss/marks/bo.jsonl": "",
    ".nearmiss/marks/notes.txt": "x",
  });
  const loaded = await (await storeIn(folder)).loadAll();
  expect(loaded.ok && loaded.value.map(({ file, lines }) => `${path.basename(file)} ${String(lines)}`)).toEqual([
    "bo.jsonl 0",
    "zoe.jsonl 1",
  ]);
});

test("a disk that fills up in the middle of a mark leaves the earlier marks as they were, and says so", async () => {
  const folder = scratchFolder({ ".nearmiss/marks/ada-lovelace.jsonl": '{"n":1}\n' });
  const store = await storeIn(folder, diskWithRoom(12));
  expect((await store.append('{"n":2}')).ok).toBe(true);
  const refused = await store.append('{"n":3}');
  expect(refused.ok ? "" : failureText(refused.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/.nearmiss/marks/ada-lovelace.jsonl: The mark is not saved. It cannot be written: no space is left on the device. Free some space, then try again. All earlier marks are safe; mark again afterwards."`,
  );
  expect(readFileSync(store.file, "utf8")).toBe('{"n":1}\n{"n":2}\n');
});

test("the store goes on after the disk has room again", async () => {
  const folder = scratchFolder();
  let full = true;
  const store = await storeIn(folder, async (file) => (full ? diskWithRoom(3)(file) : open(file, "a+")));
  expect((await store.append('{"n":1}')).ok).toBe(false);
  full = false;
  expect((await store.append('{"n":1}')).ok).toBe(true);
  expect(readFileSync(store.file, "utf8")).toBe('{"n":1}\n');
});

test("a line that another process appended behind a failed one is not cut off", async () => {
  const folder = scratchFolder();
  const store = await storeIn(folder, async (file) => {
    const disk = await diskWithRoom(4)(file);
    return {
      ...disk,
      datasync: () => disk.datasync(),
      write: async (data, offset) => {
        if (offset > 0) appendFileSync(file, '\n{"other":1}\n');
        return disk.write(data, offset);
      },
    };
  });
  expect((await store.append('{"n":1}')).ok).toBe(false);
  expect(readFileSync(store.file, "utf8")).toBe('{"n"\n{"other":1}\n');
});

test("a mark goes to the file of that name even after it was replaced", async () => {
  const folder = scratchFolder();
  const store = await storeIn(folder);
  await store.append('{"n":1}');
  renameSync(store.file, `${store.file}.old`);
  writeFileSync(store.file, '{"n":0}\n');
  await store.append('{"n":2}');
  expect(readFileSync(store.file, "utf8")).toBe('{"n":0}\n{"n":2}\n');
});

test("a marks folder that cannot be made is a failure, not a crash", async () => {
  const folder = scratchFolder();
  mkdirSync(path.join(folder, ".nearmiss"));
  writeFileSync(path.join(folder, ".nearmiss", "marks"), "a file in the way");
  const refused = await (await storeIn(folder)).append("{}");
  expect(refused.ok ? "" : failureText(refused.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/.nearmiss/marks/ada-lovelace.jsonl: The mark is not saved. A file stands where a folder is needed. Move that file away. All earlier marks are safe; mark again afterwards."`,
  );
});
