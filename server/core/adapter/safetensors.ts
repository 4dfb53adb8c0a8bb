/**
 * The safetensors format (huggingface/safetensors, README): 8 bytes little-endian length of the header, the header as JSON, padded with
 * blanks so that the data begins at a multiple of 8, then the tensors' bytes one after the other. Only 32-bit floats are written and read.
 */
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** Row after row, as long as the product of the shape. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The format's own limit on headers, in bytes. */
const LONGEST_HEADER = 100_000_000;
const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;

/** Same tensors in the same order, same bytes. "format" is what readers of torch tensors look for. */
export function encodeSafetensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const entries: [string, unknown][] = [["__metadata__", { format: "pt" }]];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (sizeOf(shape) !== data.length) throw new RangeError(`The data of ${name} does not fill its shape.`);
    const begin = end;
    end += data.length * FLOAT_BYTES;
    entries.push([name, { dtype: "F32", shape, data_offsets: [begin, end] }]);
  }
  const json = asciiJson(Object.fromEntries(entries));
  const header = json.padEnd(Math.ceil(json.length / 8) * 8);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  for (let i = 0; i < header.length; i += 1) bytes[LENGTH_BYTES + i] = header.charCodeAt(i);
  let at = LENGTH_BYTES + header.length;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += FLOAT_BYTES;
    }
  }
  return bytes;
}

/** Reads a file that anyone may have made: every length and offset is checked before it is used. Fails with a sentence on what is wrong. */
export function decodeSafetensors(bytes: Uint8Array): Result<ReadonlyMap<string, Tensor>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < LENGTH_BYTES) return broken(`The file has ${String(bytes.length)} bytes, which is too short for safetensors.`);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER))
    return broken(`Its header claims ${String(length)} bytes; at most ${String(LONGEST_HEADER)} are allowed.`);
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.length)
    return broken(
      `Its header claims ${String(length)} bytes, but the file has ${String(bytes.length)}: it is cut off or no safetensors file.`,
    );
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  if (header === undefined) return broken("Its header is not a JSON object.");
  return readTensors(header, new DataView(view.buffer, view.byteOffset + dataStart, bytes.length - dataStart));
}

function readTensors(header: object, data: DataView): Result<ReadonlyMap<string, Tensor>> {
  const placed: { readonly name: string; readonly place: Placed }[] = [];
  for (const [name, entry] of Object.entries(header) as readonly [string, unknown][]) {
    if (name === "__metadata__") continue;
    const place = placeOf(entry);
    if (typeof place === "string") return broken(`Tensor "${shorten(name)}" ${place}`);
    placed.push({ name, place });
  }
  placed.sort((a, b) => a.place.begin - b.place.begin || a.place.end - b.place.end);
  let covered = 0;
  for (const { name, place } of placed) {
    if (place.begin !== covered)
      return broken(
        `Tensor "${shorten(name)}" begins at byte ${String(place.begin)} of the data, where ${String(covered)} was expected: tensors must follow each other without holes.`,
      );
    covered = place.end;
  }
  if (covered !== data.byteLength)
    return broken(
      `Its tensors take ${String(covered)} bytes, but ${String(data.byteLength)} follow the header: the file is cut off or has more at its end.`,
    );
  return ok(new Map(placed.map(({ name, place }) => [name, { shape: place.shape, data: floats(data, place) }])));
}

interface Placed {
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

/** Where a tensor lies, or what is wrong with its entry. */
function placeOf(entry: unknown): Placed | string {
  if (typeof entry !== "object" || entry === null) return "has no description.";
  const { dtype, shape, data_offsets: offsets } = entry as Readonly<Record<string, unknown>>;
  if (dtype !== "F32") return `is of type ${typeof dtype === "string" ? `"${shorten(dtype)}"` : typeof dtype}, where "F32" is needed.`;
  if (!isCounts(shape)) return "has no shape of whole numbers.";
  if (!isCounts(offsets) || offsets.length !== 2) return "has no pair of offsets.";
  const [begin = 0, end = 0] = offsets;
  const size = sizeOf(shape) * FLOAT_BYTES;
  if (end - begin !== size) return `takes ${String(end - begin)} bytes, but its shape [${shape.join(", ")}] needs ${String(size)}.`;
  return { shape, begin, end };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}

/** Of a shape too large for whole numbers the product is only near; no file has so many bytes. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function floats(data: DataView, { begin, end }: Placed): Float32Array {
  const values = new Float32Array((end - begin) / FLOAT_BYTES);
  for (let i = 0; i < values.length; i += 1) values[i] = data.getFloat32(begin + i * FLOAT_BYTES, true);
  return values;
}

function parseHeader(bytes: Uint8Array): object | undefined {
  const text = utf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text of UTF-8 bytes, by means of the language alone; undefined where they are none. */
function utf8(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let isAscii = true;
  for (const byte of bytes) {
    if (byte < 0x80 && byte !== 0x25) parts.push(String.fromCharCode(byte));
    else {
      isAscii = false;
      parts.push(`%${byte.toString(16).padStart(2, "0")}`);
    }
  }
  const text = parts.join("");
  if (isAscii) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** JSON whose characters are all ASCII, so that its bytes are its characters. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Names in the file are the maker's; a long one would hide the sentence around it. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function broken(message: string): Result<never> {
  return err({ reason: "bad-model", message });
}
