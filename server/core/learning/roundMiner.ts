import { batchKeys } from "../batches/makeBatchRow";
import type { BatchKeys } from "../batches/makeBatchRow";
import type { TrainingConfig } from "../config/trainingSchema";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import type { DatasetSession } from "../session/datasetSession";
import type { Trainer, TrainerState } from "../training/trainer";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { mineRound } from "./roundMining";
import type { MinedRound } from "./roundMining";
import { splitOf } from "./splitOf";
import type { SteadyTrials } from "./steadyTrials";

export interface RoundMinerParts {
  readonly session: DatasetSession;
  readonly steady: SteadyTrials;
  readonly settings: TrainingConfig;
  readonly cancellation: Cancellation;
  readonly onProgress: (done: number, total: number) => void;
}

export interface WantedRound {
  /** From 1. */
  readonly round: number;
  /** What it is mined with. */
  readonly state: TrainerState;
  /** The snapshot of the round before. */
  readonly previous: RoundSnapshot | undefined;
}

/** Mines the negatives of a run's rounds, and hands them to its trainer. */
export class RoundMiner {
  readonly #parts: RoundMinerParts;

  constructor(parts: RoundMinerParts) {
    this.#parts = parts;
  }

  /** Mines once more where the data changed meanwhile. */
  mined(wanted: WantedRound): Promise<Result<MinedRound>> {
    return this.#parts.steady.settled(() => this.mine(wanted));
  }

  async mine({ round, state, previous }: WantedRound): Promise<Result<MinedRound>> {
    const { session, settings, steady, cancellation, onProgress } = this.#parts;
    const split = splitOf(session, settings);
    if (!split.ok) return split;
    const keysOf = await this.#batchKeys();
    if (!keysOf.ok) return keysOf;
    const { all: queries, train: trained } = split.value;
    const request = { round, queries, trained, keysOf: keysOf.value, settings, previous, cancellation, onProgress };
    return await steady.under(state, (adapter) => mineRound(session, { ...request, adapter }));
  }

  /** Gives the trainer what a round learns from. */
  load(trainer: Trainer, mined: MinedRound, dimensions: number): Promise<Result<null>> {
    return this.#parts.steady.settled(() => this.#load(trainer, mined, dimensions));
  }

  async #load(trainer: Trainer, { data, collection }: MinedRound, dimensions: number): Promise<Result<null>> {
    const { session, cancellation } = this.#parts;
    // Numbers of documents mean those of the collection they were mined from; the round is then mined again before it is learnt from.
    if (session.collection !== collection) return ok(null);
    const vectors = await session.trials.vectors(data, cancellation);
    return vectors.ok ? await trainer.load({ ...vectors.value, dimensions, examples: data.examples }) : vectors;
  }

  /** Task and topic of queries: topics are looked for only where batches ask for them. */
  async #batchKeys(): Promise<Result<BatchKeys>> {
    const { session, settings, cancellation } = this.#parts;
    const { collection } = session;
    if (!settings.batches.same_topic) return ok(batchKeys(collection, settings.batches));
    const topics = await session.topics(cancellation);
    return topics.ok ? ok(batchKeys(collection, settings.batches, topics.value)) : topics;
  }
}
