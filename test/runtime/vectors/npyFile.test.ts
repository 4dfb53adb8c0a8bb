import fs from "node:fs";
import nodePath from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Result } from "#core/util/result";
import { npyBytes, NpyFile } from "../../../server/runtime/vectors/npyFile";
import { failureOf, temporaryFolder, valueOf } from "./fixture";

function open(bytes: Buffer): Result<NpyFile> {
  const path = nodePath.join(temporaryFolder(), "vectors.npy");
  fs.writeFileSync(path, bytes);
  const file = NpyFile.open(path);
  if (file.ok)
    onTestFinished(() => {
      file.value.close();
    });
  return file;
}

/** A file with any header text, in format version 1, 2 or 3. */
function npy(header: string, data: Buffer, version = 1): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, Buffer.from(header, "latin1"), data]);
}

function floats(...values: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

const PLAIN = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";

test.each([1, 2, 3])("format version %i is read, and rows get length 1", (version) => {
  // A header of odd length, so that the data begin at no multiple of 4.
  const file = valueOf(open(npy(`${PLAIN}  \n`, floats(3, 4, 0, -2), version)));
  expect({ rows: file.rows, dimensions: file.dimensions }).toEqual({ rows: 2, dimensions: 2 });
  expect(file.check()).toBeUndefined();
  expect(valueOf(file.read(0, 2))).toEqual(Float32Array.of(0.6, 0.8, 0, -1));
  expect(valueOf(file.read(1, 1))).toEqual(Float32Array.of(0, -1));
});

test("what npyBytes writes is laid out as numpy does, and read back", () => {
  const bytes = npyBytes(1, 2, Float32Array.of(0.6, 0.8));
  expect((bytes.length - 8) % 64).toBe(0);
  expect(valueOf(valueOf(open(bytes)).read(0, 1))).toEqual(Float32Array.of(0.6, 0.8));
});

test("a row beyond the end is gone", () => {
  const file = valueOf(open(npyBytes(1, 2, Float32Array.of(0.6, 0.8))));
  expect(failureOf(file.read(1, 1)).message).toBe("Row 1 is gone: the file has changed since it was opened.");
});

describe("is refused with what is wrong:", () => {
  const data = floats(1, 2, 3, 4);
  test.each([
    ["an empty file", Buffer.alloc(0), "The file does not begin like a .npy file."],
    ["text", Buffer.from("0.1 0.2\n"), "The file does not begin like a .npy file."],
    ["version 9", npy(PLAIN, data, 9), "The .npy format version is 9; versions 1 to 3 are read."],
    ["half a header", npy(PLAIN, data).subarray(0, 30), "The file ends within its header."],
    ["no shape", npy("{'descr': '<f4', 'fortran_order': False}", data), "The .npy header names no shape or order."],
    ["doubles", npy(PLAIN.replace("<f4", "<f8"), data), "The values are of type <f8; 32-bit floats (<f4) are read."],
    ["big-endian floats", npy(PLAIN.replace("<f4", ">f4"), data), "The values are of type >f4; 32-bit floats (<f4) are read."],
    ["a structure", npy(PLAIN.replace("'<f4'", "[('a', '<f4')]"), data), "The values are a structure; 32-bit floats (<f4) are read."],
    ["Fortran order", npy(PLAIN.replace("False", "True"), data), "The values lie in Fortran order; C order is read."],
    ["one dimension", npy(PLAIN.replace("(2, 2)", "(4,)"), data), "The shape is (4,); two dimensions (records, vector length) are read."],
    [
      "three dimensions",
      npy(PLAIN.replace("(2, 2)", "(2, 2, 1)"), data),
      "The shape is (2, 2, 1); two dimensions (records, vector length) are read.",
    ],
    ["no columns", npy(PLAIN.replace("(2, 2)", "(2, 0)"), data), "The shape (2, 0) is not one of vectors."],
    ["too few values", npy(PLAIN, data.subarray(0, 12)), "The file is cut short: 4 bytes of its 2 x 2 values are missing."],
    ["too many values", npy(PLAIN, floats(1, 2, 3, 4, 5)), "The file holds 4 bytes more than its 2 x 2 values."],
    ["NaN", npy(PLAIN, floats(1, 2, NaN, 4)), "Row 1 holds a value that is not a finite number and has no direction."],
    ["infinity", npy(PLAIN, floats(Infinity, 2, 3, 4)), "Row 0 holds a value that is not a finite number and has no direction."],
    ["zeros", npy(PLAIN, floats(1, 2, 0, 0)), "Row 1 is all zeros and has no direction."],
  ])("%s", (_, bytes, message) => {
    const file = open(bytes);
    const failure = file.ok ? file.value.check() : file.failure;
    expect(failure).toMatchObject({
      reason: "bad-vectors",
      message,
      nextStep: 'Write it with numpy.save(path, numpy.ascontiguousarray(vectors, dtype="float32")), one row a record.',
    });
  });

  test("a missing file", () => {
    expect(failureOf(NpyFile.open(nodePath.join(temporaryFolder(), "none.npy")))).toMatchObject({
      reason: "missing-file",
      nextStep: "Check the path.",
    });
  });
});
