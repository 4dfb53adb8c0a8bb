import { ok, type Result } from "#core/util/result";
import { wholeGroups } from "./groups";
import type { MatrixProduct } from "./matrixProduct";
import type { PairScorer, SlotAndText, TextPair } from "./pairScorer";
import type { TokenVectors } from "./sentenceEncoder";
import { dot, productError } from "./similarity";
import type { SlicedWork } from "../process/taskQueue";
import type { TokenVectorSource } from "./tokenVectors";

/** Raised when the score of the same vectors changes. */
export const MAXSIM_VERSION = 1;
/** Token vectors of queries held at once. Each document is encoded once for the queries that fit. */
const QUERY_BYTES = 64 * 2 ** 20;

interface EncodedQuery<T> {
  readonly vectors: TokenVectors;
  readonly pairs: readonly T[];
}

/**
 * Late interaction (Khattab and Zaharia 2020, equation 3): each query token is compared with the document token most similar to it. ColBERT
 * adds these similarities up; here they are averaged, so that a score means the same for queries of any length and lies between -1 and 1.
 */
export class MaxSim implements PairScorer {
  readonly #tokens: TokenVectorSource;
  readonly #product: MatrixProduct;

  constructor(tokens: TokenVectorSource, product: MatrixProduct) {
    this.#tokens = tokens;
    this.#product = product;
  }

  async *score<T extends TextPair>(pairs: readonly T[], onScore: (pair: T, score: number) => void): SlicedWork<Result<void>> {
    let block: EncodedQuery<T>[] = [];
    let bytes = 0;
    const byQuery = [...groupBy(pairs, ({ query }) => query.text).values()];
    for (const [i, ofOne] of byQuery.entries()) {
      const [{ query }] = ofOne;
      const vectors = await this.#tokens.ofQuery(query.text, query.slot);
      if (!vectors.ok) return vectors;
      block.push({ vectors: vectors.value, pairs: ofOne });
      bytes += vectors.value.values.byteLength;
      yield undefined;
      if (bytes < QUERY_BYTES && i + 1 < byQuery.length) continue;
      const scored = yield* this.#scoreBlock(block, onScore);
      if (!scored.ok) return scored;
      block = [];
      bytes = 0;
    }
    return ok(undefined);
  }

  /** Document by document: encoding one takes as long as scoring a hundred pairs. */
  async *#scoreBlock<T extends TextPair>(
    block: readonly EncodedQuery<T>[],
    onScore: (pair: T, score: number) => void,
  ): SlicedWork<Result<void>> {
    const encoded = block.flatMap(({ vectors, pairs }) => pairs.map((pair) => ({ vectors, pair })));
    for (const ofOne of groupBy(encoded, ({ pair }) => pair.document.text).values()) {
      const document: SlotAndText = ofOne[0].pair.document;
      const vectors = await this.#tokens.ofDocument(document.text, document.slot);
      if (!vectors.ok) return vectors;
      for (const { vectors: query, pair } of ofOne) onScore(pair, await this.#similarity(query, vectors.value));
      yield undefined;
    }
    return ok(undefined);
  }

  /** The matrix product narrows down which document tokens may be the most similar; `dot` decides among them, the same on every machine. */
  async #similarity(query: TokenVectors, document: TokenVectors): Promise<number> {
    const { dimensions } = query;
    const columns = wholeGroups(document.rows);
    const bias = new Float32Array(columns);
    const { scores } = await this.#product.multiply(query.values, { vectors: document.values, bias }, dimensions);
    const slack = 2 * productError(dimensions);
    let sum = 0;
    for (let row = 0; row < query.rows; row++) {
      const start = row * columns;
      let highest = -Infinity;
      for (let column = 0; column < document.rows; column++) highest = Math.max(highest, scores[start + column] ?? 0);
      let best = -Infinity;
      for (let column = 0; column < document.rows; column++) {
        if ((scores[start + column] ?? 0) < highest - slack) continue;
        best = Math.max(best, dot(query.values, row * dimensions, document.values, column * dimensions, dimensions));
      }
      sum += best;
    }
    return Math.fround(sum / query.rows);
  }
}

/** Groups in the order of their first members. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
