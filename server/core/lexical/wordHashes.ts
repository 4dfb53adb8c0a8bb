import { tokenize } from "./tokenize";

/** FNV-1a's constants for 32 bits (Fowler, Noll and Vo). */
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

const firstBeyondAscii = 128;
const blank = 1;
/** What each ASCII character is: a letter or digit by its lower case, white space, or anything else by 0. */
const asciiKinds = Uint8Array.from({ length: firstBeyondAscii }, (_, unit) => {
  const character = String.fromCharCode(unit).toLowerCase();
  return /[a-z0-9]/u.test(character) ? character.charCodeAt(0) : /\s/u.test(character) ? blank : 0;
});

/** Hashes of the text at hand; the memory is used again for the next one. */
let hashes = new Uint32Array(1024);
let count = 0;

/**
 * A hash of each word that `tokenize` gives, in order: FNV-1a over UTF-16 units. Where a text is ASCII, no word is made for it. The answer is
 * good until the next call.
 */
export function wordHashes(text: string): Uint32Array {
  count = 0;
  for (let at = 0; at < text.length;) {
    at = addPiece(text, at);
  }
  return hashes.subarray(0, count);
}

/**
 * Adds the words of a piece between ASCII white space and gives the place after it. Neither normal form nor lower case looks across such
 * space, so that pieces have the words that the whole text has.
 */
function addPiece(text: string, start: number): number {
  const before = count;
  let hash = offsetBasis;
  let inWord = false;
  let at = start;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= firstBeyondAscii) {
      count = before;
      return addTokens(text, start, at);
    }
    const kind = asciiKinds[unit] ?? 0;
    if (kind > blank) {
      hash = Math.imul(hash ^ kind, prime);
      inWord = true;
    } else {
      if (inWord) add(hash);
      if (kind === blank) return at + 1;
      hash = offsetBasis;
      inWord = false;
    }
  }
  if (inWord) add(hash);
  return at;
}

/** Adds the words of a piece with other characters, and of the pieces after it that have such too, in one go. */
function addTokens(text: string, start: number, firstOther: number): number {
  let end = firstOther;
  let hasOther = true;
  for (let at = firstOther; at <= text.length; at += 1) {
    const unit = at < text.length ? text.charCodeAt(at) : 0x20;
    if (unit >= firstBeyondAscii) {
      hasOther = true;
    } else if (asciiKinds[unit] === blank) {
      if (!hasOther) break;
      end = at;
      hasOther = false;
    }
  }
  for (const word of tokenize(text.slice(start, end))) {
    add(hashWord(word));
  }
  return end;
}

function hashWord(word: string): number {
  let hash = offsetBasis;
  for (let at = 0; at < word.length; at += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(at), prime);
  }
  return hash;
}

function add(hash: number): void {
  if (count === hashes.length) {
    const more = new Uint32Array(2 * count);
    more.set(hashes);
    hashes = more;
  }
  hashes[count] = hash;
  count += 1;
}
