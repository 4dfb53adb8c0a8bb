import fs from "node:fs/promises";
import type { Failure } from "#core/util/failure";
import { err, ok, type Result } from "#core/util/result";
import { normalise } from "./similarity";

/** A matrix of unit vectors, row after row. */
export interface VectorMatrix {
  readonly rows: number;
  readonly dimensions: number;
  readonly values: Float32Array;
}

const MAGIC = Buffer.from("\x93NUMPY", "latin1");
const NEXT_STEP = 'Write it with numpy.save(path, numpy.ascontiguousarray(vectors, dtype="float32")), one row a record.';

/**
 * Reads a .npy file, format 1 to 3, that holds 32-bit floats in C order with shape (n, d). Rows are scaled to length 1, so that scores are
 * cosine similarities whatever the model. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpyFile(file: string): Promise<Result<VectorMatrix>> {
  let bytes: Buffer;
  try {
    bytes = await fs.readFile(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing-file" : "disk";
    return err({
      reason,
      message: `The vector file cannot be read: ${(error as Error).message}.`,
      nextStep: "Check the path.",
      place: { file },
    });
  }
  const matrix = parseNpy(bytes);
  return matrix.ok ? matrix : err({ ...matrix.failure, place: { file } });
}

/** The bytes of a .npy file, format 1, with these values in shape (rows, dimensions). */
export function npyBytes(rows: number, dimensions: number, values: Float32Array): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${String(rows)}, ${String(dimensions)}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, " ")}\n`;
  const start = Buffer.concat([MAGIC, Buffer.from([1, 0, padded.length & 0xff, padded.length >> 8]), Buffer.from(padded, "latin1")]);
  return Buffer.concat([start, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

function parseNpy(bytes: Buffer): Result<VectorMatrix> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return bad("The file does not begin like a .npy file.");
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) return bad(`The .npy format version is ${String(version)}; versions 1 to 3 are read.`);
  const lengthBytes = version === 1 ? 2 : 4;
  const headerStart = 8 + lengthBytes;
  if (bytes.length < headerStart) return bad("The file ends within its header.");
  const dataStart = headerStart + bytes.readUIntLE(8, lengthBytes);
  if (bytes.length < dataStart) return bad("The file ends within its header.");
  const shape = readHeader(bytes.toString(version === 3 ? "utf8" : "latin1", headerStart, dataStart));
  if (!shape.ok) return shape;
  const { rows, dimensions } = shape.value;
  const missing = rows * dimensions * 4 - (bytes.length - dataStart);
  if (missing > 0)
    return bad(`The file is cut short: ${String(missing)} bytes of its ${String(rows)} x ${String(dimensions)} values are missing.`);
  if (missing < 0) return bad(`The file holds ${String(-missing)} bytes more than its ${String(rows)} x ${String(dimensions)} values.`);
  return unitRows(rows, dimensions, bytes.subarray(dataStart));
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

function unitRows(rows: number, dimensions: number, data: Buffer): Result<VectorMatrix> {
  const values = new Float32Array(rows * dimensions);
  // Copied, since the data may begin at any byte. All platforms this runs on are little-endian, as <f4 is.
  Buffer.from(values.buffer).set(data);
  for (let row = 0; row < rows; row++) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    if (normalise(vector)) continue;
    const what = vector.every((value) => value === 0) ? "is all zeros" : "holds a value that is not a finite number";
    return bad(`Row ${String(row)} ${what} and has no direction.`);
  }
  return ok({ rows, dimensions, values });
}

function bad(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason: "bad-vectors", message, nextStep: NEXT_STEP } };
}
