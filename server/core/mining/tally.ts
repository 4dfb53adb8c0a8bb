import { DROP_RULES, fateOf, PINNED, SAMPLED, UNDECIDED } from "./candidate";
import type { DropRule } from "./candidate";
import type { Decision } from "./decision";
import type { Pool } from "./pool";
import { shortfallsOf } from "./shortfall";
import type { ShortfallCause } from "./shortfall";
import { quantile } from "./simans";
import type { SourceSettings } from "./sourceSettings";

/** What one source came to over many queries. */
export interface SourceCounts {
  readonly source: string;
  /** Negatives wanted for each query. */
  readonly wanted: number;
  /** Candidates in its lists, those that passed its rules, and those that it gave. */
  readonly found: number;
  readonly survived: number;
  readonly kept: number;
  readonly short: number;
  /** Whether it draws, and does not simply take the nearest. */
  readonly draws: boolean;
  /** Median over the queries of 1 / sum p^2; the number taken where nothing is drawn; NaN without queries. */
  readonly effectiveCandidates: number;
}

export interface ShortfallCount {
  /** Position of the source in the mix. */
  readonly position: number;
  readonly source: string;
  readonly cause: ShortfallCause;
  readonly missing: number;
  readonly queries: number;
  /** What the source says of its list, where it says the same for all of these queries. */
  readonly note?: string;
}

/** What mining came to over many queries. `kept` and the dropped of all rules add up to `candidates`. */
export interface MiningTotals {
  readonly queries: number;
  readonly candidates: number;
  readonly kept: number;
  /** By the rule that dropped them; rules that dropped nothing are here with 0. */
  readonly dropped: Readonly<Record<DropRule, number>>;
  /** Negatives missing over all queries, and the number of queries that miss any. */
  readonly short: number;
  readonly shortQueries: number;
  /** Median over the queries of 1 / sum p^2, added up over the sources. */
  readonly effectiveCandidates: number;
  readonly sources: readonly SourceCounts[];
  /** Most frequent first. */
  readonly shortfalls: readonly ShortfallCount[];
}

interface SourceSums {
  found: number;
  survived: number;
  kept: number;
  short: number;
  readonly effective: number[];
}

interface ShortfallSums {
  readonly position: number;
  readonly cause: ShortfallCause;
  readonly note: string | undefined;
  missing: number;
  queries: number;
}

/** Adds up decisions one by one. */
export class Tally {
  readonly #sources: readonly SourceSettings[];
  readonly #sums: readonly SourceSums[];
  readonly #fates = new Float64Array(DROP_RULES.length + SAMPLED + 1);
  readonly #effective: number[] = [];
  readonly #shortfalls = new Map<string, ShortfallSums>();
  #short = 0;
  #shortQueries = 0;

  constructor(sources: readonly SourceSettings[]) {
    this.#sources = sources;
    this.#sums = sources.map(() => ({ found: 0, survived: 0, kept: 0, short: 0, effective: [] }));
  }

  add(pool: Pool, decision: Decision): void {
    for (const fate of decision.fates) {
      this.#fates[fate] = (this.#fates[fate] ?? 0) + 1;
    }
    this.#effective.push(decision.effectiveCandidates);
    this.#short += decision.short;
    this.#shortQueries += Number(decision.short > 0);
    for (const [position, source] of decision.sources.entries()) {
      const sums = this.#sums[position];
      if (sums === undefined) continue;
      sums.found += source.found;
      sums.survived += source.survived;
      sums.kept += source.kept;
      sums.effective.push(source.effectiveCandidates);
    }
    for (const { source, missing, cause, note } of shortfallsOf(pool, decision)) {
      const sums = this.#sums[source];
      if (sums !== undefined) sums.short += missing;
      this.#addShortfall({ position: source, cause, note, missing, queries: 1 });
    }
  }

  totals(): MiningTotals {
    const counts = this.#fates;
    const candidates = counts.reduce((sum, count, fate) => sum + (fate === UNDECIDED ? 0 : count), 0);
    return {
      queries: this.#effective.length,
      candidates,
      kept: (counts[PINNED] ?? 0) + (counts[SAMPLED] ?? 0),
      dropped: Object.fromEntries(DROP_RULES.map((rule) => [rule, counts[fateOf(rule)] ?? 0])) as Record<DropRule, number>,
      short: this.#short,
      shortQueries: this.#shortQueries,
      effectiveCandidates: median(this.#effective),
      sources: this.#sources.map((settings, position) => this.#sourceCounts(settings, position)),
      shortfalls: [...this.#shortfalls.values()]
        .sort((a, b) => b.missing - a.missing || a.position - b.position)
        .map(({ note, ...sums }) => ({
          ...sums,
          source: this.#sources[sums.position]?.source ?? "",
          ...(note === undefined ? {} : { note }),
        })),
    };
  }

  #sourceCounts({ source, n, draw }: SourceSettings, position: number): SourceCounts {
    const { effective, ...sums } = this.#sums[position] ?? { found: 0, survived: 0, kept: 0, short: 0, effective: [] };
    const draws = draw !== "nearest" || source === "random";
    return { source, wanted: n, ...sums, draws, effectiveCandidates: median(effective) };
  }

  #addShortfall(one: ShortfallSums): void {
    // Notes name numbers of one group; what differs from query to query is counted under the cause alone.
    const note = one.note?.replaceAll(/\d[\d,]*/gu, "…");
    const key = `${String(one.position)} ${one.cause} ${note ?? ""}`;
    const known = this.#shortfalls.get(key);
    if (known === undefined) {
      this.#shortfalls.set(key, { ...one, note });
    } else {
      known.missing += one.missing;
      known.queries += 1;
    }
  }
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
