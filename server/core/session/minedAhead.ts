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
