import type { AuditPair } from "./auditPair";
import { positionsOfQuery, saltState } from "./auditPosition";
import type { AuditPopulation } from "./auditPopulation";

/** A pair with its permanent random number. */
export interface PlacedPair {
  readonly pair: AuditPair;
  /** In [0, 1). */
  readonly position: number;
}

/** A population does not change, and is gone through after every mark. */
const known = new WeakMap<AuditPopulation, readonly PlacedPair[]>();

/** The pairs of a population in the order in which they are audited. Made once for each population. */
export function auditOrder(population: AuditPopulation): readonly PlacedPair[] {
  const made = known.get(population) ?? placed(population);
  known.set(population, made);
  return made;
}

function placed({ salt, pairs }: Pick<AuditPopulation, "salt" | "pairs">): readonly PlacedPair[] {
  const start = saltState(salt);
  let query: string | undefined;
  let positionOf = (_document: string): number => Number.NaN;
  const order = pairs.map((pair): PlacedPair => {
    if (pair.query !== query) {
      query = pair.query;
      positionOf = positionsOfQuery(start, query);
    }
    return { pair, position: positionOf(pair.document) };
  });
  return order.sort((a, b) => a.position - b.position || comparePairs(a.pair, b.pair));
}

/** By query, then by document, in the order of their code units. */
export function comparePairs(a: Pick<AuditPair, "query" | "document">, b: Pick<AuditPair, "query" | "document">): number {
  if (a.query !== b.query) return a.query < b.query ? -1 : 1;
  return a.document < b.document ? -1 : a.document > b.document ? 1 : 0;
}
