import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import { readAllLines, readFileLines } from "../../../server/runtime/store/fileSource";
import { scratchFolder } from "./scratchFolder";

async function checkLines(content: string | Uint8Array, name = "train.jsonl", chunkBytes = 7): Promise<unknown> {
  const folder = scratchFolder({ [name]: content });
  const read = await readAllLines(path.join(folder, name), { chunkBytes });
  if (!read.ok) return failureText(read.failure).replaceAll(folder, "");
  const { lines, facts } = read.value;
  expect(facts.sha256).toBe(
    createHash("sha256")
      .update(readFileSync(path.join(folder, name)))
      .digest("hex"),
  );
  expect(lines.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1));
  const { lines: n, gzip, bom, finalNewline, badLines } = facts;
  return { texts: lines.map(({ text }) => text), n, gzip, bom, finalNewline, badLines };
}

test("lines are cut at the line feed only, whatever the size of the chunks", async () => {
  const content = '{"a":"\u2028\u2029\u0085"}\r\n\n{"b":"é😀"}\rx\nlast';
  const expected = {
    texts: ['{"a":"\u2028\u2029\u0085"}\r', "", '{"b":"é😀"}\rx', "last"],
    n: 4,
    gzip: false,
    bom: false,
    finalNewline: false,
    badLines: [],
  };
  for (let chunkBytes = 4; chunkBytes < 40; chunkBytes++) expect(await checkLines(content, "train.jsonl", chunkBytes)).toEqual(expected);
});

test("an empty file has no lines", async () => {
  expect(await checkLines("")).toEqual({ texts: [], n: 0, gzip: false, bom: false, finalNewline: true, badLines: [] });
});

test("a final line feed does not begin a line, and a byte order mark stays for the row's problems", async () => {
  expect(await checkLines("\ufeff{}\n{}\n")).toEqual({
    texts: ["\ufeff{}", "{}"],
    n: 2,
    gzip: false,
    bom: true,
    finalNewline: true,
    badLines: [],
  });
});

test("a line that is not UTF-8 is reported and keeps its bytes; its neighbours are read", async () => {
  const content = Buffer.concat([Buffer.from('{"a":1}\n{"b":"'), Buffer.from([0xe9, 0xff]), Buffer.from('"}\n{"c":3}\n')]);
  const file = path.join(scratchFolder({ "train.jsonl": content }), "train.jsonl");
  const read = await readAllLines(file);
  expect(read.ok && read.value.facts.badLines).toEqual([2]);
  expect(read.ok && read.value.lines.map(({ text }) => text)).toEqual(['{"a":1}', '{"b":"\ufffd\ufffd"}', '{"c":3}']);
  expect(read.ok && Buffer.from(read.value.lines[1]?.bytes ?? []).toString("latin1")).toBe('{"b":"éÿ"}');
});

test("gzip is unpacked, also without its name, also in several members", async () => {
  const content = Buffer.concat([gzipSync("{}\n{"), gzipSync("}\n")]);
  const expected = { texts: ["{}", "{}"], n: 2, gzip: true, bom: false, finalNewline: true, badLines: [] };
  expect(await checkLines(content, "corpus.jsonl.gz")).toEqual(expected);
  expect(await checkLines(content, "corpus.jsonl")).toEqual(expected);
});

test("what cannot be read is refused with place and next step", async () => {
  expect(await checkLines(Buffer.from("\ufeff{}\n", "utf16le"))).toMatchInlineSnapshot(
    `"/train.jsonl: The file is encoded in UTF-16 (little endian); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding"."`,
  );
  expect(await checkLines(Buffer.from('{"query": "x"}\n', "utf16le"), "train.jsonl", 4096)).toMatchInlineSnapshot(
    `"/train.jsonl: The file is encoded in UTF-16 (little endian, without a byte order mark); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding"."`,
  );
  expect(await checkLines(Buffer.from("PK\u0003\u0004zip"))).toMatchInlineSnapshot(
    `"/train.jsonl: The file is a zip archive, not JSON Lines. Unpack it first."`,
  );
  expect(await checkLines(gzipSync("{}\n".repeat(5000)).subarray(0, 40), "a.jsonl.gz")).toMatchInlineSnapshot(
    `"/a.jsonl.gz: The gzip file ends too early (Z_BUF_ERROR). Fetch or compress it again."`,
  );
  expect(await checkLines("{}\n", "a.jsonl.gz")).toMatchInlineSnapshot(
    `"/a.jsonl.gz: The name ends with .gz, but the content is not gzip. Rename the file, or compress it again."`,
  );
});

test("a missing file and a folder are refused", async () => {
  const folder = scratchFolder();
  const missing = await readAllLines(path.join(folder, "none.jsonl"));
  expect(missing.ok ? "" : failureText(missing.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/none.jsonl: There is no such file or folder. Check the path."`,
  );
  const asFile = await readAllLines(folder);
  expect(asFile.ok ? "" : failureText(asFile.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `": This is a folder, where a file is needed. Name a file in it."`,
  );
});

test("a file that changes while it is read is refused", async () => {
  const folder = scratchFolder({ "train.jsonl": "{}\n{}\n{}\n" });
  const file = path.join(folder, "train.jsonl");
  const read = await readFileLines(
    file,
    ([first]) => {
      if (first?.line === 1) appendFileSync(file, "{}\n");
    },
    { chunkBytes: 4 },
  );
  expect(read.ok ? "" : failureText(read.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/train.jsonl: The file changed while it was being read. Try again once it is written completely."`,
  );
});

test("a single line of 20 MB is read whole", async () => {
  const line = `{"query":"${"é".repeat(10 * 1024 * 1024)}"}`;
  const file = path.join(scratchFolder({ "train.jsonl": `${line}\n{}\n` }), "train.jsonl");
  const read = await readAllLines(file);
  expect(read.ok && read.value.lines.map(({ text }) => text.length)).toEqual([line.length, 2]);
});

test("reading stops when it is cancelled", async () => {
  const file = path.join(scratchFolder({ "train.jsonl": "{}\n" }), "train.jsonl");
  const read = await readAllLines(file, { cancellation: { requested: true } });
  expect(read.ok ? "" : read.failure.reason).toBe("cancelled");
});
