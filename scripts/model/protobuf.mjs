/**
 * The few pieces of protocol buffers' wire format that ONNX files need. Each function gives one encoded field; a message is the
 * list of its fields. https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** A whole number, zero or above. */
export function integer(field, value) {
  return Buffer.concat([varint(tag(field, VARINT)), varint(value)]);
}

/** A 32-bit float. */
export function float(field, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(tag(field, FIXED_32)), bytes]);
}

/** A text, bytes, or a message given as the list of its encoded fields. */
export function delimited(field, content) {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : Array.isArray(content) ? Buffer.concat(content) : content;
  return Buffer.concat([varint(tag(field, LENGTH_DELIMITED)), varint(bytes.length), bytes]);
}

function tag(field, wireType) {
  return field * 8 + wireType;
}

/** Negative numbers take ten bytes, as two's complement of 64 bits. */
function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
