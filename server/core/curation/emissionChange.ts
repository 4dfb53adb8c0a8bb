import type { AuditProgress } from "./auditProgress";
import type { PairKeys } from "./card";
import type { Emission } from "./emission";

/** How what is emitted now differs from what an audit is about, beyond the removal of what was found. */
export interface EmissionChange {
  /** Emitted now, and not in the population; negatives that took the place of removed ones are not counted. */
  readonly added: number;
  /** In the population and in the data, without a mark, and not emitted any more. */
  readonly gone: number;
  /** Negatives that took the place of removed ones: a certified export leaves them out. */
  readonly refills: number;
}

/** What one query's pairs of an audit and of an emission have not in common. */
interface QueryDifference {
  /** Pairs of the population that are in the data and not emitted. */
  readonly missing: readonly PairKeys[];
  /** Number of pairs that are emitted and not in the population. */
  readonly newcomers: number;
}

/** What an audit and an emission have not in common, query by query: a mark changes one query alone. */
export class EmissionDifference {
  readonly #progress: AuditProgress;
  readonly #lost: ReadonlySet<number>;
  readonly #ofQuery = new Map<string, QueryDifference>();

  /** @param lost places in the audit's order of pairs whose texts are not in the data any more */
  constructor(progress: AuditProgress, emission: Emission, lost: ReadonlySet<number>) {
    this.#progress = progress;
    this.#lost = lost;
    for (const query of emission.queries) this.look(query, emission);
  }

  /** Looks at a query anew. Of a very large file only a sample of the queries is known: the others have no difference. */
  look(query: string, emission: Emission): void {
    const emitted = new Set((emission.ofQuery.get(query) ?? []).map(({ document }) => document));
    const places = emission.queries.has(query) ? this.#progress.placesOf(query) : [];
    const missing: PairKeys[] = [];
    let common = 0;
    for (const place of places) {
      const pair = this.#progress.order[place]?.pair;
      if (pair === undefined || this.#lost.has(place)) continue;
      if (emitted.has(pair.document)) common += 1;
      else missing.push(pair);
    }
    const newcomers = emitted.size - common;
    if (missing.length + newcomers > 0) this.#ofQuery.set(query, { missing, newcomers });
    else this.#ofQuery.delete(query);
  }

  /** @param isMarked whether any mark is in force on a pair, one that puts it off included */
  change(isMarked: (pair: PairKeys) => boolean): EmissionChange {
    let [added, gone, refills] = [0, 0, 0];
    for (const { missing, newcomers } of this.#ofQuery.values()) {
      const removed = missing.filter(isMarked).length;
      const filled = Math.min(newcomers, removed);
      gone += missing.length - removed;
      refills += filled;
      added += newcomers - filled;
    }
    return { added, gone, refills };
  }
}

/** As sentences; undefined where nothing has changed. `lost` are pairs of the audit whose texts are not in the data any more. */
export function changeText({ added, gone }: EmissionChange, lost: number): string | undefined {
  if (added + gone + lost === 0) return undefined;
  const said: string[] = [];
  if (added > 0) said.push(`${negatives(added)} came after the audit began and ${isOrAre(added)} left out of a certified export.`);
  if (gone > 0) said.push(`${negatives(gone)} of the audit ${isOrAre(gone)} not emitted any more.`);
  if (lost > 0) {
    said.push(
      `${negatives(lost)} of the audit ${isOrAre(lost)} of texts that are not in the data any more; the count ends at the first of them.`,
    );
  }
  return [...said, "What the audit says holds for what is left of it; begin a new audit to cover what is emitted now."].join(" ");
}

function negatives(count: number): string {
  return `${String(count)} ${count === 1 ? "negative" : "negatives"}`;
}

function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}
