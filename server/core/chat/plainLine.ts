/** Sequences by which a text changes the colours or the title of a terminal (ECMA-48): CSI with its parameters, OSC up to its end. */
const TERMINAL_SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/gu;

/**
 * What is invisible or moves other letters about: control and format characters, separators of lines. Joiner and non-joiner stay, since
 * Persian, Hindi and emoji are spelt with them.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/** A foreign text as one line of visible letters, cut to at most so many UTF-16 units with an ellipsis for what is missing. */
export function plainLine(text: string, longest: number): string {
  const line = text.toWellFormed().replace(TERMINAL_SEQUENCES, "").replace(UNSEEN, " ").replace(/\s+/gu, " ").trim();
  return line.length <= longest ? line : `${cutText(line, longest - 1).trimEnd()}…`;
}

/** The beginning of a text, of at most so many UTF-16 units, that never ends with half a character. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const last = text.charCodeAt(longest - 1);
  const cutsPair = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, cutsPair ? longest - 1 : longest);
}
