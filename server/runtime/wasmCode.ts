/**
 * WebAssembly modules put together by hand: a toolchain for a loop or two would be more to look after. Opcodes are those of the core specification,
 * 5.4 and appendix "Index of Instructions" (https://webassembly.github.io/spec/core/).
 */

export type Bytes = readonly number[];

/** A local and its value's type: 32-bit integer or 128-bit vector. */
export const I32 = 0x7f;
export const V128 = 0x7b;

export const I32_LESS: Bytes = [0x49];
export const I32_ABOVE: Bytes = [0x4a];
export const I32_ADD: Bytes = [0x6a];
export const I32_SUBTRACT: Bytes = [0x6b];
export const I32_SHIFT_LEFT: Bytes = [0x74];
export const F64_ADD: Bytes = [0xa0];
export const F32_ROUND: Bytes = [0xb6];
export const F32X4_ADD: Bytes = [0xfd, ...unsigned(0xe4)];
export const F32X4_MULTIPLY: Bytes = [0xfd, ...unsigned(0xe6)];
export const F64X2_ADD: Bytes = [0xfd, ...unsigned(0xf0)];
export const F64X2_MULTIPLY: Bytes = [0xfd, ...unsigned(0xf2)];
export const F64X2_FROM_LOW_F32X4: Bytes = [0xfd, 0x5f];
export const V128_ZERO: Bytes = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];

const NOTHING = 0x40;
const FUNCTION_TYPE = 0x60;
const [FUNCTION_EXPORT, MEMORY_EXPORT] = [0x00, 0x02];
const [TYPES, FUNCTIONS, MEMORIES, EXPORTS, CODE] = [1, 3, 5, 7, 10];
const END: Bytes = [0x0b];

/** A function without results, of parameters that are all I32. Locals are numbered after the parameters, in the order of `locals`. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly locals: readonly { readonly count: number; readonly type: number }[];
  readonly body: Bytes;
}

/** A module that exports this function and its memory, of one page at first. */
export function moduleOf(exported: WasmFunction): Uint8Array<ArrayBuffer> {
  const parameters = new Array<Bytes>(exported.parameters).fill([I32]);
  const body = [...list(exported.locals.map(({ count, type }) => [count, type])), ...exported.body, ...END];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(TYPES, [[FUNCTION_TYPE, ...list(parameters), ...list([])]]),
    ...section(FUNCTIONS, [[0]]),
    ...section(MEMORIES, [[0x00, 1]]),
    ...section(EXPORTS, [
      [...name("memory"), MEMORY_EXPORT, 0],
      [...name(exported.name), FUNCTION_EXPORT, 0],
    ]),
    ...section(CODE, [[...unsigned(body.length), ...body]]),
  ]);
}

export function loop(body: Bytes): Bytes {
  return [0x03, NOTHING, ...body, ...END];
}

/** Back to the start of the innermost loop if the value on the stack is not 0. */
export function repeatIf(): Bytes {
  return [0x0d, 0];
}

export function get(local: number): Bytes {
  return [0x20, local];
}

export function set(local: number, value: Bytes): Bytes {
  return [...value, 0x21, local];
}

/** A constant below 64: larger ones take more bytes. */
export function i32(value: number): Bytes {
  return [0x41, value];
}

/** 16 bytes; the first number after the opcode is the exponent of the alignment. */
export function load(offset: number): Bytes {
  return [0xfd, 0x00, 3, offset];
}

/** Two floats into the low half, zeros into the high one. */
export function loadTwoFloats(offset: number): Bytes {
  return [0xfd, 0x5d, 2, offset];
}

/** One float into all four lanes. */
export function loadFloatInAll(offset: number): Bytes {
  return [0xfd, 0x09, 2, offset];
}

/** 16 bytes. */
export function store(offset: number): Bytes {
  return [0xfd, 0x0b, 3, offset];
}

export function storeFloat(offset: number): Bytes {
  return [0x38, 2, offset];
}

export function doubleLane(lane: 0 | 1): Bytes {
  return [0xfd, 0x21, lane];
}

function section(number: number, items: readonly Bytes[]): Bytes {
  const content = list(items);
  return [number, ...unsigned(content.length), ...content];
}

function list(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): Bytes {
  return [text.length, ...Buffer.from(text, "latin1")];
}

/** LEB128. */
function unsigned(value: number): Bytes {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
