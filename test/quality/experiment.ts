import { setImmediate as nextTurn } from "node:timers/promises";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import { heldOut, meanNdcg, measureHeldOut } from "#core/learning/heldOut";
import { Learning } from "#core/learning/learning";
import type { RunRecord } from "#core/learning/runRecord";
import { foldMarks } from "#core/marks/foldMarks";
import type { MinedQuery } from "#core/mining/miningState";
import type { SlotText, VectorSpace } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import type { Trainer } from "#core/training/trainer";
import { neverCancelled } from "#core/util/cancellation";
import { itemAt } from "#core/util/itemAt";
import { sha256 } from "../../server/runtime/hash";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import { curatorsMarks } from "./curatorsMarks";
import { emissionFigures } from "./emissionFigures";
import type { EmissionFigures } from "./emissionFigures";
import { TEST_SHARE } from "../judged/hiddenPositives";
import type { Split } from "../judged/hiddenPositives";
import { qrelsOf } from "../judged/judgedCollection";
import type { JudgedCollection } from "../judged/judgedCollection";
import type { Method } from "./methods";
import { valueOf } from "../judged/valueOf";

/** What a method came to in one split. */
export interface Trial {
  readonly emission: EmissionFigures;
  /** Mean nDCG@10 of the test queries by the frozen encoder, and with the adapter. */
  readonly frozen: number;
  readonly adapted: number;
  /** The epoch whose adapter was kept; 0 where none came up to the frozen encoder on the validation queries. */
  readonly epoch: number;
}

export interface ExperimentPorts {
  readonly createVectors: (textOf: SlotText) => VectorSpace;
  readonly createTrainer: () => Trainer;
}

/** Wanted for each query. */
const NEGATIVES = 5;
const clock = (): string => "2026-01-01T00:00:00Z";
const stopwatch = (): number => performance.now() / 1000;

/** One collection under the product's own session and training runs, in one split after another. */
export class Experiment {
  readonly #judged: JudgedCollection;
  readonly #session: DatasetSession;
  readonly #createTrainer: () => Trainer;

  constructor(judged: JudgedCollection, { createVectors, createTrainer }: ExperimentPorts) {
    this.#judged = judged;
    this.#createTrainer = createTrainer;
    this.#session = new DatasetSession({
      author: "",
      sha256,
      stopwatch,
      logger: () => undefined,
      breathe: () => nextTurn(),
      createVectors,
      home: new InMemoryHomeFiles(),
    });
  }

  /** Makes the split the session's data: labelled positives of the training queries, all judgements of the test queries. */
  async enter({ training }: Split): Promise<void> {
    const { whole, files } = this.#judged;
    const labelled = new Map(training.map((one) => [one.query, one.labelled]));
    const positives = whole.queries.map((query, index) => labelled.get(index) ?? query.positives);
    await this.#session.setData({ files, qrels: qrelsOf(this.#judged, positives) });
    if (this.#session.collection.queries.some(({ id }, query) => id !== whole.queries[query]?.id))
      throw new Error("The split has other queries than the collection.");
  }

  /** Mines by a method and trains on what it emits. The split must have been entered. */
  async run(method: Method, split: Split, training: Config["training"]): Promise<Trial> {
    const mined = await this.#mine(method, split, training);
    const frozen = await this.#frozenNdcg(split);
    const record = await this.#learn();
    const ndcg = record.comparison?.metrics.find(({ name }) => name === "nDCG@10");
    if (ndcg !== undefined && (record.comparison?.queries !== split.test.length || Math.abs(ndcg.frozen - frozen) > 1e-9))
      throw new Error("The run tested on other queries.");
    // A run that learnt nothing keeps no adapter.
    return { emission: emissionFigures(mined, split), frozen, adapted: ndcg?.adapted ?? frozen, epoch: keptEpoch(record) };
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }

  async #mine(method: Method, split: Split, training: Config["training"]): Promise<readonly MinedQuery[]> {
    const { sampling_strategy, relative_margin, curation } = method;
    const sampler = { ...defaultConfig.sampler, sampling_strategy, relative_margin, num_negatives: NEGATIVES, seed: split.seed };
    this.#session.setMarks(foldMarks([]));
    await this.#session.setConfig({
      ...defaultConfig,
      sampler,
      training: { ...training, seed: split.seed, test_share: TEST_SHARE },
    });
    valueOf(await this.#session.prepare());
    const looked = await this.#mineTraining(split);
    if (curation === "none") return looked;
    this.#session.setMarks(foldMarks(curatorsMarks(curation, looked, split, this.#session.collection)));
    return await this.#mineTraining(split);
  }

  async #mineTraining({ training }: Split): Promise<readonly MinedQuery[]> {
    const mined: MinedQuery[] = [];
    const queries = training.map(({ query }) => query);
    valueOf(await this.#session.trials.mine(undefined, { queries, onQuery: (one) => mined.push(one), cancellation: neverCancelled }));
    return mined;
  }

  async #frozenNdcg({ test }: Split): Promise<number> {
    const { collection, trials } = this.#session;
    const judged = heldOut(collection, test, (query) => itemAt(collection.queries, query).positives);
    return meanNdcg(valueOf(await measureHeldOut(trials, judged, undefined, { cancellation: neverCancelled })));
  }

  async #learn(): Promise<RunRecord> {
    const learning = new Learning({
      session: this.#session,
      home: new InMemoryHomeFiles(),
      createTrainer: this.#createTrainer,
      logger: () => undefined,
      clock,
      stopwatch,
      sha256,
      tool: "bench:quality",
      dataset: this.#judged.name,
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
}

/** The epoch whose adapter the run kept. */
function keptEpoch({ validations, checkpoint }: RunRecord): number {
  const kept = checkpoint?.position.best;
  return kept === undefined ? 0 : (validations.find(({ step }) => step === kept.step)?.epoch ?? 0);
}
