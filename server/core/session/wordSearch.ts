import type { MiningState, PlanOptions } from "../mining/miningState";
import { isLexical } from "../mining/sourceSettings";
import type { Breathe } from "../ports";
import { LexicalIndex } from "./lexicalIndex";

/** Up to so many documents a lexical index takes a tenth of a second; with more, it first has to be seen that the cache lacks vectors. */
const QUICKLY_INDEXED = 5000;

export interface WordSearchPorts {
  /** Whether the vectors are there. */
  readonly isReady: () => boolean;
  /** Resolves when it is known that the vectors will take a while, or when nothing is under way. */
  readonly untilSlow: () => Promise<void>;
  readonly breathe: Breathe;
}

/** Search by words, where a source or the lack of vectors asks for it. */
export class WordSearch {
  readonly #ports: WordSearchPorts;
  #lexical: LexicalIndex | undefined;

  constructor(ports: WordSearchPorts) {
    this.#ports = ports;
  }

  /** Brings the index in step with the state; the vectors of a cache may come while it is built. */
  async of({ collection, config, sources }: MiningState): Promise<PlanOptions["searchWords"]> {
    const isNeedless = (): boolean => this.#ports.isReady() && !sources.some(isLexical);
    if (collection.documents.length > QUICKLY_INDEXED) await this.#ports.untilSlow();
    if (isNeedless()) return () => ({ documents: [], scores: [] });
    const lexical = (this.#lexical ??= new LexicalIndex());
    const isThere = await lexical.update(collection, { breathe: this.#ports.breathe, needless: isNeedless });
    return (query, count) => (isThere ? lexical.search(query, count, config.sampler.bm25) : { documents: [], scores: [] });
  }

  drop(): void {
    this.#lexical = undefined;
  }
}
