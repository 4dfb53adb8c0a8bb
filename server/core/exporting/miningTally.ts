import { Tally } from "../mining/tally";
import type { MiningTotals } from "../mining/tally";
import type { MinedQuery } from "../mining/miningState";
import type { ExportQuery } from "./exportQuery";

/** What a whole run of mining came to. `kept` and the dropped of all rules add up to `candidates`. */
export interface MiningCounts extends MiningTotals {
  readonly promoted: number;
  readonly removedPositives: number;
  readonly leftOutQueries: number;
}

/** Adds up mined queries one by one. */
export class MiningTally {
  #tally: Tally | undefined;
  #promoted = 0;
  #removedPositives = 0;
  #leftOutQueries = 0;

  add(mined: MinedQuery, exported: ExportQuery): void {
    this.#tally ??= new Tally(mined.context.sources);
    this.#tally.add(mined.pool, mined.decision);
    this.#promoted += exported.promoted.length;
    this.#removedPositives += mined.verdicts.badPositives.size;
    if (exported.leftOut !== undefined) this.#leftOutQueries += 1;
  }

  get counts(): MiningCounts {
    return {
      ...(this.#tally ?? new Tally([])).totals(),
      promoted: this.#promoted,
      removedPositives: this.#removedPositives,
      leftOutQueries: this.#leftOutQueries,
    };
  }
}
