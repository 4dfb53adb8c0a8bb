import fs from "node:fs";
import path from "node:path";
import { KEY_BYTES } from "./keyIndex";

const MAGIC = Buffer.from("NEARMISS", "latin1");
const VERSION = 1;
const HEADER_BYTES = 32;
/** Place of the dimensions in the header. */
const DIMENSIONS_AT = 12;

/** What all segments of a folder share. */
export interface SegmentKind {
  readonly fingerprint: string;
  readonly dimensions: number;
}

/**
 * One pair of files of the vector cache. `<name>.vec` holds 32-bit floats, row after row. `<name>.keys` holds 32 bytes of header (magic,
 * version, dimensions, start of the model's fingerprint) and a SHA-256 a row, written after the row's vector: a row counts when both are
 * whole. Only the process that made a segment appends to it.
 */
export class CacheSegment {
  readonly #vectors: number;
  readonly #keys: number | undefined;
  readonly #rowBytes: number;
  #rows: number;

  private constructor(files: { vectors: number; keys: number | undefined; rowBytes: number; rows: number }) {
    this.#vectors = files.vectors;
    this.#keys = files.keys;
    this.#rowBytes = files.rowBytes;
    this.#rows = files.rows;
  }

  /** Throws where the disk refuses. */
  static create(base: string, kind: SegmentKind): CacheSegment {
    fs.mkdirSync(path.dirname(base), { recursive: true });
    const vectors = fs.openSync(`${base}.vec`, "wx+");
    const keys = fs.openSync(`${base}.keys`, "wx+");
    writeAll(keys, headerOf(kind), 0);
    return new CacheSegment({ vectors, keys, rowBytes: kind.dimensions * 4, rows: 0 });
  }

  /** Opens another process's segment and gives its whole rows' keys; a text tells why it cannot be used. */
  static open(base: string, kind: SegmentKind): { readonly segment: CacheSegment; readonly keys: Buffer } | string {
    const bytes = fs.readFileSync(`${base}.keys`);
    if (bytes.length < HEADER_BYTES) return "its header is not whole";
    if (!bytes.subarray(0, HEADER_BYTES).equals(headerOf(kind))) return "it belongs to another model or version";
    const vectors = fs.openSync(`${base}.vec`, "r");
    const rowBytes = kind.dimensions * 4;
    const rows = Math.min(Math.floor((bytes.length - HEADER_BYTES) / KEY_BYTES), Math.floor(fs.fstatSync(vectors).size / rowBytes));
    const segment = new CacheSegment({ vectors, keys: undefined, rowBytes, rows });
    return { segment, keys: bytes.subarray(HEADER_BYTES, HEADER_BYTES + rows * KEY_BYTES) };
  }

  /** Number of dimensions of a segment's vectors; undefined where it is another model's or not whole. Throws where the disk refuses. */
  static dimensionsOf(base: string, fingerprint: string): number | undefined {
    const header = Buffer.alloc(HEADER_BYTES);
    const file = fs.openSync(`${base}.keys`, "r");
    try {
      if (fs.readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return undefined;
    } finally {
      fs.closeSync(file);
    }
    const dimensions = header.readUInt32LE(DIMENSIONS_AT);
    return dimensions > 0 && header.equals(headerOf({ fingerprint, dimensions })) ? dimensions : undefined;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Throws where the disk refuses; the rows then do not count. */
  append(keys: Buffer, vectors: Float32Array): void {
    if (this.#keys === undefined) throw new Error("This segment is another process's.");
    writeAll(this.#vectors, Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength), this.#rows * this.#rowBytes);
    writeAll(this.#keys, keys, HEADER_BYTES + this.#rows * KEY_BYTES);
    this.#rows += keys.length / KEY_BYTES;
  }

  /** `count` vectors from `row` on. */
  read(row: number, count: number): Float32Array {
    const values = new Float32Array((count * this.#rowBytes) / 4);
    const bytes = Buffer.from(values.buffer);
    let done = 0;
    while (done < bytes.length) {
      const read = fs.readSync(this.#vectors, bytes, done, bytes.length - done, row * this.#rowBytes + done);
      if (read === 0) break;
      done += read;
    }
    return values;
  }

  close(): void {
    fs.closeSync(this.#vectors);
    if (this.#keys !== undefined) fs.closeSync(this.#keys);
  }
}

function headerOf({ fingerprint, dimensions }: SegmentKind): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(dimensions, DIMENSIONS_AT);
  Buffer.from(fingerprint.slice(0, 32), "hex").copy(header, 16);
  return header;
}

/** writeSync may write less than asked for. */
function writeAll(file: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) done += fs.writeSync(file, bytes, done, bytes.length - done, position + done);
}
