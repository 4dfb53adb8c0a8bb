/** A number with its noun. */
export function counted(n: number, one: string, many: string): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}

/** A line of a message that quotes user data, whose control characters must not act on the terminal. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}
