import type { AuditPopulation } from "../audit/auditPopulation";
import type { AuditProgress } from "./auditProgress";
import { emits } from "./emission";
import type { Emission } from "./emission";
import type { PairKeys } from "./card";

/** How what is emitted now differs from what an audit is about, beyond the removal of what was found. */
export interface EmissionChange {
  /** Emitted now, and not in the population; negatives that took the place of removed ones are not counted. */
  readonly added: number;
  /** In the population and in the data, without a mark, and not emitted any more. */
  readonly gone: number;
  /** Negatives that took the place of removed ones: a certified export leaves them out. */
  readonly refills: number;
}

export interface ChangeOptions {
  /** Whether any mark is in force on a pair, one that puts it off included. */
  readonly isMarked: (pair: PairKeys) => boolean;
  /** Places in the audit's order of pairs whose texts are not in the data any more. */
  readonly lost: ReadonlySet<number>;
}

export function emissionChange(progress: AuditProgress, emission: Emission, { isMarked, lost }: ChangeOptions): EmissionChange {
  const removed = new Map<string, number>();
  let gone = 0;
  for (const [place, { pair }] of progress.order.entries()) {
    // Of a very large file only a sample of the queries was looked at.
    if (lost.has(place) || !emission.queries.has(pair.query) || emits(emission, pair)) continue;
    if (isMarked(pair)) removed.set(pair.query, (removed.get(pair.query) ?? 0) + 1);
    else gone += 1;
  }
  const newcomers = newcomersOf(progress.population, emission);
  let [added, refills] = [0, 0];
  for (const [query, count] of newcomers) {
    const filled = Math.min(count, removed.get(query) ?? 0);
    refills += filled;
    added += count - filled;
  }
  return { added, gone, refills };
}

function newcomersOf({ pairs }: AuditPopulation, { ofQuery }: Emission): ReadonlyMap<string, number> {
  const known = new Map<string, Set<string>>();
  for (const { query, document } of pairs) known.set(query, (known.get(query) ?? new Set()).add(document));
  const newcomers = new Map<string, number>();
  for (const [query, emitted] of ofQuery) {
    const count = emitted.filter(({ document }) => known.get(query)?.has(document) !== true).length;
    if (count > 0) newcomers.set(query, count);
  }
  return newcomers;
}

/** As sentences; undefined where nothing has changed. `lost` are pairs of the audit whose texts are not in the data any more. */
export function changeText({ added, gone }: EmissionChange, lost: number): string | undefined {
  if (added + gone + lost === 0) return undefined;
  const said: string[] = [];
  if (added > 0) said.push(`${negatives(added)} came after the audit began and ${isOrAre(added)} left out of a certified export.`);
  if (gone > 0) said.push(`${negatives(gone)} of the audit ${isOrAre(gone)} not emitted any more.`);
  if (lost > 0)
    said.push(
      `${negatives(lost)} of the audit ${isOrAre(lost)} of texts that are not in the data any more; the count ends at the first of them.`,
    );
  return [...said, "What the audit says holds for what is left of it; begin a new audit to cover what is emitted now."].join(" ");
}

function negatives(count: number): string {
  return `${String(count)} ${count === 1 ? "negative" : "negatives"}`;
}

function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}
