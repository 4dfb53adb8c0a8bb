import type { DatasetSession } from "../session/datasetSession";
import type { TrainerState } from "../training/trainer";
import { adapterOf } from "../training/trainerState";
import type { Cancellation } from "../util/cancellation";
import { err } from "../util/result";
import type { Result } from "../util/result";

export interface SteadyRun {
  /** Name of the run. */
  readonly run: string;
  /** Fingerprint of the encoder whose vectors the run learns from. */
  readonly encoder: string;
  readonly cancellation: Cancellation;
}

/** Searches of a run, in data that may change under it. */
export class SteadyTrials {
  readonly #session: DatasetSession;
  readonly #run: SteadyRun;

  constructor(session: DatasetSession, run: SteadyRun) {
    this.#session = session;
    this.#run = run;
  }

  /** Has something searched for under a state; a state that has not learnt anything is the encoder alone. */
  async under<T>(state: TrainerState | undefined, work: (adapter: string | undefined) => Promise<Result<T>>): Promise<Result<T>> {
    if (state === undefined || state.step === 0) return await work(undefined);
    const { trials } = this.#session;
    const name = `${this.#run.run} at step ${String(state.step)}`;
    const held = await trials.hold(name, adapterOf(state));
    if (!held.ok) return held;
    const done = await work(name);
    await trials.release(name);
    return done;
  }

  /** Does something that rests on the data, and does it again where they changed meanwhile. */
  async settled<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const session = this.#session;
    for (;;) {
      const ready = await this.#ready();
      if (!ready.ok) return ready;
      const { collection } = session;
      const done = await work();
      const isStale = session.collection !== collection || session.status.phase !== "ready";
      if (done.ok || !isStale || this.#run.cancellation.requested) return done;
    }
  }

  /** Waits for the vectors. Another encoder has other vectors, on which nothing that was learnt holds. */
  async #ready(): Promise<Result<null>> {
    const session = this.#session;
    for (;;) {
      const prepared = await session.prepare();
      if (!prepared.ok && (prepared.failure.reason !== "cancelled" || session.status.phase === "stopped")) return prepared;
      if (!prepared.ok) continue;
      if (session.status.encoder?.fingerprint === this.#run.encoder) return prepared;
      return err({ reason: "superseded", message: "The encoder was changed during the run.", nextStep: "Begin a new run." });
    }
  }
}
