import {
  F32X4_ADD,
  F32X4_MULTIPLY,
  get,
  I32,
  I32_ADD,
  I32_SUBTRACT,
  i32,
  load,
  loadFloatInAll,
  loop,
  moduleOf,
  repeatIf,
  set,
  store,
  V128,
  type Bytes,
} from "../wasmCode";

/** Rows and columns of the result that are added up in registers together. */
export const ROWS_PER_BLOCK = 4;
export const COLUMNS_PER_PANEL = 8;

const PANEL_ROW_BYTES = 4 * COLUMNS_PER_PANEL;

/** Parameters of the function, by number. All are places or lengths in bytes but for `BLOCKS` and `INNER`. */
const [A, A_ROW_STEP, A_INNER_STEP, PANEL, OUT, OUT_ROW_STEP, BLOCKS, INNER] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Places in the panel and in the result, and terms still to come. */
const [PANEL_AT, OUT_AT, LEFT] = [8, 9, 10] as const;
/** Place in each row of A. */
const PLACES = [11, 12, 13, 14];
/** Eight columns of the panel's present row, and a number of A in all lanes. */
const [LOW, HIGH, FACTOR] = [15, 16, 17] as const;
/** Sums of each row of the block: columns 0 to 3, and 4 to 7. */
const SUMS = PLACES.map((_, row) => [18 + 2 * row, 19 + 2 * row] as const);

/**
 * A module that exports its memory and `addPanel(a, aRowStep, aInnerStep, panel, out, outRowStep, blocks, inner)`: adds to eight columns of the result,
 * over 4 `blocks` rows, the product of A and a panel [inner, 8] of floats without gaps. Each element is added up in the order of the inner
 * dimension, beginning with what is there. `blocks` and `inner` are at least 1.
 */
export function productKernelCode(): Uint8Array<ArrayBuffer> {
  return moduleOf({
    name: "addPanel",
    parameters: 8,
    locals: [
      { count: 3 + PLACES.length, type: I32 },
      { count: 3 + 2 * PLACES.length, type: V128 },
    ],
    body: loop([...blockStart(), ...loop(step()), ...blockEnd()]),
  });
}

/** Loads the sums, and sets the places to the beginnings of the block's rows. */
function blockStart(): Bytes {
  return [
    ...PLACES.flatMap((place, row) => set(place, row === 0 ? get(A) : [...get(PLACES[row - 1] ?? 0), ...get(A_ROW_STEP), ...I32_ADD])),
    ...set(PANEL_AT, get(PANEL)),
    ...set(LEFT, get(INNER)),
    ...set(OUT_AT, get(OUT)),
    ...SUMS.flatMap(([low, high]) => [
      ...set(low, [...get(OUT_AT), ...load(0)]),
      ...set(high, [...get(OUT_AT), ...load(16)]),
      ...advance(OUT_AT, get(OUT_ROW_STEP)),
    ]),
  ];
}

/** One term of each sum. */
function step(): Bytes {
  return [
    ...set(LOW, [...get(PANEL_AT), ...load(0)]),
    ...set(HIGH, [...get(PANEL_AT), ...load(16)]),
    ...SUMS.flatMap(([low, high], row) => [
      ...set(FACTOR, [...get(PLACES[row] ?? 0), ...loadFloatInAll(0)]),
      ...set(low, [...get(low), ...get(FACTOR), ...get(LOW), ...F32X4_MULTIPLY, ...F32X4_ADD]),
      ...set(high, [...get(high), ...get(FACTOR), ...get(HIGH), ...F32X4_MULTIPLY, ...F32X4_ADD]),
      ...advance(PLACES[row] ?? 0, get(A_INNER_STEP)),
    ]),
    ...advance(PANEL_AT, i32(PANEL_ROW_BYTES)),
    ...countDown(LEFT),
  ];
}

/** Stores the sums, and goes on to the next rows. */
function blockEnd(): Bytes {
  return [
    ...SUMS.flatMap(([low, high]) => [
      ...[...get(OUT), ...get(low), ...store(0)],
      ...[...get(OUT), ...get(high), ...store(16)],
      ...advance(OUT, get(OUT_ROW_STEP)),
      ...advance(A, get(A_ROW_STEP)),
    ]),
    ...countDown(BLOCKS),
  ];
}

function advance(place: number, by: Bytes): Bytes {
  return set(place, [...get(place), ...by, ...I32_ADD]);
}

/** Repeats the innermost loop until the local is 0. */
function countDown(local: number): Bytes {
  return [...set(local, [...get(local), ...i32(1), ...I32_SUBTRACT]), ...get(local), ...repeatIf()];
}
