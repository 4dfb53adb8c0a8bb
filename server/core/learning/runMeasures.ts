import type { TrainingConfig } from "../config/trainingSchema";
import { comparison } from "../evaluation/comparison";
import type { Comparison } from "../evaluation/comparison";
import type { DatasetSession } from "../session/datasetSession";
import type { TrainerState } from "../training/trainer";
import { neverCancelled } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { meanNdcg, measureHeldOut } from "./heldOut";
import { splitOf } from "./splitOf";
import type { SteadyTrials } from "./steadyTrials";

export interface RunMeasuresParts {
  readonly session: DatasetSession;
  readonly steady: SteadyTrials;
  readonly settings: TrainingConfig;
  /** How many of the test queries have been searched for. */
  readonly onProgress: (done: number, total: number) => void;
}

/** How well a run's states do on the queries that it does not learn from. */
export class RunMeasures {
  readonly #parts: RunMeasuresParts;

  constructor(parts: RunMeasuresParts) {
    this.#parts = parts;
  }

  /** Mean nDCG@10 of the validation queries under a state, or of the encoder alone; undefined without such queries. */
  async validation(state?: TrainerState): Promise<Result<number | undefined>> {
    const { session, steady, settings } = this.#parts;
    return await steady.settled(async () => {
      const split = splitOf(session, settings);
      if (!split.ok) return split;
      const { validation } = split.value;
      if (validation.queries.length === 0) return ok(undefined);
      const options = { cancellation: neverCancelled };
      const measures = await steady.under(state, (adapter) => measureHeldOut(session.trials, validation, adapter, options));
      return measures.ok ? ok(meanNdcg(measures.value)) : measures;
    });
  }

  /** A state beside the encoder alone on the test queries; undefined without such queries. */
  comparison(state: TrainerState): Promise<Result<Comparison | undefined>> {
    return this.#parts.steady.settled(() => this.#compare(state));
  }

  async #compare(state: TrainerState): Promise<Result<Comparison | undefined>> {
    const { session, steady, settings, onProgress } = this.#parts;
    const split = splitOf(session, settings);
    // Marks may have left too few queries meanwhile: what was learnt is then kept without a comparison.
    if (!split.ok) return ok(undefined);
    const { test } = split.value;
    const total = test.queries.length;
    if (total === 0) return ok(undefined);
    onProgress(0, total);
    const options = {
      cancellation: neverCancelled,
      onProgress: (done: number): void => {
        onProgress(done, total);
      },
    };
    const frozen = await measureHeldOut(session.trials, test, undefined, options);
    if (!frozen.ok) return frozen;
    const adapted = await steady.under(state, (adapter) => measureHeldOut(session.trials, test, adapter, options));
    return adapted.ok ? ok(comparison(frozen.value, adapted.value, { seed: settings.seed })) : adapted;
  }
}
