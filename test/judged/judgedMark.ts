import type { Collection } from "#core/collection/collection";
import type { MarkLane, PairVerdict, VerdictMark } from "#core/marks/mark";
import { itemAt } from "#core/util/itemAt";

interface JudgedPair {
  readonly query: number;
  readonly document: number;
  readonly verdict: PairVerdict;
  readonly lane?: MarkLane;
  readonly source?: string;
}

/** The mark of a simulated curator. */
export function judgedMark(collection: Collection, { query, document, verdict, lane, source }: JudgedPair): VerdictMark {
  const { key, id } = itemAt(collection.queries, query);
  const passage = itemAt(collection.documents, document);
  return {
    kind: "verdict",
    // Another verdict is another mark: what is kept of a query goes by the names of its marks.
    mark: [query, document, verdict, lane ?? "adhoc"].join(" "),
    time: "2026-01-01T00:00:00Z",
    author: "judgements",
    verdict,
    query: { key, id },
    document: { key: itemAt(collection.groupKeys, passage.group), id: passage.id },
    blind: lane === "audit",
    suggestion_shown: false,
    ...(lane === undefined ? {} : { lane }),
    ...(source === undefined ? {} : { source }),
    tool: "bench",
  };
}
