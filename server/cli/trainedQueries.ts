import path from "node:path";
import type { AdapterCard } from "#core/adapter/adapterCard";
import type { HeldOut } from "#core/learning/heldOut";
import { splitOf } from "#core/learning/splitOf";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { preferredSplit } from "../runtime/store/datasetFiles";
import { counted } from "./words";

/**
 * The queries that an adapter was not trained on, by the split that its card records. Fails where the adapter comes from other data, or has
 * no held-out queries.
 */
export function testPart(
  dataset: LoadedDataset,
  session: DatasetSession,
  card: AdapterCard | undefined,
): Result<{ readonly held: HeldOut; readonly notes: readonly string[] }> {
  const refused = (message: string): Result<never> =>
    err({ reason: "bad-arguments", message, nextStep: "Leave --held-out out to measure all queries." });
  if (card === undefined) return refused("--held-out needs an adapter, whose card records which queries were held out.");
  const elsewhere = trainedElsewhere(dataset, card);
  if (elsewhere !== undefined) return refused(`--held-out cannot tell which queries were held out: ${elsewhere}`);
  const split = splitOf(session, card.training);
  if (!split.ok) return split;
  const { test } = split.value;
  if (test.queries.length === 0)
    return refused(`--held-out finds no queries: training.test_share was ${String(card.training.test_share)}.`);
  const { test_queries: then } = card.data;
  const changed =
    test.queries.length === then
      ? []
      : [
          `The data or its marks have changed since the training, when ${String(then)} queries were held out: of those held out now, a few may have been trained on.`,
        ];
  return ok({ held: test, notes: changed });
}

/** What a reader of figures over all queries must know about the training: one sentence each. */
export function trainedNotes(dataset: LoadedDataset, session: DatasetSession, card: AdapterCard): readonly string[] {
  const elsewhere = trainedElsewhere(dataset, card);
  if (elsewhere !== undefined) return [elsewhere];
  const split = splitOf(session, card.training);
  if (!split.ok) return ["The adapter was trained on this data set as it was before: queries that it was trained on may be among these."];
  const { train, validation, test } = split.value;
  const seen = train.size + validation.queries.length;
  const rest = test.queries.length === 0 ? "" : ` --held-out measures the other ${counted(test.queries.length, "query", "queries")} alone.`;
  return [
    `The adapter was trained on this data set: ${counted(seen, "query", "queries")} of these trained it or decided when it stopped, so the gain is overstated.${rest}`,
  ];
}

/** Says on what other data an adapter was trained; undefined where it was trained on the queries of this data set. */
function trainedElsewhere({ path: file, qrels }: LoadedDataset, { data }: AdapterCard): string | undefined {
  const name = path.basename(file);
  if (data.name !== name) {
    return `The adapter was trained on ${data.name}: whether queries of ${name} were among its own is not recorded.`;
  }
  if (qrels === undefined) return undefined;
  const trained = data.qrels_split ?? preferredSplit(qrels.splits);
  return trained === undefined || trained === qrels.split
    ? undefined
    : `The adapter was trained on the split "${trained}" of this data set, and these are those of "${qrels.split}".`;
}
