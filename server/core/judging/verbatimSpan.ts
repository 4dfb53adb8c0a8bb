/**
 * The words of a passage that a model named, as they stand there; undefined where they do not. A model may have written white space another
 * way and left out letters that cannot be seen; what is given back is cut out of the passage.
 */
export function verbatimSpan(passage: string, named: string): string | undefined {
  const wanted = seen(named).text.trim();
  if (wanted === "") return undefined;
  if (passage.includes(named)) return named.trim();
  const { text, places } = seen(passage);
  const begin = text.indexOf(wanted);
  if (begin === -1) return undefined;
  const last = places[begin + wanted.length - 1] ?? 0;
  return passage.slice(places[begin] ?? 0, last + 1);
}

/** A text with its white space as single spaces and without format characters, and where in it each unit comes from. */
function seen(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let kept = "";
  for (const { 0: character, index } of text.matchAll(/[^\s\p{Cf}]|\s+/gu)) {
    const written = /^\s/u.test(character) ? " " : character;
    if (written === " " && kept.endsWith(" ")) continue;
    kept += written;
    for (let unit = 0; unit < written.length; unit += 1) places.push(index + unit);
  }
  return { text: kept, places };
}
