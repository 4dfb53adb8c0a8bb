import type { AuditPair } from "../audit/auditPair";
import type { Collection } from "../collection/collection";
import { reasonLeftOut } from "../exporting/exportQuery";
import type { GradientSettings } from "../gradients/gradientSettings";
import { GradientColumns, rowGradients } from "../gradients/rowGradients";
import { falseNegativeProbabilities } from "../mining/falseNegativeProbabilities";
import type { MinedQuery } from "../mining/miningState";
import type { Summariser } from "../session/wholeFileMining";

/** A negative that is emitted now, and what it would do if it were relevant. */
export interface EmittedPair extends AuditPair {
  /** Position of the query in the collection. */
  readonly index: number;
  /** P(false negative); NaN where there is no model. */
  readonly probability: number;
  /** Its weight p in the softmax at the training's temperature; NaN where the query has no positive with a score. */
  readonly weight: number;
}

/** What a configuration emits over the whole file: the negatives that an export would write, each pair of texts once. */
export interface Emission {
  /** Number of pairs. */
  readonly size: number;
  /** By the text key of the query, in the order of the file; hardest first within a query. */
  readonly ofQuery: ReadonlyMap<string, readonly EmittedPair[]>;
  /** Keys of the queries that were looked at, those that emit nothing among them. */
  readonly queries: ReadonlySet<string>;
}

/** The negatives of one query as an export would write them, with their rows in the pool; none of a query that is left out. */
export function emittedRows(mined: MinedQuery, collection: Collection): readonly (AuditPair & { readonly row: number })[] {
  const query = collection.queries[mined.query];
  if (query === undefined || reasonLeftOut(mined, collection) !== undefined) return [];
  const { decision, facts, context } = mined;
  return decision.kept.map((row) => ({
    row,
    query: query.key,
    document: collection.groupKeys[facts.groups[row] ?? -1] ?? "",
    source: context.sources[decision.decidedBy[row] ?? -1]?.source ?? "listed",
  }));
}

/** Gathers what is emitted, query by query. */
export class EmissionSummariser implements Summariser<Emission> {
  readonly #collection: Collection;
  readonly #settings: GradientSettings;
  readonly #columns = new GradientColumns();
  readonly #ofQuery = new Map<string, EmittedPair[]>();
  readonly #queries = new Set<string>();

  constructor(collection: Collection, settings: GradientSettings) {
    this.#collection = collection;
    this.#settings = settings;
  }

  add(mined: MinedQuery): void {
    this.#queries.add(this.#collection.queries[mined.query]?.key ?? "");
    const emitted = emittedRows(mined, this.#collection);
    const [first] = emitted;
    if (first === undefined) return;
    const weights = rowGradients(mined, this.#settings, this.#columns)?.weights;
    const probabilities = falseNegativeProbabilities(mined);
    // Queries with the same text and different ids share their pairs.
    const known = this.#ofQuery.get(first.query) ?? [];
    this.#ofQuery.set(first.query, known);
    for (const { row, ...pair } of emitted) {
      if (known.some(({ document }) => document === pair.document)) continue;
      const found = { ...pair, index: mined.query, probability: probabilities?.[row] ?? Number.NaN, weight: weights?.[row] ?? Number.NaN };
      known.push(found);
    }
  }

  summary(): Emission {
    return { size: sizeOf(this.#ofQuery), ofQuery: this.#ofQuery, queries: this.#queries };
  }
}

/** The emission with some queries looked at anew. */
export function withQueries(emission: Emission, keys: Iterable<string>, fresh: Emission): Emission {
  const ofQuery = new Map(emission.ofQuery);
  for (const key of keys) {
    const pairs = fresh.ofQuery.get(key);
    if (pairs === undefined) ofQuery.delete(key);
    else ofQuery.set(key, pairs);
  }
  return { size: sizeOf(ofQuery), ofQuery, queries: emission.queries };
}

function sizeOf(ofQuery: Emission["ofQuery"]): number {
  let size = 0;
  for (const pairs of ofQuery.values()) size += pairs.length;
  return size;
}
