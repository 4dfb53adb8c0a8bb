import type { VerdictOf } from "../audit/auditVerdicts";
import { queriesWithKey } from "../collection/lookups";
import type { Collection } from "../collection/collection";
import type { Emission } from "./emission";
import type { HarvestQueue } from "./harvestLane";

/** A query that emits negatives. */
export interface HarvestQuery {
  /** Position in the collection. */
  readonly index: number;
  /** Its text key. */
  readonly key: string;
  /** Text keys of what it emits and nobody has judged, most harmful first; none where all is judged. */
  readonly documents: readonly string[];
}

export type HarvestQueries =
  | { readonly kind: "queries"; readonly queries: readonly HarvestQuery[] }
  /** Candidates of the whole file are being searched for. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** The queries in the order in which the harvest lane first comes to them, then those of which everything is judged, in the order of the file. */
export function harvestQueries(
  order: HarvestQueue["order"],
  { collection, emission, verdictOf }: { readonly collection: Collection; readonly emission: Emission; readonly verdictOf: VerdictOf },
): readonly HarvestQuery[] {
  const open = new Map<string, string[]>();
  for (const pair of order) {
    if (verdictOf(pair) !== undefined) continue;
    const documents = open.get(pair.query);
    if (documents === undefined) open.set(pair.query, [pair.document]);
    else documents.push(pair.document);
  }
  const judged = [...emission.ofQuery.keys()].filter((key) => !open.has(key)).map((key) => [key, []] as const);
  return [...open, ...judged].flatMap(([key, documents]) => {
    const [index] = queriesWithKey(collection, key);
    return index === undefined ? [] : [{ index, key, documents }];
  });
}
