import { writeAdapter } from "../adapter/adapterFiles";
import { batchKeys } from "../batches/makeBatchRow";
import type { BatchKeys } from "../batches/makeBatchRow";
import { planEpoch } from "../batches/planEpoch";
import { comparison } from "../evaluation/comparison";
import type { Comparison } from "../evaluation/comparison";
import type { HomeFiles, Stopwatch } from "../ports";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import { stepsOfRound } from "../rounds/stepsOfRound";
import { stopRound } from "../rounds/stopRound";
import type { DatasetSession } from "../session/datasetSession";
import type { Trainer, TrainerState } from "../training/trainer";
import { adapterOf } from "../training/trainerState";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { failureText } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { cardOf } from "./cardOf";
import type { RunPosition, RunStates } from "./checkpoint";
import { meanNdcg, measureHeldOut } from "./heldOut";
import type { HeldOut } from "./heldOut";
import { LossCurve } from "./lossCurve";
import { mineRound, roundFigures } from "./roundMining";
import type { MinedRound } from "./roundMining";
import { isRoundOver, meanOf, nextRound, trainStretch, validated } from "./roundTraining";
import type { Training } from "./roundTraining";
import { RunFiles } from "./runFiles";
import type { RunPhase, RunProgress } from "./runProgress";
import type { RoundRecord, RunRecord } from "./runRecord";
import { splitOf } from "./splitOf";
import type { UsableQueries } from "./splitOf";
import { SteadyTrials } from "./steadyTrials";

export interface LearningRunPorts {
  readonly session: DatasetSession;
  readonly home: HomeFiles;
  readonly trainer: Trainer;
  readonly stopwatch: Stopwatch;
  /** Told of every change of the progress. */
  readonly advanced: () => void;
}

const NOTHING_LEARNT = "No epoch came up to the frozen encoder on the validation queries, so that no adapter was kept.";

/** Where a run begins or goes on. */
export interface RunStart {
  readonly record: RunRecord;
  readonly states: RunStates;
  readonly position: RunPosition;
  readonly isResumed: boolean;
}

/**
 * One training run: in each round negatives are mined with what has been learnt, learnt from, and measured on the validation queries. What is
 * learnt lies on disk after every epoch. Marks are taken as they are when a round is mined; where the data change meanwhile, the round's
 * negatives are mined anew and training goes on. Same data, marks, configuration and seed: same adapter.
 */
export class LearningRun {
  readonly #ports: LearningRunPorts;
  readonly #files: RunFiles;
  readonly #began: number;
  readonly #isResumed: boolean;
  readonly #losses: LossCurve;
  readonly #steady: SteadyTrials;
  readonly #cancellation: { requested: boolean } & Cancellation = { requested: false };
  #record: RunRecord;
  #training: Training;
  #roundStart: TrainerState;
  #previous: RoundSnapshot | undefined;
  #ahead: Promise<Result<MinedRound>> | undefined;
  #place: Pick<RunProgress, "phase" | "done" | "total"> = { phase: "embedding", done: 0, total: 0 };

  constructor(ports: LearningRunPorts, { record, states, position, isResumed }: RunStart) {
    this.#ports = ports;
    this.#files = new RunFiles(ports.home);
    this.#began = ports.stopwatch() - record.seconds;
    this.#isResumed = isResumed;
    this.#losses = new LossCurve(record.losses);
    this.#steady = new SteadyTrials(ports.session, {
      run: record.name,
      encoder: record.model.fingerprint,
      cancellation: this.#cancellation,
    });
    this.#record = record;
    this.#training = { position, current: states.current, ...(states.best === undefined ? {} : { best: states.best }) };
    this.#roundStart = states.roundStart;
  }

  /** As it would be written now. */
  get record(): RunRecord {
    const seconds = Math.round((this.#ports.stopwatch() - this.#began) * 10) / 10;
    return { ...this.#record, seconds, losses: this.#losses.points };
  }

  get progress(): RunProgress {
    const { round, epoch, totalSteps } = this.#training.position;
    const { validations, frozenNdcg } = this.#record;
    const phase = this.#cancellation.requested && this.#place.phase !== "saving" ? "stopping" : this.#place.phase;
    const measured = { losses: this.#losses.points, validations, ...(frozenNdcg === undefined ? {} : { frozenNdcg }) };
    const underWay = this.#place.phase === "training" ? this.#place.done : 0;
    return { ...this.#place, phase, round, epoch, step: this.#steps + underWay, totalSteps, ...measured };
  }

  /** Trained in all. More than the optimiser's count where a round went on from an earlier state. */
  get #steps(): number {
    return this.#record.rounds.reduce((sum, { steps }) => sum + steps, this.#training.position.roundSteps);
  }

  /** Ends the run after the batch it is at. What it has learnt is measured and kept. */
  stop(): void {
    this.#cancellation.requested = true;
    this.#ports.advanced();
  }

  /** Runs to its end, which the record tells; fails where nothing can be written, or nothing be learnt from. */
  async run(): Promise<Result<RunRecord>> {
    const trained = await this.#train();
    await this.#ahead;
    const step = this.#steps;
    if (!trained.ok && step === 0 && trained.failure.reason !== "cancelled") return this.#failed(trained);
    const { best } = this.#training;
    // The frozen encoder is where it began: an adapter that never came up to it on the validation queries is not kept.
    const isLearnt = best !== undefined && best.step > 0;
    const concluded = isLearnt ? await this.#conclude(best, trained.ok) : ok(null);
    if (!concluded.ok) return this.#failed(concluded);
    if (trained.ok) return this.#end("finished", isLearnt ? trained.value : `${trained.value} ${NOTHING_LEARNT}`);
    if (trained.failure.reason === "cancelled") return this.#end("stopped", `Stopped on request after step ${String(step)}.`);
    return this.#end("failed", failureText(trained.failure));
  }

  /** Answers why it ended. */
  async #train(): Promise<Result<string>> {
    const begun = await this.#begin();
    if (!begun.ok) return begun;
    for (;;) {
      const { position } = this.#training;
      const mined = await this.#minedRound(position.round);
      if (!mined.ok) return mined;
      const round = await this.#trainRound(mined.value);
      if (!round.ok) return round;
      this.#record = { ...this.#record, rounds: [...this.#record.rounds, round.value] };
      const verdict = stopRound(this.#record.rounds, this.#record.training.rounds, this.#record.frozenNdcg);
      if (verdict.stop) return ok(verdict.sentence);
      this.#training = nextRound(this.#training, this.#record.training);
      this.#roundStart = this.#training.current;
    }
  }

  /** Measures the frozen encoder, and finds what the first round is to be compared with. */
  async #begin(): Promise<Result<null>> {
    const { round } = this.#training.position;
    if (this.#isResumed && round > 1) {
      const previous = await this.#files.readSnapshot(this.#record.name, round - 1);
      if (!previous.ok) return previous;
      this.#previous = previous.value;
    }
    const measured = await this.#measured(undefined, ({ validation }) => validation);
    if (!measured.ok) return measured;
    const split = splitOf(this.#ports.session, this.#record.training);
    if (!split.ok) return split;
    const { train, validation, test } = split.value;
    this.#record = {
      ...this.#record,
      trainQueries: train.size,
      validationQueries: validation.queries.length,
      testQueries: test.queries.length,
      ...(measured.value === undefined ? {} : { frozenNdcg: measured.value }),
    };
    if (!this.#isResumed && measured.value !== undefined) this.#training = validated(this.#training, measured.value);
    return this.#files.writeRecord(this.record);
  }

  /** The negatives of a round: those that were mined ahead where they still hold, else by what has been learnt up to its start. */
  async #minedRound(round: number): Promise<Result<MinedRound>> {
    const ahead = await this.#ahead;
    this.#ahead = undefined;
    const isGood = ahead?.ok === true && ahead.value.snapshot.round === round && ahead.value.collection === this.#ports.session.collection;
    const mined = isGood ? ahead : await this.#steady.settled(() => this.#mine(round, this.#roundStart, this.#previous));
    if (!mined.ok) return mined;
    const written = await this.#files.writeSnapshot(this.#record.name, mined.value.snapshot);
    if (!written.ok) return written;
    const loaded = await this.#steady.settled(() => this.#load(mined.value));
    return loaded.ok ? mined : loaded;
  }

  async #mine(round: number, state: TrainerState, previous: RoundSnapshot | undefined): Promise<Result<MinedRound>> {
    const { session } = this.#ports;
    const split = splitOf(session, this.#record.training);
    if (!split.ok) return split;
    const keysOf = await this.#batchKeys();
    if (!keysOf.ok) return keysOf;
    return await this.#steady.under(state, (adapter) =>
      mineRound(session, {
        round,
        adapter,
        queries: split.value.all,
        trained: split.value.train,
        keysOf: keysOf.value,
        previous,
        cancellation: this.#cancellation,
        onProgress: (done, total) => {
          if (this.#place.phase !== "training") this.#show("mining", done, total);
        },
      }),
    );
  }

  async #load({ data, collection }: MinedRound): Promise<Result<null>> {
    const { session, trainer } = this.#ports;
    // Numbers of documents mean those of the collection they were mined from; the round is then mined again before it is learnt from.
    if (session.collection !== collection) return ok(null);
    const vectors = await session.trials.vectors(data, this.#cancellation);
    if (!vectors.ok) return vectors;
    return await trainer.load({ ...vectors.value, dimensions: this.#record.model.dimensions, examples: data.examples });
  }

  async #trainRound(first: MinedRound): Promise<Result<RoundRecord>> {
    const { training: settings } = this.#record;
    let mined = first;
    let losses = new Float32Array(0);
    this.#training = this.#withSteps(this.#training, mined);
    if (settings.rounds.asynchronous && this.#training.position.round < settings.rounds.count) {
      const [round, state] = [this.#training.position.round + 1, this.#roundStart];
      this.#ahead = this.#mine(round, state, mined.snapshot);
    }
    while (!isRoundOver(this.#training, settings)) {
      if (mined.collection !== this.#ports.session.collection) {
        const again = await this.#minedRound(this.#training.position.round);
        if (!again.ok) return again;
        mined = again.value;
        continue;
      }
      const stretch = await this.#stretch(mined);
      if (!stretch.ok) return stretch;
      losses = stretch.value;
    }
    this.#previous = mined.snapshot;
    return ok(this.#roundRecord(mined, meanOf(losses)));
  }

  /** Trains an epoch or what is left of the round, measures it and writes a checkpoint. Answers the losses. */
  async #stretch({ data }: MinedRound): Promise<Result<Float32Array<ArrayBuffer>>> {
    const { round, epoch } = this.#training.position;
    const step = this.#steps;
    this.#show("training", 0, 0);
    const stretch = await trainStretch(this.#ports.trainer, data, this.#training, {
      settings: this.#record.training,
      cancellation: this.#cancellation,
      onProgress: ({ done, total }) => {
        this.#show("training", done, total);
      },
    });
    if (!stretch.ok) return stretch;
    const { losses, training } = stretch.value;
    losses.forEach((loss, i) => {
      this.#losses.add(step + i + 1, loss);
    });
    const ndcg = await this.#measured(training.current, ({ validation }) => validation);
    if (!ndcg.ok) return ndcg;
    this.#training = validated(training, ndcg.value);
    this.#show("training", 0, 0);
    if (ndcg.value !== undefined) {
      const point = { step: this.#steps, round, epoch, ndcg: ndcg.value };
      this.#record = { ...this.#record, validations: [...this.#record.validations, point] };
    }
    const written = await this.#writeCheckpoint();
    return written.ok ? ok(losses.slice()) : written;
  }

  /** Mean nDCG@10 of held-out queries under a state, or of the encoder alone; undefined without such queries. */
  async #measured(state: TrainerState | undefined, part: (queries: UsableQueries) => HeldOut): Promise<Result<number | undefined>> {
    return await this.#steady.settled(async () => {
      const split = splitOf(this.#ports.session, this.#record.training);
      if (!split.ok) return split;
      const held = part(split.value);
      if (held.queries.length === 0) return ok(undefined);
      const measures = await this.#steady.under(state, (adapter) =>
        measureHeldOut(this.#ports.session.trials, held, adapter, { cancellation: neverCancelled }),
      );
      return measures.ok ? ok(meanNdcg(measures.value)) : measures;
    });
  }

  /** Compares what was learnt with the frozen encoder, writes the adapter, and mines once more what it would emit. */
  async #conclude(best: TrainerState, isWhole: boolean): Promise<Result<null>> {
    const compared = await this.#steady.settled(() => this.#compare(best));
    if (!compared.ok) return compared;
    if (compared.value !== undefined) this.#record = { ...this.#record, comparison: compared.value };
    this.#show("saving", 0, 0);
    const name = await this.#files.freeAdapterName(this.#record.name);
    if (!name.ok) return name;
    const card = cardOf(this.#record, this.#ports.session.config);
    const written = await writeAdapter(this.#ports.home, name.value, adapterOf(best), card);
    if (!written.ok) return written;
    this.#record = { ...this.#record, adapter: name.value };
    return isWhole ? await this.#mineAfter(best) : ok(null);
  }

  async #compare(best: TrainerState): Promise<Result<Comparison | undefined>> {
    const { session } = this.#ports;
    const split = splitOf(session, this.#record.training);
    if (!split.ok) return split;
    const { test } = split.value;
    if (test.queries.length === 0) return ok(undefined);
    const onProgress = (done: number): void => {
      this.#show("evaluating", done, test.queries.length);
    };
    onProgress(0);
    const options = { cancellation: neverCancelled, onProgress };
    const frozen = await measureHeldOut(session.trials, test, undefined, options);
    if (!frozen.ok) return frozen;
    const adapted = await this.#steady.under(best, (adapter) => measureHeldOut(session.trials, test, adapter, options));
    return adapted.ok ? ok(comparison(frozen.value, adapted.value, { seed: this.#record.training.seed })) : adapted;
  }

  async #mineAfter(best: TrainerState): Promise<Result<null>> {
    const round = this.#record.rounds.length + 1;
    const mined = await this.#steady.settled(() => this.#mine(round, best, this.#previous));
    if (!mined.ok) return mined.failure.reason === "cancelled" ? ok(null) : mined;
    const written = await this.#files.writeSnapshot(this.#record.name, mined.value.snapshot);
    if (!written.ok) return written;
    this.#record = { ...this.#record, rounds: [...this.#record.rounds, roundFigures(mined.value, 0)] };
    return ok(null);
  }

  #roundRecord(mined: MinedRound, loss: number): RoundRecord {
    const { round, roundSteps } = this.#training.position;
    const last = this.#record.validations.findLast((point) => point.round === round);
    const figures = roundFigures(mined, roundSteps);
    return { ...figures, ...(Number.isFinite(loss) ? { loss } : {}), ...(last === undefined ? {} : { ndcg: last.ndcg }) };
  }

  /** Knows how many steps there are once the rows are there. */
  #withSteps(training: Training, { data }: MinedRound): Training {
    const { position } = training;
    if (position.wantedSteps > 0) return training;
    const { training: settings } = this.#record;
    const batches = planEpoch(data.rows, settings, settings.seed, 1).length;
    const wantedSteps = stepsOfRound(settings, position.round, batches);
    const rounds = Array.from({ length: settings.rounds.count }, (_, i) => stepsOfRound(settings, i + 1, batches));
    const totalSteps = position.totalSteps > 0 ? position.totalSteps : rounds.reduce((sum, steps) => sum + steps, 0);
    return { ...training, position: { ...position, wantedSteps, totalSteps } };
  }

  /** Task and topic of queries: topics are looked for only where batches ask for them. */
  async #batchKeys(): Promise<Result<BatchKeys>> {
    const { session } = this.#ports;
    const { collection } = session;
    const { batches } = this.#record.training;
    if (!batches.same_topic) return ok(batchKeys(collection, batches));
    const topics = await session.topics(this.#cancellation);
    return topics.ok ? ok(batchKeys(collection, batches, topics.value)) : topics;
  }

  async #writeCheckpoint(): Promise<Result<null>> {
    const { current, best, position } = this.#training;
    const file = this.#record.checkpoint?.file === "checkpoint-a.safetensors" ? "checkpoint-b.safetensors" : "checkpoint-a.safetensors";
    const states = { current, roundStart: this.#roundStart, ...(best === undefined ? {} : { best }) };
    const written = await this.#files.writeStates(this.#record.name, file, states);
    if (!written.ok) return written;
    this.#record = { ...this.#record, checkpoint: { file, position } };
    return await this.#files.writeRecord(this.record);
  }

  async #failed({ failure }: { readonly failure: Parameters<typeof failureText>[0] }): Promise<Result<RunRecord>> {
    const ended = await this.#end("failed", failureText(failure));
    return ended.ok ? err(failure) : ended;
  }

  async #end(state: RunRecord["state"], ending: string): Promise<Result<RunRecord>> {
    this.#record = { ...this.#record, state, ending };
    const written = await this.#files.writeRecord(this.record);
    return written.ok ? ok(this.record) : written;
  }

  #show(phase: RunPhase, done: number, total: number): void {
    this.#place = { phase, done, total };
    this.#ports.advanced();
  }
}
