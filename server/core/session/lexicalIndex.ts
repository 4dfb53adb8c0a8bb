import type { Collection } from "../collection/collection";
import { Bm25Index } from "../lexical/bm25";
import type { Pool, PoolHit } from "../mining/pool";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import type { Breathe } from "../ports";

/**
 * Candidates by BM25 over the minable documents, for the time until the vectors are there. Its scores are on a scale of their own, so
 * its pools are marked "lexical" and no margin or score limit is ever applied to them.
 */
export class LexicalIndex {
  readonly #collection: Collection;
  readonly #index: Bm25Index;

  private constructor(collection: Collection, index: Bm25Index) {
    this.#collection = collection;
    this.#index = index;
  }

  /** Indexes in slices, so that typing and marking go on meanwhile. Undefined once it is needless, which is asked before each slice. */
  static async build(
    collection: Collection,
    { breathe, needless }: { readonly breathe: Breathe; readonly needless: () => boolean },
  ): Promise<LexicalIndex | undefined> {
    const index = new Bm25Index();
    const texts = collection.documents.map((document) => (document.minable ? document.text : ""));
    const added = await index.addAll(texts, { breathe, needless });
    return added ? new LexicalIndex(collection, index) : undefined;
  }

  pool(plan: RetrievalPlan): Pool {
    const query = this.#collection.queries[plan.query];
    const found = query === undefined ? [] : this.#index.search(query.text, plan.depth);
    const hits = found.map(({ document, score }, i): PoolHit => ({ document, rank: i + 1, score, positiveSimilarity: Number.NaN }));
    const drawn = plan.extra.map((document): PoolHit => ({ document, rank: 0, score: Number.NaN, positiveSimilarity: Number.NaN }));
    return {
      query: plan.query,
      retrieval: "lexical",
      positives: plan.positives,
      positiveScores: plan.positives.map(() => Number.NaN),
      hits,
      drawn,
    };
  }
}
