import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { RowDocument, type Position } from "#core/jsonl/rowDocument";

/** The protocol's lines of a text: cut at \r\n, \n and \r. */
function protocolLines(text: string): readonly { readonly start: number; readonly length: number }[] {
  const lines: { start: number; length: number }[] = [];
  let start = 0;
  for (const { index, 0: ending } of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, length: index - start });
    start = index + ending.length;
  }
  return [...lines, { start, length: text.length - start }];
}

function offsetAt(text: string, { line, character }: Position): number {
  const found = protocolLines(text)[line];
  return found === undefined ? text.length : found.start + Math.min(character, found.length);
}

function positionAt(text: string, offset: number): Position {
  const line = protocolLines(text).findLastIndex(({ start }) => start <= offset);
  return { line, character: offset - (protocolLines(text)[line]?.start ?? 0) };
}

/** Everything a document says about itself. */
function stateOf(document: RowDocument): unknown {
  return {
    text: document.text(),
    lines: [...document.lines()],
    rows: Array.from({ length: document.lineCount }, (_, line) => document.row(line)),
    endsWithLineFeed: document.endsWithLineFeed,
  };
}

const piece = fc.constantFrom(
  "\n",
  "\r\n",
  "\r",
  "",
  "x",
  "\u{1f600}",
  '{"query": "q", "pos": ["p"], "neg": ["n"]}',
  '\n{"query": "r", "pos": "p"}\n',
  '{"broken',
  "\u2028",
  "\uFEFF",
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const position = fc.record({ line: fc.nat(9), character: fc.nat(50) });
const change = fc.record({ range: fc.option(fc.record({ start: position, end: position }), { nil: undefined, freq: 8 }), text });

describe("RowDocument", () => {
  test("any sequence of edits gives the state that loading the final text gives", () => {
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 8 }), (start, changes) => {
        const document = RowDocument.fromText(start, flagEmbedding);
        let expected = start;
        for (const { range, text: inserted } of changes) {
          // Reading some rows in between shows whether a row outlives its line.
          for (let line = 0; line < document.lineCount; line++) document.row(line);
          const before = [...document.lines()];
          const delta = document.applyChange(range, inserted);
          const [from, to] =
            range === undefined
              ? [0, expected.length]
              : [offsetAt(expected, range.start), offsetAt(expected, range.end)].sort((a, b) => a - b);
          expected = expected.slice(0, from) + inserted + expected.slice(to);
          const after = [...document.lines()];
          expect([
            ...before.slice(0, delta.firstLine),
            ...after.slice(delta.firstLine, delta.firstLine + delta.inserted),
            ...before.slice(delta.firstLine + delta.removed),
          ]).toStrictEqual(after);
        }
        expect(stateOf(document)).toStrictEqual(stateOf(RowDocument.fromText(expected, flagEmbedding)));
        expect(document.text()).toBe(expected);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test("places agree with the protocol's lines, also where a carriage return stands alone", () => {
    fc.assert(
      fc.property(text, fc.nat(60), (content, wanted) => {
        const document = RowDocument.fromText(content);
        const place = positionAt(content, Math.min(wanted, content.length));
        const offset = offsetAt(content, place);
        const { line, offset: within } = document.fromPosition(place);
        const start = content.split("\n").slice(0, line).join("\n").length + (line === 0 ? 0 : 1);
        expect(start + within).toBe(offset);
        expect(document.toPosition(line, within)).toStrictEqual(positionAt(content, offset));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test("a line inserted below another leaves that other and its row alone", () => {
    const document = RowDocument.fromText(
      '{"query": "a", "pos": ["b"], "neg": ["c"]}\n{"query": "d", "pos": ["e"], "neg": ["f"]}\n',
      flagEmbedding,
    );
    const rows = [document.row(0), document.row(1)];
    const delta = document.applyChange({ start: { line: 0, character: 99 }, end: { line: 0, character: 99 } }, "\n{}");
    expect(delta).toStrictEqual({ firstLine: 1, removed: 0, inserted: 1 });
    expect(document.row(0)).toBe(rows[0]);
    expect(document.row(2)).toBe(rows[1]);
  });

  test("a large paste is one splice", () => {
    const document = RowDocument.fromText("first\nlast");
    const delta = document.applyChange({ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, "x\n".repeat(300_000));
    expect(delta).toStrictEqual({ firstLine: 1, removed: 0, inserted: 300_000 });
    expect(document.lineCount).toBe(300_002);
    expect(document.line(300_001)).toBe("last");
  });

  test("another format reads every row anew", () => {
    const document = RowDocument.fromText('{"query": "a", "pos": ["b"], "neg": ["c"]}\n');
    expect(document.row(0)).toStrictEqual({ kind: "object", record: undefined, problems: [] });
    document.setFormat(flagEmbedding);
    expect(document.row(0).record?.query?.text).toBe("a");
    expect([...document.rows()].map(({ line }) => line)).toStrictEqual([0]);
  });
});
