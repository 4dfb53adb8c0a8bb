import { shortCount } from "../../format";

/** Places on an axis with the words beside them, in the form that Plot takes. */
export interface AxisTicks {
  readonly ticks: number[];
  readonly tickFormat: (value: number) => string;
}

/** An axis that begins and ends at one of its places. */
export interface RoundAxis extends AxisTicks {
  readonly domain: [number, number];
}

/** Beyond so many digits after the point numbers are written with a power of ten. */
const MOST_DIGITS = 5;

/**
 * Round places from one value to another, with at most so many stretches between them, each with the digits that tell it from the next.
 *
 * @param finest the smallest distance of two places; 1 for what is counted
 */
export function axisTicks(from: number, to: number, most: number, finest = 0): AxisTicks {
  const step = Math.max(finest, roundStep(to - from, most));
  return { ticks: placesOf(Math.ceil(from / step - 1e-9), Math.floor(to / step + 1e-9), step), tickFormat: tickWords(step) };
}

/**
 * An axis over some values, widened to round places, with about as many stretches as `most`.
 *
 * @param least the shortest stretch it may have, so that a difference that means nothing does not fill the picture
 */
export function roundAxis(values: readonly number[], most: number, least = 0): RoundAxis {
  const known = values.filter(Number.isFinite);
  const [low, high] = known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)];
  const room = Math.max(0, least - (high - low)) / 2;
  const [from, to] = [low - room, high + room === low - room ? high + 1 : high + room];
  const step = roundStep(to - from, most);
  const [first, last] = [Math.floor(from / step + 1e-9), Math.ceil(to / step - 1e-9)];
  const ticks = placesOf(first, Math.max(first + 1, last), step);
  return { domain: [ticks[0] ?? from, ticks.at(-1) ?? to], ticks, tickFormat: tickWords(step) };
}

/** 1, 2 or 5 times a power of ten, so that at most so many of them make up the span. */
function roundStep(span: number, most: number): number {
  const wanted = (span > 0 ? span : 1) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].find((times) => times * power >= 0.999 * wanted) ?? 10);
}

function placesOf(first: number, last: number, step: number): number[] {
  // Divided where that is exact: 3 times 0.1 is not 0.3.
  const inverse = Math.round(1 / step);
  const place = (index: number): number => (step < 1 && Number.isFinite(inverse) ? index / inverse : index * step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => place(first + index));
}

function tickWords(step: number): (value: number) => string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value) => {
    if (digits > MOST_DIGITS) return value === 0 ? "0" : minus(Number(value.toPrecision(6)).toExponential());
    return digits === 0 ? minus(shortCount(value)) : minus(value.toFixed(digits));
  };
}

function minus(text: string): string {
  return text.replace(/^-(?=.*[1-9])/u, "\u2212").replace(/^-/u, "");
}
