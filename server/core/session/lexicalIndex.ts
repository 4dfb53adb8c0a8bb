import type { Collection } from "../collection/collection";
import { TextSlots } from "../collection/textSlots";
import { Bm25Index } from "../lexical/bm25";
import type { WordHits } from "../mining/retrievalPlan";
import { SlotDocuments } from "../mining/slotDocuments";
import type { Breathe } from "../ports";

export interface UpdateOptions {
  readonly breathe: Breathe;
  /** Asked before each slice of the work. */
  readonly needless: () => boolean;
}

/** Weights of BM25, as the configuration has them. */
export interface WordWeights {
  readonly k1: number;
  readonly b: number;
}

/** How many more texts are fetched than wanted, so that equal scores at the end of the list are seen together. */
const spare = 16;

/** Search by words over a collection's minable documents, kept in step with it: an edit costs what it changes. */
export class LexicalIndex {
  #index = new Bm25Index();
  #slots = new TextSlots();
  #slotDocuments: SlotDocuments | undefined;
  #update: { readonly collection: Collection; readonly done: Promise<boolean> } | undefined;

  /** Indexes what is new, in slices, so that typing and marking go on meanwhile. False where that became needless on the way. */
  update(collection: Collection, options: UpdateOptions): Promise<boolean> {
    if (this.#update?.collection !== collection) {
      const before = this.#update?.done ?? Promise.resolve(true);
      this.#update = { collection, done: before.then(() => this.#updateNow(collection, options)) };
    }
    return this.#update.done;
  }

  /** Documents with at least one word of the query, best first; equal scores in the order of the collection. */
  search(query: string, count: number, weights: WordWeights): WordHits {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) {
      throw new Error("Words were searched for before they were indexed.");
    }
    const found: { readonly document: number; readonly score: number }[] = [];
    const { slots, scores } = this.#nearest(query, count, weights);
    for (const [place, slot] of slots.entries()) {
      for (const document of slotDocuments.of(slot)) found.push({ document, score: scores[place] ?? 0 });
    }
    found.sort((a, b) => b.score - a.score || a.document - b.document);
    const kept = found.slice(0, count);
    return { documents: kept.map(({ document }) => document), scores: kept.map(({ score }) => score) };
  }

  /** The best texts, with all that score as the last one wanted, so that what is cut off does not depend on the numbers of slots. */
  #nearest(query: string, count: number, weights: WordWeights): ReturnType<Bm25Index["search"]> {
    for (let asked = count + spare; ; asked *= 2) {
      const hits = this.#index.search(query, asked, weights);
      if (hits.slots.length < asked || hits.scores[count - 1] !== hits.scores.at(-1)) return hits;
    }
  }

  async #updateNow(collection: Collection, options: UpdateOptions): Promise<boolean> {
    const { added, removed } = this.#slots.assign(collection.documents.map(({ text }) => text));
    this.#index.drop(removed);
    const texts = added.map((slot) => ({ slot, text: this.#slots.textOf(slot) }));
    const isThere = await this.#index.put(texts, options);
    if (!isThere) {
      // Given up halfway: the next update begins anew.
      this.#index = new Bm25Index();
      this.#slots = new TextSlots();
      this.#update = undefined;
      return false;
    }
    this.#slotDocuments = new SlotDocuments(collection, (text) => this.#slots.slotOf(text));
    return true;
  }
}
