import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { readRow } from "#core/jsonl/readRecord";
import { RowDocument } from "#core/jsonl/rowDocument";
import { LineScanner } from "#core/jsonl/scanLines";

/** Two times in seconds and what they are times of. `ratio` is ours over theirs. */
export interface Comparison {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

const CHUNK_BYTES = 4 * 1024 * 1024;

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
