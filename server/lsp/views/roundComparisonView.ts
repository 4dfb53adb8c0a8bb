import type { Collection } from "#core/collection/collection";
import type { ComparedRounds } from "#core/learning/learning";
import { compareQuery } from "#core/rounds/compareSnapshots";
import type { NegativeChange, SnapshotChange } from "#core/rounds/compareSnapshots";
import { roundQueryName } from "#core/rounds/roundSnapshot";
import type { Verdict } from "#core/marks/mark";
import type { ChangedQuery, RoundChange, RoundComparison } from "#protocol/training";

/** So many changed queries are listed. */
const MOST_LISTED = 200;

export interface ComparisonContext {
  readonly run: string;
  readonly collection: Collection;
  /** Position of the query to be shown in full; absent: the one that changed most. */
  readonly query: number | undefined;
  /** The present person's verdict on a group of texts for a query. */
  readonly verdictOf: (query: number, group: number) => Verdict | undefined;
}

/** What two rounds emit differently, with the texts as they are now. */
export function roundComparisonView(compared: ComparedRounds, context: ComparisonContext): RoundComparison {
  const { from, to, changes } = compared;
  const positions = new Map(context.collection.queries.map((query, index) => [roundQueryName(query), index]));
  const changedQuery = (change: SnapshotChange): ChangedQuery => {
    const index = positions.get(roundQueryName(change));
    const text =
      index === undefined ? `Query ${change.id}, which is not in the data any more` : (context.collection.queries[index]?.text ?? "");
    return { ...(index === undefined ? {} : { query: index }), text, added: change.added, dropped: change.dropped };
  };
  const wanted = context.query === undefined ? undefined : context.collection.queries[context.query];
  const asked =
    wanted === undefined
      ? changes[0]
      : (changes.find((change) => roundQueryName(change) === roundQueryName(wanted)) ?? {
          key: wanted.key,
          id: wanted.id,
          added: 0,
          dropped: 0,
        });
  const found = asked === undefined ? undefined : compareQuery(from, to, asked);
  return {
    run: context.run,
    from: from.round,
    to: to.round,
    changed: changes.slice(0, MOST_LISTED).map(changedQuery),
    changedQueries: changes.length,
    ...(asked === undefined || found === undefined
      ? {}
      : {
          query: {
            ...changedQuery(asked),
            changes: found.map((change) => changeView(change, positions.get(roundQueryName(asked)), context)),
          },
        }),
  };
}

function changeView(change: NegativeChange, query: number | undefined, { collection, verdictOf }: ComparisonContext): RoundChange {
  const group = collection.groupOfKey.get(change.key);
  const document = group === undefined ? undefined : collection.documents[collection.groups[group]?.[0] ?? -1];
  const verdict = query === undefined || group === undefined ? undefined : verdictOf(query, group);
  return {
    ...change,
    id: document?.id ?? change.key.slice(0, 16),
    text: document?.text ?? "This passage is not in the data any more.",
    ...(verdict === undefined ? {} : { verdict }),
  };
}
