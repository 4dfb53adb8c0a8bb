const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where each line of a file begins, in bytes. Lines are cut at 0x0A only. */
export interface LineIndex {
  /** Number of lines. A line feed at the very end does not begin a further line. */
  readonly count: number;
  /** Byte offset of each line's start, ascending; at least `count` entries. */
  readonly starts: Float64Array;
  /** Number of bytes of the file. */
  readonly byteLength: number;
  /** Whether the last byte is a line feed. */
  readonly endsWithLineFeed: boolean;
}

/**
 * Finds the lines of a file of any size, chunk by chunk. Only offsets are kept, eight bytes a line, so a file of gigabytes
 * needs no more memory than its number of lines asks for. Offsets are exact up to 2^53 bytes.
 */
export class LineScanner {
  #starts = new Float64Array(1024);
  #count = 0;
  #position = 0;
  #atLineStart = true;

  /** Takes the next bytes of the file. The chunk may be reused by the caller afterwards. */
  push(chunk: Uint8Array): void {
    const { length } = chunk;
    if (length === 0) return;
    if (this.#atLineStart) this.#begin(this.#position);
    let at = chunk.indexOf(LINE_FEED);
    while (at !== -1 && at + 1 < length) {
      this.#begin(this.#position + at + 1);
      at = chunk.indexOf(LINE_FEED, at + 1);
    }
    this.#atLineStart = at !== -1;
    this.#position += length;
  }

  /** The lines of all bytes given so far. */
  finish(): LineIndex {
    return {
      count: this.#count,
      starts: this.#starts,
      byteLength: this.#position,
      endsWithLineFeed: this.#atLineStart && this.#position > 0,
    };
  }

  #begin(offset: number): void {
    if (this.#count === this.#starts.length) {
      const grown = new Float64Array(this.#count * 2);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[this.#count++] = offset;
  }
}

/** The lines of a file that is in memory as a whole. */
export function scanLines(bytes: Uint8Array): LineIndex {
  const scanner = new LineScanner();
  scanner.push(bytes);
  return scanner.finish();
}

/** A range of bytes, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes of a line with its ending, ready to be read from a file. */
export function lineRange(index: LineIndex, line: number): ByteRange {
  const start = index.starts[line];
  if (start === undefined || line >= index.count) throw new RangeError(`line ${String(line)} of ${String(index.count)}`);
  const end = line + 1 < index.count ? index.starts[line + 1] : index.byteLength;
  return { start, end: end ?? index.byteLength };
}

/** The record in a line's bytes: without the line feed, and without the carriage return that belongs to the line's ending. */
export function withoutEnding(line: Uint8Array): Uint8Array {
  let end = line.length;
  if (line[end - 1] !== LINE_FEED) return line;
  end--;
  if (line[end - 1] === CARRIAGE_RETURN) end--;
  return line.subarray(0, end);
}
