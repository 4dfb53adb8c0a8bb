import { anchorOf } from "../mining/anchors";
import { PINNED, SAMPLED } from "../mining/candidate";
import type { Decision } from "../mining/decision";
import { decisionContext } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";
import { probabilitiesFor } from "../mining/falseNegativeProbabilities";
import type { PoolFacts } from "../mining/poolFacts";
import { itemAt } from "../util/itemAt";
import { KNOBS } from "./knobs";
import type { Knob } from "./knobs";

/** So many queries say where the values of a grid lie; probabilities are dear to compute. */
const mostQueries = 1000;

/** For each source and knob the strictest values that emitted pairs still pass, over an even choice of the queries. */
export class PassingValues {
  readonly #state: MiningState;
  readonly #every: number;
  readonly #values: readonly Readonly<Record<Knob, number[]>>[];

  constructor(state: MiningState, queries: number) {
    this.#state = state;
    this.#every = Math.max(1, Math.ceil(queries / mostQueries));
    this.#values = state.sources.map(() => Object.fromEntries(KNOBS.map((knob) => [knob, []])) as unknown as Record<Knob, number[]>);
  }

  add({ fates, decidedBy }: Decision, facts: PoolFacts, index: number): void {
    if (index % this.#every !== 0) return;
    const { pool } = facts;
    for (const [position, settings] of this.#state.sources.entries()) {
      const values = itemAt(this.#values, position);
      const anchor = anchorOf(pool.positiveScores, settings.margin_anchor);
      const probabilities = probabilitiesFor(facts, decisionContext(this.#state, facts), settings.source);
      const list = pool.lists[position];
      for (const [place, row] of (list?.rows ?? new Int32Array(0)).entries()) {
        if ((fates[row] !== SAMPLED && fates[row] !== PINNED) || decidedBy[row] !== position) continue;
        const score = pool.scores[row] ?? Number.NaN;
        values.max_fn_probability.push(probabilities?.[row] ?? Number.NaN);
        values.max_positive_similarity.push(pool.positiveSimilarity[row] ?? Number.NaN);
        values.relative_margin.push((anchor - score) / Math.abs(anchor));
        values.absolute_margin.push(anchor - score);
        values.max_score.push(score);
        values.range_min.push(list?.ranked === true ? place : Number.NaN);
      }
    }
  }

  of(position: number, knob: Knob): Float64Array {
    return Float64Array.from(itemAt(this.#values, position)[knob]);
  }
}
