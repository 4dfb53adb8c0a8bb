import type { NamedRow } from "#core/batches/checkPlan";
import { batchKeys, makeBatchRow } from "#core/batches/makeBatchRow";
import type { RowParts } from "#core/batches/makeBatchRow";
import type { Collection } from "#core/collection/collection";
import { positivesInForce } from "#core/marks/verdictsForQuery";
import type { QueryVerdicts } from "#core/marks/verdictsForQuery";
import type { DatasetSession } from "#core/session/datasetSession";
import { itemAt } from "#core/util/itemAt";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import type { BatchesArguments } from "./arguments";
import type { CliHost } from "./cliHost";
import { inVectorsTime } from "./stopping";

/**
 * Every query of the data set as a row, in its order, with the negatives that mining emits or those that the data list. Embeds and mines as far
 * as negatives and topics ask for it.
 */
export async function batchRows(args: BatchesArguments, session: DatasetSession, host: CliHost): Promise<Result<readonly NamedRow[]>> {
  const { collection, config } = session;
  const { batches } = config.training;
  const needsVectors = args.negatives === "mined" || (batches.same_topic && config.sampler.same_topic.field === null);
  const ready = needsVectors ? await inVectorsTime(session, host.cancellation) : ok(null);
  if (!ready.ok) return ready;
  const topics = batches.same_topic ? await session.topics(host.cancellation) : ok(undefined);
  if (!topics.ok) return topics;
  const keys = batchKeys(collection, batches, topics.value);
  const rows: NamedRow[] = [];
  const add = (verdicts: QueryVerdicts, parts: RowParts): void => {
    const { lines } = itemAt(collection.queries, parts.query);
    rows.push({ ...makeBatchRow(collection, parts, keys), lines, ...unusable(collection, verdicts, parts) });
  };
  if (args.negatives === "listed") {
    for (const query of collection.queries.keys()) add(session.verdicts(query), listed(session, query));
    return ok(rows);
  }
  const mined = await session.mineAll(({ query, verdicts, pool, decision }) => {
    add(verdicts, { query, positives: pool.positives, negatives: decision.kept.map((row) => pool.documents[row] ?? -1) });
    host.progress(`Mining ${String(rows.length)} of ${String(collection.queries.length)}`);
  }, host.cancellation);
  return mined.ok ? ok(rows) : mined;
}

/** The negatives of the data, less what marks keep out, as `--negatives listed` exports them. */
function listed(session: DatasetSession, query: number): RowParts {
  const { collection } = session;
  const found = itemAt(collection.queries, query);
  const verdicts = session.verdicts(query);
  const isBarred = (document: number): boolean => {
    const exclusion = verdicts.excluded.get(itemAt(collection.documents, document).group);
    return exclusion !== undefined && exclusion.verdict !== "later";
  };
  return {
    query,
    positives: positivesInForce(found, verdicts, collection),
    negatives: found.negatives.filter((document) => !isBarred(document)),
  };
}

function unusable(collection: Collection, { badQuery }: QueryVerdicts, { query, positives }: RowParts): Pick<NamedRow, "unusable"> {
  if (badQuery) return { unusable: "it is marked bad" };
  if (positives.length > 0) return {};
  const hadOne = itemAt(collection.queries, query).positives.length > 0;
  return { unusable: hadOne ? "marks took its last positive" : "it has no positive" };
}
