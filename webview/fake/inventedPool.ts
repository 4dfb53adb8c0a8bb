/** One invented candidate of the pool. */
export interface PoolCandidate {
  readonly rank: number;
  readonly score: number;
  readonly positiveSimilarity: number;
  /** Share of shingles with a positive, and with the candidate before it. */
  readonly overlap: number;
  readonly twin: number;
  /** The sources that find it, by the kind of their lists. */
  readonly lists: ReadonlySet<string>;
  /** Standard Gumbel noise of its draw. */
  readonly noise: number;
}

export interface PoolQuery {
  readonly positive: number;
  readonly candidates: readonly PoolCandidate[];
}

const QUERIES = 48;
const CANDIDATES = 60;

/** A pool of invented candidates, the same each time: scores fall with the rank, and some near the positive are near-duplicates of it. */
export const pool: readonly PoolQuery[] = makePool();

function makePool(): readonly PoolQuery[] {
  const next = generator(7);
  return Array.from({ length: QUERIES }, () => {
    const positive = 0.6 + 0.25 * next();
    const candidates = Array.from({ length: CANDIDATES }, (_, index): PoolCandidate => {
      const score = positive + 0.06 - 0.45 * (index / CANDIDATES) ** 0.7 + 0.03 * (next() - 0.5);
      const twin = next();
      const near = next();
      const positiveSimilarity = Math.min(0.995, 0.25 + 0.75 * near * (score / (positive + 0.06)));
      const article = near > 0.72;
      return {
        rank: index + 1,
        score,
        positiveSimilarity,
        overlap: positiveSimilarity > 0.86 ? next() : 0.3 * next(),
        twin: twin > 0.94 ? 0.85 + 0.15 * next() : 0.5 * twin,
        lists: new Set(["dense", ...(article ? ["same_article"] : []), ...(index > 40 ? ["random"] : [])]),
        noise: -Math.log(-Math.log(0.001 + 0.998 * next())),
      };
    });
    return {
      positive,
      candidates: candidates.sort((one, other) => other.score - one.score).map((candidate, at) => ({ ...candidate, rank: at + 1 })),
    };
  });
}

/** Numbers in [0, 1) that are the same for the same seed (a linear congruential generator, Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
