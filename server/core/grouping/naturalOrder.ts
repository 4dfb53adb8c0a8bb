import type { FieldValue } from "../formats/passageFields";
import { fieldText } from "../collection/fieldOf";

/**
 * Order of the values of an order field: numbers first, by value, then texts in natural order. True and false count as these words.
 * Below 0 where `a` comes first; 0 for equal values only.
 */
export function compareValues(a: FieldValue, b: FieldValue): number {
  if (typeof a === "number" || typeof b === "number") {
    return typeof a !== "number" ? 1 : typeof b !== "number" ? -1 : a - b;
  }
  return compareNaturally(fieldText(a), fieldText(b));
}

/**
 * Texts by UTF-16 units, except that runs of the digits 0 to 9 compare by their number: "Turing#9" comes before "Turing#10". Locale-free.
 * 0 for equal texts only: "a1" and "a01" differ, the one with fewer zeros first.
 */
export function compareNaturally(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      const [startA, startB] = [pastZeros(a, i), pastZeros(b, j)];
      [i, j] = [pastDigits(a, startA), pastDigits(b, startB)];
      const byNumber = i - startA - (j - startB) || compareUnits(a.slice(startA, i), b.slice(startB, j));
      if (byNumber !== 0) return byNumber;
    } else {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
  }
  return a.length - i - (b.length - j) || a.length - b.length || compareUnits(a, b);
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function pastZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x30) at += 1;
  return at;
}

function pastDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}
