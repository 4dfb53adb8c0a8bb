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

/** Cosines with three digits; BM25 scores, which have no bound, with one. */
export function score(value: number, retrieval: Retrieval): string {
  return retrieval === "dense" ? value.toFixed(3) : value.toFixed(1);
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
