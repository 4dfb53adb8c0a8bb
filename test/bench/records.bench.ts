import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { readRow } from "#core/jsonl/readRecord";
import { RowDocument } from "#core/jsonl/rowDocument";
import { LineScanner } from "#core/jsonl/scanLines";
import type { Bench } from "./figure";

/** Two times in seconds and what they are times of. `ratio` is ours over theirs. */
export interface Comparison {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const PASSAGE =
  "Opening a file of a gigabyte costs one pass over its bytes. A line ends at a line feed and nowhere else, so that a separator inside a text stays where it is. ".repeat(
    3,
  );

export const recordsBench: readonly Bench[] = [
  {
    name: "byte-index",
    run: () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), "nearmiss-bench-"));
      try {
        const file = path.join(folder, "large.jsonl");
        writeLarge(file, 1024 ** 3);
        const { ours, ratio } = byteIndexAgainstWc(file);
        return Promise.resolve([
          { name: "byte index of 1 GiB", value: ours, unit: "s" },
          { name: "byte index of 1 GiB / wc -l", value: ratio, unit: "x", goal: 2 },
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  {
    name: "read",
    run: () => {
      const { ratio } = readAgainstParse(sampleLines(4000, 7, PASSAGE));
      return Promise.resolve([{ name: "read and validate / bare JSON.parse", value: ratio, unit: "x", goal: 2 }]);
    },
  },
  {
    name: "keystroke",
    run: () => {
      const lines = sampleLines(Math.ceil((25 * 1024 ** 2) / sampleLines(1, 7, PASSAGE)[0]!.length), 7, PASSAGE);
      const { median, p95 } = keystrokes(lines.join("\n"), 2000);
      return Promise.resolve([
        { name: "keystroke in 25 MB to server state, median", value: median, unit: "ms", goal: 1 },
        { name: "keystroke in 25 MB to server state, p95", value: p95, unit: "ms" },
      ]);
    },
  },
];

/** Line offsets of a file on disk against `wc -l`, the best of three each. */
export function byteIndexAgainstWc(file: string): Comparison & { readonly lines: number } {
  let lines = 0;
  const ours = best(3, () => {
    lines = indexFile(file);
  });
  const theirs = best(3, () => {
    spawnSync("wc", ["-l", file]);
  });
  return { lines, ...compare(ours, theirs) };
}

/** Reading and checking the fields of every line against bare `JSON.parse` of every line, the best of nine each. */
export function readAgainstParse(lines: readonly string[]): Comparison {
  let used = 0;
  const read = (): void => {
    for (const line of lines) used += readRow(line, flagEmbedding).problems.length;
  };
  const parse = (): void => {
    for (const line of lines) used += JSON.parse(line) === null ? 1 : 0;
  };
  // In turns, so that whatever else the machine does falls on both.
  let [ours, theirs] = [Infinity, Infinity];
  for (let run = 0; run < 9; run++) {
    ours = Math.min(ours, best(1, read));
    theirs = Math.min(theirs, best(1, parse));
  }
  if (Number.isNaN(used)) throw new Error("nothing was read");
  return compare(ours, theirs);
}

/** Milliseconds from a typed character to the line's new row, as quantiles over `count` characters typed all over the text. */
export function keystrokes(text: string, count: number): { readonly median: number; readonly p95: number; readonly most: number } {
  const document = RowDocument.fromText(text, flagEmbedding);
  for (let line = 0; line < document.lineCount; line++) document.row(line);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const line = (i * 7919) % document.lineCount;
    const at = { line, character: Math.min(12, document.line(line).length) };
    // Every tenth key is Enter, which moves all lines below.
    const start = performance.now();
    const { firstLine, inserted } = document.applyChange({ start: at, end: at }, i % 10 === 0 ? "\n" : "x");
    for (let touched = firstLine; touched < firstLine + inserted; touched++) document.row(touched);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const quantile = (part: number): number => times[Math.floor(part * (times.length - 1))] ?? 0;
  return { median: quantile(0.5), p95: quantile(0.95), most: quantile(1) };
}

/** FlagEmbedding records of about the size that published sets have, one string without line feeds each. */
export function sampleLines(count: number, negatives: number, passage: string): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const neg = Array.from({ length: negatives }, (_unused, n) => `${passage} (${String(i)}, ${String(n)})`);
    return JSON.stringify({
      query: `query number ${String(i)}`,
      pos: [`${passage} ${String(i)}`],
      neg,
      neg_scores: neg.map((_unused, n) => n / 10),
    });
  });
}

/** Records one after the other until the file has this many bytes. */
function writeLarge(file: string, bytes: number): void {
  const piece = Buffer.from(`${sampleLines(2000, 7, PASSAGE).join("\n")}\n`);
  const handle = openSync(file, "w");
  try {
    for (let written = 0; written < bytes; written += piece.length) writeSync(handle, piece);
  } finally {
    closeSync(handle);
  }
}

function indexFile(file: string): number {
  const handle = openSync(file, "r");
  try {
    const scanner = new LineScanner();
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let size = readSync(handle, buffer); size > 0; size = readSync(handle, buffer)) scanner.push(buffer.subarray(0, size));
    return scanner.finish().count;
  } finally {
    closeSync(handle);
  }
}

function compare(ours: number, theirs: number): Comparison {
  return { ours, theirs, ratio: ours / theirs };
}

/** Seconds of the quickest of some runs. */
function best(runs: number, work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}
