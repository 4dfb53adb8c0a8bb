import type { Verdict } from "../marks/mark";
import { verdictOnGroup } from "../marks/verdictsForQuery";
import type { MinedQuery } from "../mining/miningState";
import type { SourceSettings } from "../mining/sourceSettings";
import type { GradientSettings } from "./gradientSettings";
import { scoreGradient } from "./infoNce";
import { isRival } from "./rowGradients";
import type { RowGradients } from "./rowGradients";

/** What the candidates of one source do to the gradient. */
export interface SourceGradient {
  /** "listed" stands for marked true negatives that are emitted though no source found them. */
  readonly source: string;
  /** Found by the source, and emitted as its own. */
  readonly candidates: number;
  readonly kept: number;
  /** Means over the emitted ones, of s, of D = s - s+ and of |g|; absent where there is none. */
  readonly score?: number;
  readonly difference?: number;
  readonly norm?: number;
  /** Sum of p / tau over the emitted ones. */
  readonly mass: number;
  /** Sum of p / tau over found ones that are marked true negatives, and over those marked relevant in any degree; and their numbers. */
  readonly useful: number;
  readonly harmful: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Verdicts by which a passage would push the query away from something relevant. */
export const HARMFUL_VERDICTS: ReadonlySet<Verdict> = new Set<Verdict>(["false_negative", "partly_relevant", "duplicate_of_positive"]);

interface Sums {
  readonly source: string;
  candidates: number;
  kept: number;
  score: number;
  difference: number;
  norm: number;
  mass: number;
  useful: number;
  harmful: number;
  trueNegatives: number;
  falseNegatives: number;
}

/** Adds up gradients by source. */
export class SourceGradients {
  readonly #settings: GradientSettings;
  readonly #sums: readonly Sums[];
  readonly #listed = newSums("listed");

  constructor(settings: GradientSettings, sources: readonly SourceSettings[]) {
    this.#settings = settings;
    this.#sums = sources.map(({ source }) => newSums(source));
  }

  add(mined: MinedQuery, rows: RowGradients): void {
    const { decision } = mined;
    for (const [position, sums] of this.#sums.entries()) {
      sums.candidates += countRivals(mined, rows, position);
      if (mined.verdicts.marksOfGroup.size > 0) this.#addMarked(mined, rows, position);
    }
    for (const row of decision.kept) {
      if (Number.isNaN(rows.norms[row])) continue;
      const position = decision.decidedBy[row] ?? -1;
      const sums = this.#sums[position] ?? this.#listed;
      if (sums === this.#listed) sums.candidates += 1;
      sums.kept += 1;
      sums.score += rows.scores[row] ?? 0;
      sums.difference += rows.differences[row] ?? 0;
      sums.norm += rows.norms[row] ?? 0;
      sums.mass += this.#slope(rows, row);
    }
  }

  totals(): readonly SourceGradient[] {
    const all = this.#listed.kept > 0 ? [...this.#sums, this.#listed] : this.#sums;
    return all.map(({ score, difference, norm, kept, ...sums }) => ({
      ...sums,
      kept,
      ...(kept === 0 ? {} : { score: score / kept, difference: difference / kept, norm: norm / kept }),
    }));
  }

  /** A text counts once, however many documents have it. */
  #addMarked({ pool, facts, verdicts }: MinedQuery, rows: RowGradients, position: number): void {
    const sums = this.#sums[position];
    const seen = new Set<number>();
    for (const row of pool.lists[position]?.rows ?? []) {
      const group = facts.groups[row] ?? -1;
      if (sums === undefined || !verdicts.marksOfGroup.has(group) || Number.isNaN(rows.norms[row]) || seen.has(group)) continue;
      seen.add(group);
      const verdict = verdictOnGroup(verdicts, group);
      if (verdict === "true_negative") {
        sums.useful += this.#slope(rows, row);
        sums.trueNegatives += 1;
      } else if (verdict !== undefined && HARMFUL_VERDICTS.has(verdict)) {
        sums.harmful += this.#slope(rows, row);
        sums.falseNegatives += 1;
      }
    }
  }

  #slope({ weights }: RowGradients, row: number): number {
    return scoreGradient(weights[row] ?? 0, 0, this.#settings.temperature);
  }
}

function countRivals({ pool, decision }: MinedQuery, { norms }: RowGradients, position: number): number {
  const found = pool.lists[position]?.rows ?? new Int32Array(0);
  let count = 0;
  for (let at = 0; at < found.length; at += 1) {
    const row = found[at] ?? -1;
    if (isRival(decision.fates[row]) && !Number.isNaN(norms[row])) count += 1;
  }
  return count;
}

function newSums(source: string): Sums {
  return {
    source,
    ...{ candidates: 0, kept: 0, score: 0, difference: 0, norm: 0 },
    ...{ mass: 0, useful: 0, harmful: 0, trueNegatives: 0, falseNegatives: 0 },
  };
}
