/** A text of the user's data as messages show it: quoted, on one line, at most 60 characters. */
export function showText(text: string): string {
  const flat = text.slice(0, 400).replace(/\s+/gu, " ").trim();
  const characters = Array.from(flat.slice(0, 120));
  return `"${characters.length <= 60 && flat.length <= 120 ? flat : `${characters.slice(0, 60).join("")}…`}"`;
}
