import type { GradientSettings } from "../gradients/gradientSettings";
import { GradientTally } from "../gradients/gradientTally";
import type { GradientTotals } from "../gradients/gradientTally";
import { Tally } from "../mining/tally";
import type { MiningTotals } from "../mining/tally";
import type { MinedQuery } from "../mining/miningState";
import type { ExportQuery } from "./exportQuery";

/** What a whole run of mining came to. `kept` and the dropped of all rules add up to `candidates`. */
export interface MiningCounts extends MiningTotals {
  readonly promoted: number;
  readonly removedPositives: number;
  readonly leftOutQueries: number;
  /** Absent where no query has both a positive and vectors. */
  readonly gradients?: GradientTotals;
}

/** Adds up mined queries one by one. */
export class MiningTally {
  readonly #gradientSettings: GradientSettings;
  #tally: Tally | undefined;
  #gradients: GradientTally | undefined;
  #promoted = 0;
  #removedPositives = 0;
  #leftOutQueries = 0;

  constructor(gradients: GradientSettings) {
    this.#gradientSettings = gradients;
  }

  add(mined: MinedQuery, exported: ExportQuery): void {
    this.#tally ??= new Tally(mined.context.sources);
    this.#tally.add(mined.pool, mined.decision);
    this.#gradients ??= new GradientTally(this.#gradientSettings, mined.context.sources);
    this.#gradients.add(mined);
    this.#promoted += exported.promoted.length;
    this.#removedPositives += mined.verdicts.badPositives.size;
    if (exported.leftOut !== undefined) this.#leftOutQueries += 1;
  }

  get counts(): MiningCounts {
    const gradients = this.#gradients?.totals();
    return {
      ...(this.#tally ?? new Tally([])).totals(),
      promoted: this.#promoted,
      removedPositives: this.#removedPositives,
      leftOutQueries: this.#leftOutQueries,
      ...(gradients === undefined || gradients.queries === 0 ? {} : { gradients }),
    };
  }
}
