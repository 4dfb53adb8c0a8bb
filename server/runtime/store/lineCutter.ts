/** One line of a file, without its line feed. A carriage return before it stays: it belongs to the line's bytes. */
export interface SourceLine {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** The bytes as they are, present only where they are not UTF-8; `text` then has U+FFFD in place of what could not be read. */
  readonly bytes?: Uint8Array;
}

/** Longest line, in bytes, that can become one JavaScript string with room to spare. */
export const MAX_LINE_BYTES = 256 * 1024 * 1024;

/**
 * Cuts a stream of bytes at 0x0A, and nowhere else, and decodes each piece as UTF-8. The byte 0x0A never occurs inside a longer
 * UTF-8 sequence, so a run of whole lines is decoded at once and split as text; only a run that is not UTF-8 is looked at line by line.
 */
export class LineCutter {
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #line = 0;

  /** Lines cut so far. */
  get lines(): number {
    return this.#line;
  }

  /** Bytes of the line that has not ended yet. */
  get pendingBytes(): number {
    return this.#restBytes;
  }

  /** Takes the next bytes and gives the lines that end in them. The bytes may be overwritten afterwards. */
  push(chunk: Uint8Array): readonly SourceLine[] {
    const end = chunk.lastIndexOf(0x0a);
    if (end < 0) {
      this.#keep(chunk);
      return [];
    }
    const run = this.#joined(chunk.subarray(0, end));
    this.#rest = [];
    this.#restBytes = 0;
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1));
    return this.#decodeRun(run);
  }

  /** The last line, where the file does not end with a line feed. */
  finish(): readonly SourceLine[] {
    if (this.#restBytes === 0) return [];
    const run = this.#joined(new Uint8Array(0));
    this.#rest = [];
    this.#restBytes = 0;
    return this.#decodeRun(run);
  }

  #keep(bytes: Uint8Array): void {
    this.#rest.push(bytes.slice());
    this.#restBytes += bytes.length;
  }

  #joined(last: Uint8Array): Uint8Array {
    if (this.#restBytes === 0) return last;
    const all = new Uint8Array(this.#restBytes + last.length);
    let offset = 0;
    for (const part of [...this.#rest, last]) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  #decodeRun(run: Uint8Array): readonly SourceLine[] {
    const text = this.#decodeStrictly(run);
    if (text !== undefined) return text.split("\n").map((line) => ({ line: ++this.#line, text: line }));
    const lines: SourceLine[] = [];
    for (let start = 0; start <= run.length;) {
      const next = run.indexOf(0x0a, start);
      const end = next < 0 ? run.length : next;
      lines.push(this.#decodeLine(run.subarray(start, end)));
      start = end + 1;
    }
    return lines;
  }

  #decodeLine(bytes: Uint8Array): SourceLine {
    const line = ++this.#line;
    const text = this.#decodeStrictly(bytes);
    return text === undefined ? { line, text: this.#lenient.decode(bytes), bytes: bytes.slice() } : { line, text };
  }

  #decodeStrictly(bytes: Uint8Array): string | undefined {
    try {
      return this.#strict.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
