/** A text with every character that cannot be seen, or that an editor could change, written as an escape. */
export function visible(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
