import type { GradientQuery } from "./fakeGradients";
import { earlierVerdict, keptInPool } from "./fakePool";
import type { FakeSampler } from "./fakeSampler";
import { pool } from "./inventedPool";
import type { FakeQuery } from "./passages";

/**
 * The invented pool as queries of the gradients. Each is shown as one of the few queries that have passages, so that a click on it has
 * somewhere to go.
 */
export function poolGradientQueries(sampler: FakeSampler, queries: readonly FakeQuery[]): readonly GradientQuery[] {
  const kept = keptInPool(sampler);
  return pool.flatMap((poolQuery, at) => {
    const query = at % queries.length;
    const shown = queries[query];
    if (shown === undefined || shown.candidates.length === 0) return [];
    const candidates = poolQuery.candidates.map((candidate) => {
      const { rank, score, positiveSimilarity, lists } = candidate;
      const verdict = earlierVerdict(poolQuery, candidate, at);
      return {
        key: `${shown.id}/n${String((rank - 1) % shown.candidates.length)}`,
        rank,
        score,
        positiveSimilarity,
        kept: kept.has(candidate),
        source: lists.has("same_article") ? "same_article" : "simans",
        ...(verdict === undefined ? {} : { verdict }),
      };
    });
    return [{ query, positive: poolQuery.positive, candidates }];
  });
}
