import type { MinedQuery } from "../mining/miningState";
import type { Breathe } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { Decide } from "./candidateSearch";

/** Queries searched for in one call: enough to use the matrix product well, few enough to let other work in between. */
export const MINING_BATCH = 128;

/** Mines queries batch by batch, in their order. The next batch is searched for while one is decided about and worked on. */
export async function* minedAhead(
  queries: readonly number[],
  mine: (batch: readonly number[]) => Promise<Result<readonly Decide[]>>,
): AsyncGenerator<Result<readonly Decide[]>, undefined> {
  const mineFrom = (start: number): ReturnType<typeof mine> | undefined =>
    start < queries.length ? mine(queries.slice(start, start + MINING_BATCH)) : undefined;
  let ahead = mineFrom(0);
  try {
    for (let start = MINING_BATCH; ahead !== undefined; start += MINING_BATCH) {
      const present = ahead;
      ahead = mineFrom(start);
      yield await present;
    }
  } finally {
    // Who stops early leaves nothing running behind.
    await ahead;
  }
  return undefined;
}

export interface OrderedMining {
  readonly queries: readonly number[];
  readonly mine: (batch: readonly number[]) => Promise<Result<readonly Decide[]>>;
  readonly onQuery: (mined: MinedQuery) => void | Promise<void>;
  readonly breathe: Breathe;
  readonly cancellation: Cancellation;
}

/** Mines queries in their order and hands each over. */
export async function mineInOrder({ queries, mine, onQuery, breathe, cancellation }: OrderedMining): Promise<Result<null>> {
  for await (const mined of minedAhead(queries, mine)) {
    if (!mined.ok) return mined;
    for (const decide of mined.value) await onQuery(decide());
    await breathe();
    if (cancellation.requested) return err({ reason: "cancelled", message: "Mining was stopped." });
  }
  return ok(null);
}
