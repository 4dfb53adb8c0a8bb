import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineRange, LineScanner, scanLines, withoutEnding } from "#core/jsonl/scanLines";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Each record's text, by way of the index. */
function records(text: string): readonly string[] {
  const bytes = bytesOf(text);
  const index = scanLines(bytes);
  return Array.from({ length: index.count }, (_, line) => {
    const { start, end } = lineRange(index, line);
    return textOf(withoutEnding(bytes.subarray(start, end)));
  });
}

describe("scanLines", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\n\nb", ["a", "", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\rb\u2028c\u0085d\n", ["a\rb\u2028c\u0085d"]],
    ["a\r", ["a\r"]],
  ])("%j has the records %j", (text, expected) => {
    expect(records(text)).toStrictEqual(expected);
  });

  test("the way the bytes are cut into chunks changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(0x0a, 0x0d, 0x61), { maxLength: 6 }), { maxLength: 12 }), (chunks) => {
        const scanner = new LineScanner();
        for (const chunk of chunks) scanner.push(Uint8Array.from(chunk));
        const inChunks = scanner.finish();
        const whole = scanLines(Uint8Array.from(chunks.flat()));
        expect([...inChunks.starts.subarray(0, inChunks.count)]).toStrictEqual([...whole.starts.subarray(0, whole.count)]);
        expect(inChunks.endsWithLineFeed).toBe(whole.endsWithLineFeed);
        expect(inChunks.byteLength).toBe(whole.byteLength);
      }),
      { seed: 7 },
    );
  });

  test("the table grows with the file", () => {
    const index = scanLines(bytesOf("ab\n".repeat(5000)));
    expect(index.count).toBe(5000);
    expect(lineRange(index, 4999)).toStrictEqual({ start: 14_997, end: 15_000 });
    expect(() => lineRange(index, 5000)).toThrow(RangeError);
  });
});
