import { writeAdapter } from "../adapter/adapterFiles";
import { planEpoch } from "../batches/planEpoch";
import type { HomeFiles, Stopwatch } from "../ports";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import { stepsOfRound } from "../rounds/stepsOfRound";
import { stopRound } from "../rounds/stopRound";
import type { DatasetSession } from "../session/datasetSession";
import type { Trainer, TrainerState } from "../training/trainer";
import { adapterOf } from "../training/trainerState";
import type { Cancellation } from "../util/cancellation";
import { failureText } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { cardOf } from "./cardOf";
import type { RunPosition, RunStates } from "./checkpoint";
import { LossCurve } from "./lossCurve";
import { roundFigures, taughtQueries } from "./roundMining";
import type { MinedRound } from "./roundMining";
import { isRoundOver, meanOf, nextRound, trainStretch, validated } from "./roundTraining";
import type { Training } from "./roundTraining";
import { RoundMiner } from "./roundMiner";
import { RunFiles } from "./runFiles";
import { RunMeasures } from "./runMeasures";
import type { RunPhase, RunProgress } from "./runProgress";
import type { RoundRecord, RunRecord } from "./runRecord";
import { splitOf } from "./splitOf";
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
  readonly #miner: RoundMiner;
  readonly #measures: RunMeasures;
  readonly #cancellation: { requested: boolean } & Cancellation = { requested: false };
  #isAbandoned = false;
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
    const { session } = ports;
    const { training: settings, name, model } = record;
    const cancellation = this.#cancellation;
    const steady = new SteadyTrials(session, { run: name, encoder: model.fingerprint, cancellation });
    const onMined = (done: number, total: number): void => {
      // Mining ahead goes unseen.
      if (this.#place.phase !== "training") this.#show("mining", done, total);
    };
    const onMeasured = (done: number, total: number): void => {
      this.#show("evaluating", done, total);
    };
    this.#miner = new RoundMiner({ session, steady, settings, cancellation, onProgress: onMined });
    this.#measures = new RunMeasures({ session, steady, settings, onProgress: onMeasured });
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

  /** Ends the run at once, as if its process had died: it can be resumed from its last epoch. */
  abandon(): void {
    this.#isAbandoned = true;
    this.stop();
  }

  /** Runs to its end, which the record tells; fails where nothing can be written, or nothing be learnt from. */
  async run(): Promise<Result<RunRecord>> {
    const trained = await this.#train();
    await this.#ahead;
    if (this.#isAbandoned) return ok(this.record);
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
    const measured = await this.#measures.validation();
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
    const mined = isGood ? ahead : await this.#miner.mined({ round, state: this.#roundStart, previous: this.#previous });
    if (!mined.ok) return mined;
    const written = await this.#files.writeSnapshot(this.#record.name, mined.value.snapshot);
    if (!written.ok) return written;
    const { taughtQueries: _, ...record } = this.#record;
    const taught = taughtQueries(mined.value);
    this.#record = taught === 0 ? record : { ...record, taughtQueries: taught };
    const loaded = await this.#miner.load(this.#ports.trainer, mined.value, this.#record.model.dimensions);
    return loaded.ok ? mined : loaded;
  }

  async #trainRound(first: MinedRound): Promise<Result<RoundRecord>> {
    const { training: settings } = this.#record;
    let mined = first;
    let losses = new Float32Array(0);
    this.#training = this.#withSteps(this.#training, mined);
    if (settings.rounds.asynchronous && this.#training.position.round < settings.rounds.count) {
      const [round, state] = [this.#training.position.round + 1, this.#roundStart];
      this.#ahead = this.#miner.mine({ round, state, previous: mined.snapshot });
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
    const ndcg = await this.#measures.validation(training.current);
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

  /** Compares what was learnt with the frozen encoder, writes the adapter, and mines once more what it would emit. */
  async #conclude(best: TrainerState, isWhole: boolean): Promise<Result<null>> {
    const compared = await this.#measures.comparison(best);
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

  async #mineAfter(best: TrainerState): Promise<Result<null>> {
    const round = this.#record.rounds.length + 1;
    const mined = await this.#miner.mined({ round, state: best, previous: this.#previous });
    if (!mined.ok) return mined.failure.reason === "cancelled" ? ok(null) : mined;
    const written = await this.#files.writeSnapshot(this.#record.name, mined.value.snapshot);
    if (!written.ok) return written;
    this.#record = { ...this.#record, rounds: [...this.#record.rounds, roundFigures(mined.value, 0)] };
    return ok(null);
  }

  #roundRecord(mined: MinedRound, loss: number): RoundRecord {
    const { round, roundSteps } = this.#training.position;
    const measured = this.#record.validations.filter((point) => point.round === round).map(({ ndcg }) => ndcg);
    const figures = roundFigures(mined, roundSteps);
    return { ...figures, ...(Number.isFinite(loss) ? { loss } : {}), ...(measured.length === 0 ? {} : { ndcg: Math.max(...measured) }) };
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
