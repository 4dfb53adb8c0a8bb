import fs from "node:fs";
import type { Failure } from "#core/util/failure";
import { err, ok, type Result } from "#core/util/result";
import { normalise } from "./similarity";

const MAGIC = Buffer.from("\x93NUMPY", "latin1");
const NEXT_STEP = 'Write it with numpy.save(path, numpy.ascontiguousarray(vectors, dtype="float32")), one row a record.';

/** About 1.5 MB at 384 dimensions. */
const ROWS_AT_ONCE = 1024;

/** Where the values of a .npy file are. */
interface Layout {
  readonly rows: number;
  readonly dimensions: number;
  /** Bytes before the first value. */
  readonly dataStart: number;
}

/**
 * A .npy file, format 1 to 3, that holds 32-bit floats in C order with shape (n, d). Rows are scaled to length 1 as they are read, so that
 * scores are cosine similarities whatever the model. They stay on disk, since a table of vectors holds them once more.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export class NpyFile {
  readonly rows: number;
  readonly dimensions: number;
  readonly #path: string;
  readonly #handle: number;
  readonly #dataStart: number;

  private constructor(path: string, handle: number, { rows, dimensions, dataStart }: Layout) {
    this.rows = rows;
    this.dimensions = dimensions;
    this.#path = path;
    this.#handle = handle;
    this.#dataStart = dataStart;
  }

  /** Reads the header and checks the size. The file is to be closed. */
  static open(path: string): Result<NpyFile> {
    let handle: number | undefined;
    try {
      handle = fs.openSync(path, "r");
      const layout = readLayout(handle);
      if (layout.ok) return ok(new NpyFile(path, handle, layout.value));
      fs.closeSync(handle);
      return err({ ...layout.failure, place: { file: path } });
    } catch (error) {
      if (handle !== undefined) fs.closeSync(handle);
      return err(unreadable(path, error as NodeJS.ErrnoException));
    }
  }

  close(): void {
    fs.closeSync(this.#handle);
  }

  /** Reads all rows; undefined where each has a direction. */
  check(): Failure | undefined {
    for (let first = 0; first < this.rows; first += ROWS_AT_ONCE) {
      const read = this.read(first, Math.min(ROWS_AT_ONCE, this.rows - first));
      if (!read.ok) return read.failure;
    }
    return undefined;
  }

  /** Unit vectors, one after the other, of so many rows. */
  read(first: number, count: number): Result<Float32Array> {
    const { dimensions } = this;
    const values = new Float32Array(count * dimensions);
    try {
      // All platforms this runs on are little-endian, as <f4 is.
      const bytes = fs.readSync(this.#handle, values, 0, values.byteLength, this.#dataStart + 4 * first * dimensions);
      if (bytes < values.byteLength) return this.#bad(`Row ${String(first)} is gone: the file has changed since it was opened.`);
    } catch (error) {
      return err(unreadable(this.#path, error as NodeJS.ErrnoException));
    }
    for (let row = 0; row < count; row++) {
      const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
      if (normalise(vector)) continue;
      const what = vector.every((value) => value === 0) ? "is all zeros" : "holds a value that is not a finite number";
      return this.#bad(`Row ${String(first + row)} ${what} and has no direction.`);
    }
    return ok(values);
  }

  #bad(message: string): Result<never> {
    return err({ ...bad(message).failure, place: { file: this.#path } });
  }
}

/** The bytes of a .npy file, format 1, with these values in shape (rows, dimensions). */
export function npyBytes(rows: number, dimensions: number, values: Float32Array): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${String(rows)}, ${String(dimensions)}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, " ")}\n`;
  const start = Buffer.concat([MAGIC, Buffer.from([1, 0, padded.length & 0xff, padded.length >> 8]), Buffer.from(padded, "latin1")]);
  return Buffer.concat([start, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

function readLayout(handle: number): Result<Layout> {
  const { size } = fs.fstatSync(handle);
  const start = readBytes(handle, Math.min(size, 12));
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) return bad("The file does not begin like a .npy file.");
  const version = start[6] ?? 0;
  if (version < 1 || version > 3) return bad(`The .npy format version is ${String(version)}; versions 1 to 3 are read.`);
  const lengthBytes = version === 1 ? 2 : 4;
  const headerStart = 8 + lengthBytes;
  if (start.length < headerStart) return bad("The file ends within its header.");
  const dataStart = headerStart + start.readUIntLE(8, lengthBytes);
  if (size < dataStart) return bad("The file ends within its header.");
  const shape = readHeader(readBytes(handle, dataStart).toString(version === 3 ? "utf8" : "latin1", headerStart));
  if (!shape.ok) return shape;
  const { rows, dimensions } = shape.value;
  const missing = rows * dimensions * 4 - (size - dataStart);
  if (missing > 0)
    return bad(`The file is cut short: ${String(missing)} bytes of its ${String(rows)} x ${String(dimensions)} values are missing.`);
  if (missing < 0) return bad(`The file holds ${String(-missing)} bytes more than its ${String(rows)} x ${String(dimensions)} values.`);
  return ok({ rows, dimensions, dataStart });
}

/** The first bytes of a file that has as many. */
function readBytes(handle: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, fs.readSync(handle, bytes, 0, count, 0));
}

function readHeader(header: string): Result<{ readonly rows: number; readonly dimensions: number }> {
  const type = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (order === undefined || shape === undefined) return bad("The .npy header names no shape or order.");
  if (type !== "<f4") return bad(`The values are ${type === undefined ? "a structure" : `of type ${type}`}; 32-bit floats (<f4) are read.`);
  if (order === "True") return bad("The values lie in Fortran order; C order is read.");
  const sizes = shape
    .split(",")
    .map((size) => size.trim())
    .filter((size) => size !== "");
  if (sizes.length !== 2) return bad(`The shape is (${shape}); two dimensions (records, vector length) are read.`);
  const [rows = NaN, dimensions = NaN] = sizes.map(Number);
  if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(dimensions) || rows < 0 || dimensions < 1)
    return bad(`The shape (${shape}) is not one of vectors.`);
  return ok({ rows, dimensions });
}

function unreadable(file: string, error: NodeJS.ErrnoException): Failure {
  return {
    reason: error.code === "ENOENT" ? "missing-file" : "disk",
    message: `The vector file cannot be read: ${error.message}.`,
    nextStep: "Check the path.",
    place: { file },
  };
}

function bad(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason: "bad-vectors", message, nextStep: NEXT_STEP } };
}
