/**
 * WebAssembly module for `DotKernel`, put together by hand: a toolchain for one loop would be more to look after. Opcodes are those of the
 * core specification, 5.4 and appendix "Index of Instructions" (https://webassembly.github.io/spec/core/).
 */

type Bytes = readonly number[];

/** Rows that one pass of the loop scores, so that the processor need not wait for the additions of one row. */
export const ROWS_PER_PASS = 4;

const I32 = 0x7f;
const V128 = 0x7b;
const NOTHING = 0x40;
const FUNCTION_TYPE = 0x60;
const [FUNCTION_EXPORT, MEMORY_EXPORT] = [0x00, 0x02];
const [TYPES, FUNCTIONS, MEMORIES, EXPORTS, CODE] = [1, 3, 5, 7, 10];
const END: Bytes = [0x0b];

const I32_LESS: Bytes = [0x49];
const I32_ABOVE: Bytes = [0x4a];
const I32_ADD: Bytes = [0x6a];
const I32_SUBTRACT: Bytes = [0x6b];
const I32_SHIFT_LEFT: Bytes = [0x74];
const F64_ADD: Bytes = [0xa0];
const F32_ROUND: Bytes = [0xb6];
const F64X2_ADD: Bytes = [0xfd, ...unsigned(0xf0)];
const F64X2_MULTIPLY: Bytes = [0xfd, ...unsigned(0xf2)];
const F64X2_FROM_LOW_F32X4: Bytes = [0xfd, 0x5f];
const V128_ZERO: Bytes = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];

/** Parameters and locals of the function, by number. All are places or lengths in bytes but for `ROWS`. */
const [VECTOR, FIRST_ROW, ROWS, ROW_BYTES, SCORES, AT] = [0, 1, 2, 3, 4, 5] as const;
/** Place of the present component in each row of a pass. */
const PLACES = [6, 7, 8, 9];
/** Components of the vector: the first two and the last two of four. */
const [LOW, HIGH] = [10, 11] as const;
/** Sums of each row: components 0 and 1, and 2 and 3, of each four. */
const SUMS = PLACES.map((_, row) => [12 + 2 * row, 13 + 2 * row] as const);

/**
 * A module that exports its memory and `score(vector, firstRow, rows, rowBytes, scores)`, which writes the dot products of a vector of doubles
 * with `rows` vectors of floats, a multiple of `ROWS_PER_PASS`, each a multiple of four long. The order of additions is that of `dot`.
 */
export function dotKernelCode(): Uint8Array<ArrayBuffer> {
  const parameters = [I32, I32, I32, I32, I32];
  const locals = [run(1 + PLACES.length, I32), run(2 + 2 * PLACES.length, V128)];
  const body = [...list(locals), ...loop([...passStart(), ...loop(step()), ...passEnd()]), ...END];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(TYPES, [[FUNCTION_TYPE, ...list(parameters.map((type) => [type])), ...list([])]]),
    ...section(FUNCTIONS, [[0]]),
    ...section(MEMORIES, [[0x00, 1]]),
    ...section(EXPORTS, [
      [...name("memory"), MEMORY_EXPORT, 0],
      [...name("score"), FUNCTION_EXPORT, 0],
    ]),
    ...section(CODE, [[...unsigned(body.length), ...body]]),
  ]);
}

/** Sets the sums to 0 and the places to the beginnings of the next rows. */
function passStart(): Bytes {
  return [
    ...set(AT, i32(0)),
    ...PLACES.flatMap((place, row) =>
      set(place, row === 0 ? get(FIRST_ROW) : [...get(PLACES[row - 1] ?? 0), ...get(ROW_BYTES), ...I32_ADD]),
    ),
    ...SUMS.flat().flatMap((sum) => set(sum, V128_ZERO)),
  ];
}

/** Four components of each row. */
function step(): Bytes {
  // A component of the vector takes twice the bytes of a row's.
  const place = [...get(VECTOR), ...get(AT), ...i32(1), ...I32_SHIFT_LEFT, ...I32_ADD];
  return [
    ...set(LOW, [...place, ...load(0)]),
    ...set(HIGH, [...place, ...load(16)]),
    ...SUMS.flatMap(([low, high], row) => [
      ...set(low, [...get(low), ...product(LOW, row, 0), ...F64X2_ADD]),
      ...set(high, [...get(high), ...product(HIGH, row, 8), ...F64X2_ADD]),
    ]),
    ...set(AT, [...get(AT), ...i32(16), ...I32_ADD]),
    ...[...get(AT), ...get(ROW_BYTES), ...I32_LESS],
    ...repeatIf(),
  ];
}

function product(factor: number, row: number, offset: number): Bytes {
  return [
    ...get(factor),
    ...get(PLACES[row] ?? 0),
    ...get(AT),
    ...I32_ADD,
    ...loadTwoFloats(offset),
    ...F64X2_FROM_LOW_F32X4,
    ...F64X2_MULTIPLY,
  ];
}

/** Writes the scores, and goes on to the next rows. */
function passEnd(): Bytes {
  return [
    ...SUMS.flatMap(([low, high], row) => [
      ...get(SCORES),
      ...lanes(low),
      ...lanes(high),
      ...F64_ADD,
      ...F32_ROUND,
      ...storeFloat(4 * row),
    ]),
    ...set(FIRST_ROW, [...get(PLACES.at(-1) ?? 0), ...get(ROW_BYTES), ...I32_ADD]),
    ...set(SCORES, [...get(SCORES), ...i32(4 * ROWS_PER_PASS), ...I32_ADD]),
    ...set(ROWS, [...get(ROWS), ...i32(ROWS_PER_PASS), ...I32_SUBTRACT]),
    ...[...get(ROWS), ...i32(0), ...I32_ABOVE],
    ...repeatIf(),
  ];
}

/** Sum of the two lanes. */
function lanes(local: number): Bytes {
  return [...get(local), 0xfd, 0x21, 0, ...get(local), 0xfd, 0x21, 1, ...F64_ADD];
}

function loop(body: Bytes): Bytes {
  return [0x03, NOTHING, ...body, ...END];
}

/** Back to the start of the innermost loop if the value on the stack is not 0. */
function repeatIf(): Bytes {
  return [0x0d, 0];
}

function get(local: number): Bytes {
  return [0x20, local];
}

function set(local: number, value: Bytes): Bytes {
  return [...value, 0x21, local];
}

/** A constant below 64: larger ones take more bytes. */
function i32(value: number): Bytes {
  return [0x41, value];
}

/** 16 bytes; the second number is the exponent of the alignment. */
function load(offset: number): Bytes {
  return [0xfd, 0x00, 3, offset];
}

function loadTwoFloats(offset: number): Bytes {
  return [0xfd, 0x5d, 2, offset];
}

function storeFloat(offset: number): Bytes {
  return [0x38, 2, offset];
}

function section(number: number, items: readonly Bytes[]): Bytes {
  const content = list(items);
  return [number, ...unsigned(content.length), ...content];
}

function list(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

function run(count: number, type: number): Bytes {
  return [count, type];
}

function name(text: string): Bytes {
  return [text.length, ...Buffer.from(text, "latin1")];
}

/** LEB128. */
function unsigned(value: number): Bytes {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
