import type { Collection } from "../collection/collection";
import { gradientSettings } from "../gradients/gradientSettings";
import type { DatasetSession } from "../session/datasetSession";
import type { MinedQuery } from "../mining/miningState";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { exportQuery } from "./exportQuery";
import type { ExportQuery, NegativesMode } from "./exportQuery";
import { MiningTally } from "./miningTally";
import type { MiningCounts } from "./miningTally";
import { scoreStatistics } from "./scoreStatistics";
import type { QueryScores, ScoreStatistics } from "./scoreStatistics";

/** Every query of a data set after mining, in the order of the collection. */
export interface MinedSet {
  /** The state of the data that was mined. */
  readonly collection: Collection;
  readonly queries: readonly ExportQuery[];
  readonly counts: MiningCounts;
  /** Over the queries that are not left out. Under sentence-transformers' rules negatives count once for each positive. */
  readonly scores: ScoreStatistics;
}

export interface MineOptions {
  /** By default "mined". */
  readonly negatives?: NegativesMode;
  readonly cancellation: Cancellation;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onQuery?: (mined: MinedQuery) => void | Promise<void>;
}

/** Mines everything and keeps what any format needs. The session's vectors must be ready. */
export async function mineForExport(session: DatasetSession, options: MineOptions): Promise<Result<MinedSet>> {
  const { collection } = session;
  const queries: ExportQuery[] = [];
  const tally = new MiningTally(gradientSettings(session.config.training));
  const done = await session.mineAll(async (mined) => {
    const exported = exportQuery(mined, collection, options.negatives);
    queries.push(exported);
    tally.add(mined, exported);
    options.onProgress?.(queries.length, collection.queries.length);
    await options.onQuery?.(mined);
  }, options.cancellation);
  if (!done.ok) return done;
  const scores = scoreStatistics(queries.filter(({ leftOut }) => leftOut === undefined).map(scoresOf), {
    negativesPerPositive: session.config.sampler.compat !== null,
  });
  return ok({ collection, queries, counts: tally.counts, scores });
}

function scoresOf({ positives, negatives }: ExportQuery): QueryScores {
  return { positives: positives.map(({ score }) => score), negatives: negatives.map(({ score }) => score) };
}
