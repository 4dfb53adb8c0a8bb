/** The item at a position that is known to exist; a position beyond the list is a bug. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${String(index)} among ${String(items.length)}`);
  return item;
}
