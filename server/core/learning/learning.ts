import { configHash } from "../config/configHash";
import type { Clock, HomeFiles, Logger, Sha256, Stopwatch } from "../ports";
import { compareSnapshots } from "../rounds/compareSnapshots";
import type { SnapshotChange } from "../rounds/compareSnapshots";
import { roundQueryName } from "../rounds/roundSnapshot";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import type { DatasetSession } from "../session/datasetSession";
import type { AdapterShape, Trainer } from "../training/trainer";
import { initialState } from "../training/trainerState";
import type { Failure } from "../util/failure";
import { failureText } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { LearningRun } from "./learningRun";
import type { RunStart } from "./learningRun";
import { noCheckpoint, RunFiles } from "./runFiles";
import type { RunProgress } from "./runProgress";
import type { RunRecord } from "./runRecord";
import { splitOf } from "./splitOf";

export interface LearningPorts {
  readonly session: DatasetSession;
  readonly home: HomeFiles;
  readonly createTrainer: () => Trainer;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly sha256: Sha256;
  readonly logger: Logger;
  /** Name and version of this program. */
  readonly tool: string;
  /** Name of the data set's file or folder, without where it lies. */
  readonly dataset: string;
  /** Told when the progress changed, or a run began or ended. */
  readonly changed: () => void;
}

/** A run under way: waiting for vectors, then learning. */
interface Active {
  name: string;
  run?: LearningRun;
  stopped: boolean;
}

export interface ComparedRounds {
  readonly from: RoundSnapshot;
  readonly to: RoundSnapshot;
  readonly changes: readonly SnapshotChange[];
}

/** The training runs of one data set; at most one is under way. */
export class Learning {
  readonly #ports: LearningPorts;
  readonly #files: RunFiles;
  readonly #unreadable = new Set<string>();
  #active: Active | undefined;
  #ended: Promise<Result<RunRecord>> | undefined;

  constructor(ports: LearningPorts) {
    this.#ports = ports;
    this.#files = new RunFiles(ports.home);
  }

  /** Name of the run under way. */
  get activeName(): string | undefined {
    return this.#active?.name;
  }

  /** How far the run under way is; undefined also while it waits for vectors. */
  get progress(): RunProgress | undefined {
    return this.#active?.run?.progress;
  }

  get activeRecord(): RunRecord | undefined {
    return this.#active?.run?.record;
  }

  /**
   * Begins a run, or goes on with one, and answers its name once the vectors are there. Fails where a run is under way, where there is too
   * little to learn from, and where a run cannot go on: its settings or the encoder are others now.
   */
  async start(resume?: string): Promise<Result<string>> {
    if (this.#active !== undefined) {
      return err({
        reason: "not-ready",
        message: `The run "${this.#active.name}" is under way.`,
        nextStep: "Stop it first, or wait for its end.",
      });
    }
    const active: Active = { name: resume ?? this.#ports.dataset, stopped: false };
    this.#active = active;
    const start = await this.#prepared(active, resume);
    if (!start.ok) {
      this.#active = undefined;
      this.#ports.changed();
      return start;
    }
    const ended = this.#run(active, start.value);
    // A bug in a run is told to whoever waits for its end; where nobody does, it must not take the language server with it.
    ended.catch((error: unknown) => {
      this.#ports.logger(
        "error",
        `The training run ended by a fault. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    });
    this.#ended = ended;
    return ok(active.name);
  }

  /** Ends the run under way after the batch it is at. What it has learnt is kept. */
  async stop(): Promise<void> {
    const active = this.#active;
    if (active === undefined) return;
    active.stopped = true;
    active.run?.stop();
    if (active.run === undefined) await this.#ports.session.stop();
  }

  /** The end of the run that was begun last. */
  async ended(): Promise<Result<RunRecord> | undefined> {
    return await this.#ended;
  }

  /** All runs that can be read, the newest first, the one under way as it stands. */
  async records(): Promise<Result<readonly RunRecord[]>> {
    const read = await this.#files.readRecords();
    if (!read.ok) return read;
    const records = read.value.flatMap((record) => {
      if (!record.ok) this.#tellUnreadable(record.failure);
      return record.ok ? [record.value] : [];
    });
    const active = this.activeRecord;
    if (active === undefined) return ok(records);
    return ok([active, ...records.filter(({ name }) => name !== active.name)]);
  }

  /** What two rounds of a run emit differently. */
  async compare(run: string, from: number, to: number): Promise<Result<ComparedRounds>> {
    const first = await this.#files.readSnapshot(run, from);
    if (!first.ok) return first;
    const second = await this.#files.readSnapshot(run, to);
    if (!second.ok) return second;
    return ok({ from: first.value, to: second.value, changes: compareSnapshots(first.value, second.value) });
  }

  /** For each query what the adapter's run emitted at its end and the frozen encoder had not, as text keys; empty where its run is gone. */
  async newSince(adapter: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const records = await this.records();
    const run = records.ok ? records.value.find((record) => record.adapter === adapter) : undefined;
    const last = run?.rounds.at(-1)?.round ?? 1;
    if (run === undefined || last < 2) return new Map();
    const compared = await this.compare(run.name, 1, last);
    return compared.ok ? newNegatives(compared.value) : new Map();
  }

  /** Gives up a run under way, which is shown as interrupted afterwards. Nobody waits for a comparison when a window is closed. */
  async dispose(): Promise<void> {
    this.#active?.run?.abandon();
    await this.stop();
    await Promise.allSettled([this.#ended]);
  }

  /** Once for each: whoever looks into the log learns why a run is not listed. */
  #tellUnreadable(failure: Failure): void {
    const text = failureText(failure);
    if (!this.#unreadable.has(text)) this.#ports.logger("warn", `A training run is not listed. ${text}`);
    this.#unreadable.add(text);
  }

  async #prepared(active: Active, resume: string | undefined): Promise<Result<RunStart>> {
    const { session } = this.#ports;
    this.#ports.changed();
    const split = splitOf(session, session.config.training);
    if (!split.ok) return split;
    const prepared = await session.prepare();
    if (!prepared.ok) return prepared;
    if (active.stopped) return err({ reason: "cancelled", message: "Training was stopped before it began." });
    const start = resume === undefined ? await this.#begun() : await this.#resumed(resume);
    if (start.ok) active.name = start.value.record.name;
    return start;
  }

  async #begun(): Promise<Result<RunStart>> {
    const { session, clock, tool, dataset } = this.#ports;
    const { encoder, config } = { encoder: session.status.encoder, config: session.config };
    if (encoder === undefined) throw new Error("The vectors are ready, and yet there is no encoder.");
    const { rank } = config.training.adapter;
    if (rank !== null && rank > encoder.dimensions) return err(rankTooHigh(rank, encoder.dimensions));
    const name = await this.#files.claimName(dataset);
    if (!name.ok) return name;
    const record: RunRecord = {
      version: 1,
      name: name.value,
      dataset,
      model: { id: encoder.id, fingerprint: encoder.fingerprint, dimensions: encoder.dimensions },
      configHash: this.#configHash(),
      training: config.training,
      tool,
      state: "running",
      started: clock(),
      seconds: 0,
      trainQueries: 0,
      validationQueries: 0,
      testQueries: 0,
      rounds: [],
      losses: [],
      validations: [],
    };
    const state = initialState(shapeOf(record), config.training.seed);
    const position = { round: 1, roundSteps: 0, wantedSteps: 0, epoch: 1, offset: 0, totalSteps: 0, epochsWithoutGain: 0, step: 0 };
    return ok({ record, states: { current: state, roundStart: state }, position, isResumed: false });
  }

  /** The adapter in use plays no part: a run begins from the encoder as it is. */
  #configHash(): string {
    const { session, sha256 } = this.#ports;
    const { config } = session;
    return configHash({ ...config, model: { ...config.model, adapter: null } }, sha256);
  }

  async #resumed(name: string): Promise<Result<RunStart>> {
    const read = await this.#files.readRecord(name);
    if (!read.ok) return read.failure.reason === "missing-file" ? await this.#noRun(name) : read;
    const { checkpoint, state } = read.value;
    if (state === "finished") return cannotGoOn(name, "has come to its end");
    if (checkpoint === undefined) return noCheckpoint(name);
    const other = this.#otherThan(read.value);
    if (other !== undefined) return cannotGoOn(name, `was begun with ${other}`, "Begin a new run, or put back what has changed.");
    const states = await this.#files.readStates(name, checkpoint.file, shapeOf(read.value));
    if (!states.ok) return states;
    // Where two processes went on with one run, the record of one may name the file of the other.
    if (states.value.current.step !== checkpoint.position.step) return cannotGoOn(name, "has a checkpoint of another step than its record");
    // What a stopped run concluded holds no more once it goes on.
    const { ending: _, comparison: __, adapter: ___, ...record } = read.value;
    const rounds = record.rounds.filter(({ round }) => round < checkpoint.position.round);
    return ok({ record: { ...record, rounds, state: "running" }, states: states.value, position: checkpoint.position, isResumed: true });
  }

  async #noRun(name: string): Promise<Result<never>> {
    const records = await this.records();
    if (!records.ok) return records;
    const known = records.value.slice(0, 5).map((record) => record.name);
    const nextStep = known.length === 0 ? "Begin a new run." : `Begin a new run, or name one of ${known.join(", ")}.`;
    return err({ reason: "missing-file", message: `There is no run ${JSON.stringify(name)}.`, nextStep });
  }

  /** What is not as it was when a run was begun; undefined: nothing. */
  #otherThan({ dataset, training, model, configHash }: RunRecord): string | undefined {
    const { session, dataset: present } = this.#ports;
    if (dataset !== present) return `another data set, ${dataset}`;
    if (model.fingerprint !== session.status.encoder?.fingerprint) return "another encoder";
    if (JSON.stringify(training) !== JSON.stringify(session.config.training)) return "other training settings";
    return configHash === this.#configHash() ? undefined : "other settings of the data, the index or the sampler";
  }

  async #run(active: Active, start: RunStart): Promise<Result<RunRecord>> {
    const { session, home, stopwatch, changed } = this.#ports;
    const trainer = this.#ports.createTrainer();
    const run = new LearningRun({ session, home, trainer, stopwatch, advanced: changed }, start);
    active.run = run;
    try {
      return await run.run();
    } finally {
      await trainer.dispose();
      this.#active = undefined;
      changed();
    }
  }
}

function cannotGoOn(run: string, why: string, nextStep = "Begin a new run."): Result<never> {
  return err({ reason: "superseded", message: `The run "${run}" ${why}.`, nextStep });
}

/** More columns than dimensions are a full matrix that takes longer. */
function rankTooHigh(rank: number, dimensions: number): Failure {
  return {
    reason: "bad-config",
    message: `training.adapter.rank is ${String(rank)}, but the vectors have ${String(dimensions)} dimensions.`,
    nextStep: `Set it to at most ${String(dimensions)}, or to null for a full matrix.`,
  };
}

function shapeOf({ training, model }: RunRecord): AdapterShape {
  return { sides: training.adapter.sides, rank: training.adapter.rank, dimensions: model.dimensions };
}

function newNegatives({ from, to }: ComparedRounds): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map(from.queries.map((query) => [roundQueryName(query), new Set(query.emitted.map(({ key }) => key))]));
  return new Map(
    to.queries.map((query) => {
      const name = roundQueryName(query);
      return [name, new Set(query.emitted.map(({ key }) => key).filter((key) => before.get(name)?.has(key) !== true))];
    }),
  );
}
