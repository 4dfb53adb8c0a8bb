import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "#core/adapter/safetensors";
import type { Tensor } from "#core/adapter/safetensors";

const matrix: Tensor = { shape: [2, 2], data: Float32Array.of(1, -0.5, 0.25, 3) };

/** A file with this header and so many bytes of data. */
function file(header: unknown, dataBytes: number, claimed?: number): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed ?? text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

function said(bytes: Uint8Array): string {
  const decoded = decodeSafetensors(bytes);
  return decoded.ok ? `ok: ${[...decoded.value.keys()].join(", ")}` : decoded.failure.message;
}

test("the bytes are those of the format", () => {
  const bytes = Buffer.from(encodeSafetensors(new Map([["linear.weight", matrix]])));
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  expect(bytes.subarray(8, 8 + length).toString("latin1")).toMatchInlineSnapshot(
    `"{"__metadata__":{"format":"pt"},"linear.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}    "`,
  );
  expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(8 + length + at))).toEqual([1, -0.5, 0.25, 3]);
  expect(bytes.length).toBe(8 + length + 16);
});

test("a name beyond ASCII is escaped, and read again", () => {
  const bytes = encodeSafetensors(new Map([["é\ud83d\ude00", matrix]]));
  expect(bytes.subarray(8, -16).every((byte) => byte < 0x80)).toBe(true);
  expect(said(bytes)).toBe("ok: é\ud83d\ude00");
  expect(said(file({ é100: { dtype: "F32", shape: [], data_offsets: [0, 4] } }, 4))).toBe("ok: é100");
  expect(said(file({ "100%": { dtype: "F32", shape: [0], data_offsets: [0, 0] } }, 0))).toBe("ok: 100%");
});

test("what was written is read again, bit for bit, also from the middle of a buffer", () => {
  const tensor = fc
    .array(fc.float({ noDefaultInfinity: false }), { maxLength: 12 })
    .map((values): Tensor => ({ shape: [values.length], data: Float32Array.from(values) }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), tensor)), (entries) => {
      const tensors = new Map(entries.filter(([name]) => name !== "__metadata__"));
      const bytes = encodeSafetensors(tensors);
      const shifted = new Uint8Array(bytes.length + 3);
      shifted.set(bytes, 3);
      const decoded = decodeSafetensors(shifted.subarray(3));
      expect(decoded.ok && new Map([...decoded.value].sort())).toEqual(new Map([...tensors].sort()));
    }),
  );
});

test("the same tensors give the same bytes", () => {
  expect(encodeSafetensors(new Map([["w", matrix]]))).toEqual(encodeSafetensors(new Map([["w", matrix]])));
});

test("each thing that can be wrong with a file is said", () => {
  const entry = { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] };
  const broken: Readonly<Record<string, Uint8Array>> = {
    empty: new Uint8Array(0),
    short: Uint8Array.of(1, 2, 3),
    "a text": Buffer.from("this is no tensor file at all"),
    "a header of 100 MB and more": file("{}", 0, 100_000_001),
    "a header longer than the file": file("{}", 0, 1000),
    "a header that is no JSON": file("{nonsense", 0),
    "a header that is no UTF-8": Buffer.concat([file("", 0, 3), Buffer.of(0x7b, 0xff, 0x7d)]),
    "a list": file([], 0),
    "no description": file({ w: 3 }, 0),
    "another type": file({ w: { ...entry, dtype: "F16" } }, 16),
    "no type": file({ w: { shape: [1], data_offsets: [0, 4] } }, 4),
    "a negative size": file({ w: { ...entry, shape: [-2, -2] } }, 16),
    "half a size": file({ w: { ...entry, shape: [0.5] } }, 16),
    "sizes beyond all measure": file({ w: { ...entry, shape: [2 ** 52, 2 ** 52, 2 ** 52] } }, 16),
    "one offset": file({ w: { ...entry, data_offsets: [0] } }, 16),
    "offsets backwards": file({ w: { ...entry, data_offsets: [16, 0] } }, 16),
    "too few bytes for the shape": file({ w: { ...entry, data_offsets: [0, 12] } }, 12),
    "cut off": file({ w: entry }, 12),
    "more at the end": file({ w: entry }, 20),
    "a hole": file({ v: { dtype: "F32", shape: [1], data_offsets: [0, 4] }, w: { ...entry, data_offsets: [8, 24] } }, 24),
    "an overlap": file({ v: { dtype: "F32", shape: [2], data_offsets: [0, 8] }, w: { ...entry, data_offsets: [4, 20] } }, 20),
    "a very long name": file({ ["n".repeat(1000)]: 1 }, 0),
  };
  expect(Object.fromEntries(Object.entries(broken).map(([what, bytes]) => [what, said(bytes)]))).toMatchInlineSnapshot(`
    {
      "a header longer than the file": "Its header claims 1000 bytes, but the file has 10: it is cut off or no safetensors file.",
      "a header of 100 MB and more": "Its header claims 100000001 bytes; at most 100000000 are allowed.",
      "a header that is no JSON": "Its header is not a JSON object.",
      "a header that is no UTF-8": "Its header is not a JSON object.",
      "a hole": "Tensor "w" begins at byte 8 of the data, where 4 was expected: tensors must follow each other without holes.",
      "a list": "Its header is not a JSON object.",
      "a negative size": "Tensor "w" has no shape of whole numbers.",
      "a text": "Its header claims 2338328219631577204 bytes; at most 100000000 are allowed.",
      "a very long name": "Tensor "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn..." has no description.",
      "an overlap": "Tensor "w" begins at byte 4 of the data, where 8 was expected: tensors must follow each other without holes.",
      "another type": "Tensor "w" is of type "F16", where "F32" is needed.",
      "cut off": "Its tensors take 16 bytes, but 12 follow the header: the file is cut off or has more at its end.",
      "empty": "The file has 0 bytes, which is too short for safetensors.",
      "half a size": "Tensor "w" has no shape of whole numbers.",
      "more at the end": "Its tensors take 16 bytes, but 20 follow the header: the file is cut off or has more at its end.",
      "no description": "Tensor "w" has no description.",
      "no type": "Tensor "w" is of type undefined, where "F32" is needed.",
      "offsets backwards": "Tensor "w" takes -16 bytes, but its shape [2, 2] needs 16.",
      "one offset": "Tensor "w" has no pair of offsets.",
      "short": "The file has 3 bytes, which is too short for safetensors.",
      "sizes beyond all measure": "Tensor "w" takes 16 bytes, but its shape [4503599627370496, 4503599627370496, 4503599627370496] needs 3.6537540933272573e+47.",
      "too few bytes for the shape": "Tensor "w" takes 12 bytes, but its shape [2, 2] needs 16.",
    }
  `);
});

test("no bytes whatever make it throw", () => {
  const whole = encodeSafetensors(new Map([["linear.weight", matrix]]));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, cut) => {
      const changed = whole.slice();
      changed[at] = byte;
      expect(typeof decodeSafetensors(changed.subarray(0, cut)).ok).toBe("boolean");
    }),
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(typeof decodeSafetensors(file(json, 8)).ok).toBe("boolean");
    }),
  );
});

test("data that does not fill its shape is a bug", () => {
  expect(() => encodeSafetensors(new Map([["w", { shape: [3], data: matrix.data }]]))).toThrow(RangeError);
});
