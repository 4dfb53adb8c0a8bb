import { heldOut, meanNdcg, measureHeldOut } from "#core/learning/heldOut";
import { Learning } from "#core/learning/learning";
import type { RunRecord } from "#core/learning/runRecord";
import type { Trainer } from "#core/training/trainer";
import { neverCancelled } from "#core/util/cancellation";
import { itemAt } from "#core/util/itemAt";
import { sha256 } from "../../server/runtime/hash";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import { valueOf } from "./valueOf";
import type { Workbench } from "./workbench";

/** What training came to on the test queries. */
export interface TrainedAdapter {
  /** Mean nDCG@10 of the test queries by the frozen encoder, and with the adapter. */
  readonly frozen: number;
  readonly adapted: number;
  /** The epoch whose adapter was kept; 0 where none came up to the frozen encoder on the validation queries. */
  readonly epoch: number;
  /** Training queries that had a teacher. */
  readonly taught: number;
}

/** One training run of the product with what is in force on the bench. `test` are the queries that its split puts aside for the test. */
export async function trainAdapter(bench: Workbench, test: readonly number[], createTrainer: () => Trainer): Promise<TrainedAdapter> {
  const frozen = await frozenNdcg(bench, test);
  const record = await learn(bench, createTrainer);
  const ndcg = record.comparison?.metrics.find(({ name }) => name === "nDCG@10");
  if (ndcg !== undefined && (record.comparison?.queries !== test.length || Math.abs(ndcg.frozen - frozen) > 1e-9))
    throw new Error("The run tested on other queries.");
  // A run that learnt nothing keeps no adapter.
  return { frozen, adapted: ndcg?.adapted ?? frozen, epoch: keptEpoch(record), taught: record.taughtQueries ?? 0 };
}

async function frozenNdcg({ session }: Workbench, test: readonly number[]): Promise<number> {
  const { collection, trials } = session;
  const judged = heldOut(collection, test, (query) => itemAt(collection.queries, query).positives);
  return meanNdcg(valueOf(await measureHeldOut(trials, judged, undefined, { cancellation: neverCancelled })));
}

async function learn({ session, judged }: Workbench, createTrainer: () => Trainer): Promise<RunRecord> {
  const learning = new Learning({
    session,
    home: new InMemoryHomeFiles(),
    createTrainer,
    logger: () => undefined,
    clock: () => "2026-01-01T00:00:00Z",
    stopwatch: () => performance.now() / 1000,
    sha256,
    tool: "bench",
    dataset: judged.name,
    changed: () => undefined,
  });
  valueOf(await learning.start());
  const ended = await learning.ended();
  await learning.dispose();
  if (ended === undefined) throw new Error("A run that began has no end.");
  const record = valueOf(ended);
  if (record.state !== "finished") throw new Error(record.ending);
  return record;
}

/** The epoch whose adapter the run kept. */
function keptEpoch({ validations, checkpoint }: RunRecord): number {
  const kept = checkpoint?.position.best;
  return kept === undefined ? 0 : (validations.find(({ step }) => step === kept.step)?.epoch ?? 0);
}
