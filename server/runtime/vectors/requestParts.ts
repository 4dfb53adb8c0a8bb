import type { Err, Result } from "#core/util/result";

/** Requests under way at once: the process finds the next when it has finished one. */
const LANES = 2;

/** Neighbours of a list that go to the process together. */
export interface RequestPart<T> {
  /** Position of the first item in the whole list. */
  readonly start: number;
  readonly items: readonly T[];
}

/** How much goes into a part. A single item is never cut. */
export interface PartSize<T> {
  readonly mostItems: number;
  readonly weight: (item: T) => number;
  readonly mostWeight: number;
}

/** The list in parts of at most `size` items. */
export function partsOf<T>(list: readonly T[], size: number): readonly RequestPart<T>[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => ({
    start: part * size,
    items: list.slice(part * size, (part + 1) * size),
  }));
}

export function weightedPartsOf<T>(list: readonly T[], { mostItems, weight, mostWeight }: PartSize<T>): readonly RequestPart<T>[] {
  const parts: { readonly start: number; readonly items: T[] }[] = [];
  let sum = 0;
  for (const [i, item] of list.entries()) {
    const last = parts.at(-1);
    sum += weight(item);
    if (last !== undefined && last.items.length < mostItems && sum <= mostWeight) {
      last.items.push(item);
    } else {
      parts.push({ start: i, items: [item] });
      sum = weight(item);
    }
  }
  return parts;
}

/** Works through the list, a few at a time; stops at the first failure and gives it back. */
export async function inLanes<T>(list: readonly T[], work: (item: T) => Promise<Result<unknown>>): Promise<Err | undefined> {
  const queue = list.values();
  let failed: Err | undefined;
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failed === undefined; next = queue.next()) {
      const result = await work(next.value);
      if (!result.ok) failed ??= result;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failed;
}
