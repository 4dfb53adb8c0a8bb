import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { MinedQuery } from "#core/mining/miningState";
import type { SlotText, VectorSpace } from "#core/ports";
import type { Trainer } from "#core/training/trainer";
import { neverCancelled } from "#core/util/cancellation";
import { TEST_SHARE } from "../judged/hiddenPositives";
import type { Split } from "../judged/hiddenPositives";
import type { JudgedCollection } from "../judged/judgedCollection";
import { trainAdapter } from "../judged/trainAdapter";
import type { TrainedAdapter } from "../judged/trainAdapter";
import { valueOf } from "../judged/valueOf";
import { Workbench } from "../judged/workbench";
import { curatorsMarks } from "./curatorsMarks";
import { emissionFigures } from "./emissionFigures";
import type { EmissionFigures } from "./emissionFigures";
import type { Method } from "./methods";

/** What a method came to in one split. */
export interface Trial extends TrainedAdapter {
  readonly emission: EmissionFigures;
}

export interface ExperimentPorts {
  readonly createVectors: (textOf: SlotText) => VectorSpace;
  readonly createTrainer: () => Trainer;
}

/** Wanted for each query. */
const NEGATIVES = 5;

/** One collection under the product's own session and training runs, in one split after another. */
export class Experiment {
  readonly #bench: Workbench;
  readonly #createTrainer: () => Trainer;

  constructor(judged: JudgedCollection, { createVectors, createTrainer }: ExperimentPorts) {
    this.#bench = new Workbench(judged, createVectors);
    this.#createTrainer = createTrainer;
  }

  /** Makes the split the session's data: labelled positives of the training queries, all judgements of the test queries. */
  async enter({ training }: Split): Promise<void> {
    const labelled = new Map(training.map((one) => [one.query, one.labelled]));
    await this.#bench.enter(this.#bench.judged.whole.queries.map((query, index) => labelled.get(index) ?? query.positives));
  }

  /** Mines by a method and trains on what it emits. The split must have been entered. */
  async run(method: Method, split: Split, training: Config["training"]): Promise<Trial> {
    const mined = await this.#mine(method, split, training);
    return { emission: emissionFigures(mined, split), ...(await trainAdapter(this.#bench, split.test, this.#createTrainer)) };
  }

  dispose(): Promise<void> {
    return this.#bench.dispose();
  }

  async #mine(method: Method, split: Split, training: Config["training"]): Promise<readonly MinedQuery[]> {
    const { sampling_strategy, relative_margin, curation } = method;
    const sampler = { ...defaultConfig.sampler, sampling_strategy, relative_margin, num_negatives: NEGATIVES, seed: split.seed };
    const config = { ...defaultConfig, sampler, training: { ...training, seed: split.seed, test_share: TEST_SHARE } };
    await this.#bench.use(config);
    const looked = await this.#mineTraining(split);
    if (curation === "none") return looked;
    await this.#bench.use(config, curatorsMarks(curation, looked, split, this.#bench.session.collection));
    return await this.#mineTraining(split);
  }

  async #mineTraining({ training }: Split): Promise<readonly MinedQuery[]> {
    const mined: MinedQuery[] = [];
    const queries = training.map(({ query }) => query);
    const onQuery = (one: MinedQuery): void => void mined.push(one);
    valueOf(await this.#bench.session.trials.mine(undefined, { queries, onQuery, cancellation: neverCancelled }));
    return mined;
  }
}
