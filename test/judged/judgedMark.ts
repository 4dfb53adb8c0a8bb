import type { Collection } from "#core/collection/collection";
import type { MarkLane, PairVerdict, VerdictMark } from "#core/marks/mark";
import { itemAt } from "#core/util/itemAt";

interface JudgedPair {
  readonly query: number;
  readonly document: number;
  readonly verdict: PairVerdict;
  readonly lane?: MarkLane;
}

/** The mark of a simulated curator. */
export function judgedMark(collection: Collection, { query, document, verdict, lane }: JudgedPair): VerdictMark {
  const { key, id } = itemAt(collection.queries, query);
  const passage = itemAt(collection.documents, document);
  return {
    kind: "verdict",
    mark: `${String(query)} ${String(document)}`,
    time: "2026-01-01T00:00:00Z",
    author: "judgements",
    verdict,
    query: { key, id },
    document: { key: itemAt(collection.groupKeys, passage.group), id: passage.id },
    blind: lane === "audit",
    suggestion_shown: false,
    ...(lane === undefined ? {} : { lane }),
    tool: "bench",
  };
}
