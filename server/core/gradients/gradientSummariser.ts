import type { Verdict } from "../marks/mark";
import { verdictOnGroup } from "../marks/verdictsForQuery";
import { PINNED, SAMPLED } from "../mining/candidate";
import type { MinedQuery } from "../mining/miningState";
import type { SourceSettings } from "../mining/sourceSettings";
import type { GradientClass } from "./gradientClass";
import { GradientScatter } from "./gradientPlane";
import type { GradientPlane } from "./gradientPlane";
import type { GradientSettings } from "./gradientSettings";
import { GradientTally } from "./gradientTally";
import type { GradientTotals } from "./gradientTally";
import { RankGradients } from "./rankGradients";
import type { RankGradient } from "./rankGradients";
import { isRival, kindAt } from "./rowGradients";
import type { RowGradients } from "./rowGradients";

/** One candidate, to be shown among the others. */
export interface GradientPoint {
  readonly query: number;
  /** Group of equal texts of its document. */
  readonly group: number;
  /** D = s - s+, with the mean of the positives' scores. */
  readonly difference: number;
  readonly norm: number;
  readonly weight: number;
  readonly push: number;
  readonly kind: GradientClass;
  readonly kept: boolean;
  /** The source that took it or ruled on it; "listed" where none found it. */
  readonly source: string;
  /** Whoever gave it. */
  readonly verdict?: Verdict;
}

/** What the candidates of a whole file do to the gradient. */
export interface GradientSummary extends GradientTotals {
  /** Candidates in the plane. */
  readonly candidates: number;
  readonly plane: GradientPlane;
  /** Every marked candidate, and the emitted ones with the longest gradients, longest first. */
  readonly points: readonly GradientPoint[];
  readonly ranks: readonly RankGradient[];
}

/** So many points are shown besides the marked ones. */
const LONGEST = 300;

/** Adds up the gradients of mined queries for the plots of a whole file. */
export class GradientSummariser {
  readonly #settings: GradientSettings;
  readonly #sources: readonly SourceSettings[];
  readonly #tally: GradientTally;
  readonly #scatter = new GradientScatter();
  readonly #ranks: RankGradients;
  readonly #marked: GradientPoint[] = [];
  #longest: GradientPoint[] = [];
  /** No shorter gradient is among the longest any more. */
  #floor = Number.NEGATIVE_INFINITY;

  constructor(settings: GradientSettings, sources: readonly SourceSettings[]) {
    this.#settings = settings;
    this.#sources = sources;
    this.#tally = new GradientTally(settings, sources);
    this.#ranks = new RankGradients(sources);
  }

  add(mined: MinedQuery): void {
    const rows = this.#tally.add(mined);
    if (rows === undefined) return;
    const { decision, facts, query } = mined;
    for (let row = 0; row < rows.norms.length; row += 1) {
      const fate = decision.fates[row];
      if (Number.isNaN(rows.norms[row]) || !isRival(fate)) continue;
      this.#scatter.add({
        query,
        group: facts.groups[row] ?? -1,
        difference: rows.differences[row] ?? 0,
        norm: rows.norms[row] ?? 0,
        kept: fate === PINNED || fate === SAMPLED,
      });
    }
    this.#addRanks(mined, rows);
    const marked = this.#addMarked(mined, rows);
    for (const row of decision.kept) this.#addLong(mined, rows, row, marked);
  }

  summary(): GradientSummary {
    return {
      ...this.#tally.totals(),
      candidates: this.#scatter.count,
      plane: this.#scatter.plane(this.#settings.temperature),
      points: [...this.#marked, ...longestOf(this.#longest)],
      ranks: this.#ranks.totals(),
    };
  }

  /** By the rank in the list of the source that decided, as on the cards; what was drawn has none. */
  #addRanks({ pool, decision }: MinedQuery, { norms }: RowGradients): void {
    for (const [position, { rows, ranked }] of pool.lists.entries()) {
      if (!ranked) continue;
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at] ?? -1;
        const isOwn = decision.decidedBy[row] === position && isRival(decision.fates[row]);
        if (isOwn && !Number.isNaN(norms[row])) this.#ranks.add(at + 1, norms[row] ?? 0);
      }
    }
  }

  /** @returns the groups that are among the points now */
  #addMarked(mined: MinedQuery, rows: RowGradients): ReadonlySet<number> {
    const { verdicts, facts } = mined;
    const seen = new Set<number>();
    if (verdicts.marksOfGroup.size === 0) return seen;
    for (const [row, group] of facts.groups.entries()) {
      const kind = seen.has(group) || !verdicts.marksOfGroup.has(group) ? undefined : kindAt(rows, row);
      if (kind === undefined) continue;
      seen.add(group);
      this.#marked.push(this.#pointAt(mined, rows, row, kind));
    }
    return seen;
  }

  #addLong(mined: MinedQuery, rows: RowGradients, row: number, marked: ReadonlySet<number>): void {
    const kind = kindAt(rows, row);
    if (kind === undefined || (rows.norms[row] ?? 0) <= this.#floor || marked.has(mined.facts.groups[row] ?? -1)) return;
    this.#longest.push(this.#pointAt(mined, rows, row, kind));
    if (this.#longest.length < 2 * LONGEST) return;
    this.#longest = longestOf(this.#longest);
    this.#floor = this.#longest.at(-1)?.norm ?? this.#floor;
  }

  #pointAt({ decision, facts, verdicts, query }: MinedQuery, rows: RowGradients, row: number, kind: GradientClass): GradientPoint {
    const group = facts.groups[row] ?? -1;
    const fate = decision.fates[row];
    const verdict = verdictOnGroup(verdicts, group);
    return {
      query,
      group,
      difference: rows.differences[row] ?? 0,
      norm: rows.norms[row] ?? 0,
      weight: rows.weights[row] ?? 0,
      push: rows.pushes[row] ?? 0,
      kind,
      kept: fate === PINNED || fate === SAMPLED,
      source: this.#sources[decision.decidedBy[row] ?? -1]?.source ?? "listed",
      ...(verdict === undefined ? {} : { verdict }),
    };
  }
}

/** Longest first; those of one length stay in their order. */
function longestOf(points: readonly GradientPoint[]): GradientPoint[] {
  return [...points].sort((a, b) => b.norm - a.norm).slice(0, LONGEST);
}
