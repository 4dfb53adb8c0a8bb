import { createHash } from "node:crypto";
import type { KnownScore } from "./scoreJournal";

/** Pairs kept in memory are at most twice as many, about 100 bytes each. */
export const PAIRS_PER_GENERATION = 2 ** 18;

/** Scores of pairs by content: rescorer, query and document. Those asked for last stay in memory; a pair that was forgotten is scored again. */
export class ScoreCache {
  readonly #most: number;
  #young = new Map<string, number>();
  #old: ReadonlyMap<string, number> = new Map<string, number>();

  /** `most`: pairs after which the older half is forgotten. */
  constructor(most: number = PAIRS_PER_GENERATION) {
    this.#most = most;
  }

  get(key: string): number | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#keep(key, old);
    return old;
  }

  add(scores: readonly KnownScore[]): void {
    for (const { key, score } of scores) this.#keep(key, score);
  }

  #keep(key: string, score: number): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, score);
  }
}

/** UTF-16, since UTF-8 would make all lone surrogates equal. */
export function digestOf(text: string): Buffer {
  return createHash("sha256").update(text, "utf16le").digest();
}

/** 16 characters of one byte each. `query` and `document` from `digestOf`; `rescorer` is the fingerprint of what gives the score. */
export function pairKey(rescorer: string, query: Buffer, document: Buffer): string {
  return createHash("sha256").update(rescorer).update("\0").update(query).update(document).digest().toString("latin1", 0, 16);
}
