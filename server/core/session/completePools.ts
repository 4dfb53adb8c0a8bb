import type { Config } from "../config/config";
import type { Pool } from "../mining/pool";
import { pairFloorOf } from "../mining/searchShape";
import { rowsToCompare, rowsToRescore, wantsSecondScores, withSecondScores } from "../mining/secondLook";
import type { RescorerChoice, SimilarPairs, WorkOptions } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { DenseSearch } from "./denseSearch";
import { decisionContext, factsFor } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";

/**
 * Adds to pools what their sources need besides similarities: second scores, and which survivors are alike; and for gradients how similar
 * candidates are to each of several positives.
 */
export async function completePools(
  dense: DenseSearch,
  state: MiningState,
  pools: readonly Pool[],
  options: WorkOptions,
): Promise<Result<readonly Pool[]>> {
  const compared = await addPositiveSimilarities(dense, pools, options.cancellation);
  if (!compared.ok) return compared;
  const rescored = await addSecondScores(dense, state, compared.value, options);
  return rescored.ok ? await addSimilarRows(dense, state, rescored.value, options.cancellation) : rescored;
}

async function addPositiveSimilarities(
  dense: DenseSearch,
  pools: readonly Pool[],
  cancellation: Cancellation,
): Promise<Result<readonly Pool[]>> {
  const several = pools.filter(({ positives, documents }) => positives.length > 1 && documents.length > 0);
  if (several.length === 0) return ok(pools);
  const found = await dense.similaritiesToPositives(several, cancellation);
  if (!found.ok) return found;
  const similaritiesOf = new Map(several.map((pool, i) => [pool, itemAt(found.value, i)]));
  return ok(
    pools.map((pool) => {
      const positiveSimilarities = similaritiesOf.get(pool);
      return positiveSimilarities === undefined ? pool : { ...pool, positiveSimilarities };
    }),
  );
}

async function addSecondScores(
  dense: DenseSearch,
  state: MiningState,
  pools: readonly Pool[],
  options: WorkOptions,
): Promise<Result<readonly Pool[]>> {
  const choice = rescorerOf(state.config);
  if (choice === undefined || !wantsSecondScores(state.sources)) return ok(pools);
  const rows = pools.map((pool) => {
    const facts = factsFor(state, pool);
    return rowsToRescore(facts, decisionContext(state, facts));
  });
  const wanted = pools.map((pool, i) => ({
    query: pool.query,
    documents: [...pool.positives, ...itemAt(rows, i).map((row) => pool.documents[row] ?? -1)],
  }));
  const found = await dense.rescored(choice, wanted, options);
  if (!found.ok) return found;
  const isCompat = state.config.sampler.compat !== null;
  return ok(pools.map((pool, i) => withSecondScores(pool, secondScores(pool, itemAt(rows, i), itemAt(found.value, i)), isCompat)));
}

function secondScores(pool: Pool, rows: readonly number[], scores: Float32Array): NonNullable<Pool["rescored"]> {
  const ofRows = new Float64Array(pool.documents.length).fill(Number.NaN);
  rows.forEach((row, index) => {
    ofRows[row] = scores[pool.positives.length + index] ?? Number.NaN;
  });
  return { positives: [...scores.subarray(0, pool.positives.length)], rows: ofRows };
}

function rescorerOf({ model, sampler: { rescore } }: Config): RescorerChoice | undefined {
  switch (rescore.kind) {
    case "none":
      return undefined;
    case "maxsim":
      return { kind: "maxsim" };
    case "cross_encoder":
      return { kind: "cross_encoder", id: rescore.model, precision: rescore.precision, allowDownload: model.allow_download };
  }
}

async function addSimilarRows(
  dense: DenseSearch,
  state: MiningState,
  pools: readonly Pool[],
  cancellation: Cancellation,
): Promise<Result<readonly Pool[]>> {
  const least = pairFloorOf(state.sources);
  if (least === null) return ok(pools);
  const rows = pools.map((pool) => {
    const facts = factsFor(state, pool);
    return rowsToCompare(facts, decisionContext(state, facts));
  });
  const lists = pools.map((pool, i) => itemAt(rows, i).map((row) => pool.documents[row] ?? -1));
  const found = await dense.similarPairs(lists, least, cancellation);
  return found.ok ? ok(pools.map((pool, i) => ({ ...pool, similarRows: byRow(itemAt(rows, i), itemAt(found.value, i)) }))) : found;
}

/** Pairs of positions in a list as pairs of the rows that stand there. */
function byRow(rows: readonly number[], { first, second, similarity }: SimilarPairs): SimilarPairs {
  return { first: first.map((at) => rows[at] ?? -1), second: second.map((at) => rows[at] ?? -1), similarity };
}
