import type { Retrieval } from "#protocol/review";

const integers = new Intl.NumberFormat("en-US");

/** 2504 as "2,504". */
export function count(n: number): string {
  return integers.format(n);
}

/** "1 query", "2 queries". */
export function counted(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 2504 as "2,504" and 1250000 as "1.3M", for columns. */
export function shortCount(n: number): string {
  return n < 100_000 ? count(n) : compact.format(n);
}

/** A setting or a place on an axis: no more digits than it needs. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "\u2212");
}

/** "3.1 %", with two digits that count; "< 0.01 %" below that. */
export function chance(p: number): string {
  if (p < 0.0001) return "< 0.01 %";
  return `${String(Number((100 * p).toPrecision(2)))} %`;
}

/** An upper bound in percent, with one digit after the point; never rounded down. */
export function atMost(share: number): string {
  return `${(Math.ceil(1000 * share - 1e-9) / 10).toFixed(1)} %`;
}

/** A number of candidates that need not be whole. */
export function about(n: number): string {
  return n < 10 ? n.toFixed(1) : count(Math.round(n));
}

/** Cosines with three digits; BM25 scores, which have no bound, with one. */
export function score(value: number, retrieval: Retrieval): string {
  return retrieval === "dense" ? value.toFixed(3) : value.toFixed(1);
}

/** The first words of a text, on one line; set off, so that a text that runs the other way turns nothing around it. */
export function beginning(text: string): string {
  const line = text
    .slice(0, 400)
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  const cut = /^.{60}(?=.)/su.exec(line)?.[0];
  return `\u2068${cut === undefined ? line : `${cut.trimEnd()}…`}\u2069`;
}

/** The last part of a path or URI, decoded where that is possible. */
export function baseName(path: string): string {
  const last =
    path
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .at(-1) ?? path;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Share of a whole in percent, for widths; 0 where there is no whole. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : 0;
}

/** A measure between 0 and 1, or a loss: three digits after the point. */
export function measure(value: number): string {
  return value.toFixed(3).replace("-", "\u2212");
}

/** A difference of measures with its sign; one that rounds to 0 has none. */
export function signed(value: number): string {
  const text = measure(value);
  if (Number(value.toFixed(3)) === 0) return "0.000";
  return value > 0 ? `+${text}` : text;
}

/** A share as "12 %". */
export function share(value: number): string {
  return `${String(Math.round(100 * value))} %`;
}
