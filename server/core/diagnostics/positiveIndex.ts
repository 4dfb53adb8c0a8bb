import { normaliseText } from "../collection/textKey";
import type { RecordPassage } from "../formats/format";

/** A positive and the line that lists it, zero-based. */
export interface PlacedPositive {
  readonly line: number;
  readonly passage: RecordPassage;
}

/** The positives of one query, to be asked whether a passage is one of them by id or by normalised text. */
export class PositiveIndex {
  /** The first positives of each name on two different lines: enough to answer for any line but its own. */
  readonly #places = new Map<string, PlacedPositive[]>();

  add(line: number, passage: RecordPassage): void {
    for (const name of namesOf(passage)) {
      const places = this.#places.get(name);
      if (places === undefined) this.#places.set(name, [{ line, passage }]);
      else if (places.length < 2 && places[0]?.line !== line) places.push({ line, passage });
    }
  }

  /** The first positive that this passage equals, on a line other than `exceptLine`. */
  find(passage: RecordPassage, exceptLine = -1): PlacedPositive | undefined {
    if (this.#places.size === 0) return undefined;
    for (const name of namesOf(passage)) {
      const place = this.#places.get(name)?.find(({ line }) => line !== exceptLine);
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

/** The id, where there is one, and the text; a prefix keeps the two apart. */
function namesOf({ id, text }: RecordPassage): readonly string[] {
  const name = `text ${normaliseText(text)}`;
  return id === undefined ? [name] : [`id ${id}`, name];
}
