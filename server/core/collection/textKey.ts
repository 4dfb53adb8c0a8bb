import type { Sha256 } from "../ports";
import { ownText } from "../util/ownText";

/** White space other than single blanks between words. Texts without any are returned as they are, without a copy. */
const untidySpace = /[^\S ]| {2}|^ | $/u;
const spaceRun = /\s+/gu;

/**
 * The form in which texts are compared: Unicode NFC, every run of white space one blank, none at either end. Case and punctuation stay,
 * since they can carry meaning ("US", "us").
 */
export function normaliseText(text: string): string {
  const composed = text.normalize("NFC");
  return untidySpace.test(composed) ? composed.replace(spaceRun, " ").trim() : composed;
}

/** Number of hexadecimal digits in a text key: 128 bits, so that two texts of one data set never share a key by chance. */
const keyLength = 32;

/** Names a text for good, whatever its place and id: the first 32 hexadecimal digits of the SHA-256 of its normalised form. */
export function textKey(text: string, sha256: Sha256): string {
  return keyOfNormalised(normaliseText(text), sha256);
}

/** As `textKey`, for a text that is known to be normalised. */
export function keyOfNormalised(normalised: string, sha256: Sha256): string {
  return ownText(sha256(normalised).slice(0, keyLength));
}

/** Digits of the text key that stand in for an id where the data has none. */
const idLength = 16;

/** The id of a text to which the data gives none. */
export function idFromKey(key: string): string {
  return ownText(key.slice(0, idLength));
}
