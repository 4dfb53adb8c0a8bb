import { DROP_RULES } from "../mining/candidate";
import type { DropRule } from "../mining/candidate";
import type { ExportQuery, MinedForExport } from "./exportQuery";

/** What a whole run of mining came to. `kept` and the dropped of all rules add up to `candidates`. */
export interface MiningCounts {
  readonly queries: number;
  readonly candidates: number;
  readonly kept: number;
  /** By the rule that dropped them; rules that dropped nothing are here with 0. */
  readonly dropped: Readonly<Record<DropRule, number>>;
  /** Negatives missing over all queries, and the number of queries that miss any. */
  readonly short: number;
  readonly shortQueries: number;
  readonly promoted: number;
  readonly removedPositives: number;
  readonly leftOutQueries: number;
}

/** Adds up mined queries one by one. */
export class MiningTally {
  #queries = 0;
  #candidates = 0;
  #kept = 0;
  #short = 0;
  #shortQueries = 0;
  #promoted = 0;
  #removedPositives = 0;
  #leftOutQueries = 0;
  readonly #dropped = Object.fromEntries(DROP_RULES.map((rule) => [rule, 0])) as Record<DropRule, number>;

  add(mined: MinedForExport, exported: ExportQuery): void {
    this.#queries += 1;
    for (const { kept, rule } of mined.decision.candidates) {
      this.#candidates += 1;
      if (kept) this.#kept += 1;
      else if (rule !== "pinned" && rule !== "sampled") this.#dropped[rule] += 1;
    }
    this.#short += exported.short;
    if (exported.short > 0) this.#shortQueries += 1;
    this.#promoted += exported.promoted.length;
    this.#removedPositives += mined.verdicts.badPositives.size;
    if (exported.leftOut !== undefined) this.#leftOutQueries += 1;
  }

  get counts(): MiningCounts {
    return {
      queries: this.#queries,
      candidates: this.#candidates,
      kept: this.#kept,
      dropped: { ...this.#dropped },
      short: this.#short,
      shortQueries: this.#shortQueries,
      promoted: this.#promoted,
      removedPositives: this.#removedPositives,
      leftOutQueries: this.#leftOutQueries,
    };
  }
}
