import { describe, expect, test } from "vitest";
import { detectEncoding } from "#core/jsonl/encoding";
import { failureText } from "#core/util/failure";

const utf16 = (text: string, bigEndian: boolean): number[] =>
  Array.from(text).flatMap((unit) => (bigEndian ? [0, unit.charCodeAt(0)] : [unit.charCodeAt(0), 0]));

describe("detectEncoding", () => {
  test("tells UTF-8 from everything else", () => {
    const files: Readonly<Record<string, readonly number[]>> = {
      plain: [0x7b, 0x7d],
      empty: [],
      "marked UTF-8": [0xef, 0xbb, 0xbf, 0x7b],
      "UTF-16 LE with its mark": [0xff, 0xfe, ...utf16('{"a"', false)],
      "UTF-16 BE with its mark": [0xfe, 0xff, ...utf16('{"a"', true)],
      "UTF-16 LE": utf16('{"query"', false),
      "UTF-16 BE": utf16('{"query"', true),
      gzip: [0x1f, 0x8b, 8],
      Parquet: [0x50, 0x41, 0x52, 0x31],
    };
    const said = Object.entries(files).map(([name, bytes]) => {
      const found = detectEncoding(Uint8Array.from(bytes), "train.jsonl");
      return [name, found.ok ? `byte order mark of ${String(found.value.byteOrderMark)} bytes` : failureText(found.failure)];
    });
    expect(Object.fromEntries(said)).toMatchInlineSnapshot(`
      {
        "Parquet": "train.jsonl: The file is a Parquet file, not JSON Lines. Convert it to JSON Lines, for example with datasets.Dataset.to_json.",
        "UTF-16 BE": "train.jsonl: The file is encoded in UTF-16 (big endian, without a byte order mark); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding".",
        "UTF-16 BE with its mark": "train.jsonl: The file is encoded in UTF-16 (big endian); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding".",
        "UTF-16 LE": "train.jsonl: The file is encoded in UTF-16 (little endian, without a byte order mark); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding".",
        "UTF-16 LE with its mark": "train.jsonl: The file is encoded in UTF-16 (little endian); records are read as UTF-8. Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding".",
        "empty": "byte order mark of 0 bytes",
        "gzip": "train.jsonl: The file is compressed with gzip, not JSON Lines. Unpack it first, for example with gunzip.",
        "marked UTF-8": "byte order mark of 3 bytes",
        "plain": "byte order mark of 0 bytes",
      }
    `);
  });
});
