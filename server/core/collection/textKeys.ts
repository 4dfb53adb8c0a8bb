import type { Sha256 } from "../ports";
import { keyOfNormalised, normaliseText } from "./textKey";

/** Keys of texts, remembered from one build of a collection to the next, since most texts stay. What a build does not ask for is forgotten after it. */
export class TextKeys {
  readonly #sha256: Sha256;
  /** By normalised text. */
  #former: ReadonlyMap<string, string> = new Map();
  #present = new Map<string, string>();

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  startBuild(): void {
    this.#former = this.#present;
    this.#present = new Map();
  }

  endBuild(): void {
    this.#former = new Map();
  }

  normalised(text: string): string {
    // What is remembered is normalised already: normalising twice changes nothing.
    return this.#former.has(text) ? text : normaliseText(text);
  }

  keyOf(normalised: string): string {
    const key = this.#former.get(normalised) ?? keyOfNormalised(normalised, this.#sha256);
    this.#present.set(normalised, key);
    return key;
  }
}
