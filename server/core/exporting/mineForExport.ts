import type { Collection } from "../collection/collection";
import type { DatasetSession } from "../session/datasetSession";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { exportQuery } from "./exportQuery";
import type { ExportQuery, MinedForExport, NegativesMode } from "./exportQuery";
import { MiningTally } from "./miningTally";
import type { MiningCounts } from "./miningTally";

/** Every query of a data set after mining, in the order of the collection. */
export interface MinedSet {
  /** The state of the data that was mined. */
  readonly collection: Collection;
  readonly queries: readonly ExportQuery[];
  readonly counts: MiningCounts;
}

export interface MineOptions {
  /** By default "mined". */
  readonly negatives?: NegativesMode;
  readonly cancellation: Cancellation;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onQuery?: (mined: MinedForExport) => void | Promise<void>;
}

/** Mines everything and keeps what any format needs. The session's vectors must be ready. */
export async function mineForExport(session: DatasetSession, options: MineOptions): Promise<Result<MinedSet>> {
  const { collection } = session;
  const queries: ExportQuery[] = [];
  const tally = new MiningTally();
  const done = await session.mineAll(async (mined) => {
    const exported = exportQuery(mined, collection, options.negatives);
    queries.push(exported);
    tally.add(mined, exported);
    options.onProgress?.(queries.length, collection.queries.length);
    await options.onQuery?.(mined);
  }, options.cancellation);
  return done.ok ? ok({ collection, queries, counts: tally.counts }) : done;
}
