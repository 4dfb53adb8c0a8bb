import {
  doubleLane,
  F32_ROUND,
  F64_ADD,
  F64X2_ADD,
  F64X2_FROM_LOW_F32X4,
  F64X2_MULTIPLY,
  get,
  I32,
  I32_ABOVE,
  I32_ADD,
  I32_LESS,
  I32_SHIFT_LEFT,
  I32_SUBTRACT,
  i32,
  load,
  loadTwoFloats,
  loop,
  moduleOf,
  repeatIf,
  set,
  storeFloat,
  V128,
  V128_ZERO,
  type Bytes,
} from "../wasmCode";

/** Rows that one pass of the loop scores, so that the processor need not wait for the additions of one row. */
export const ROWS_PER_PASS = 4;

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
  return moduleOf({
    name: "score",
    parameters: 5,
    locals: [
      { count: 1 + PLACES.length, type: I32 },
      { count: 2 + 2 * PLACES.length, type: V128 },
    ],
    body: loop([...passStart(), ...loop(step()), ...passEnd()]),
  });
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
  return [...get(local), ...doubleLane(0), ...get(local), ...doubleLane(1), ...F64_ADD];
}
