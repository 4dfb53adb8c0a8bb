import { ADAPTERS, adapterNames } from "../adapter/adapterFiles";
import type { HomeFiles } from "../ports";
import { parseSnapshot, snapshotText } from "../rounds/roundSnapshot";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import type { AdapterShape } from "../training/trainer";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { decodeStates, encodeStates } from "./checkpoint";
import type { CheckpointFile, RunStates } from "./checkpoint";
import { parseRunRecord, runRecordText } from "./runRecord";
import type { RunRecord } from "./runRecord";

const RUNS = "training";

/** What training runs keep in `.nearmiss/training/NAME`: `run.json`, `round-01.jsonl` and so on, and the last checkpoint. */
export class RunFiles {
  readonly #home: HomeFiles;

  constructor(home: HomeFiles) {
    this.#home = home;
  }

  writeRecord(record: RunRecord): Promise<Result<null>> {
    return this.#home.writeText(`${RUNS}/${record.name}/run.json`, runRecordText(record));
  }

  async readRecord(name: string): Promise<Result<RunRecord>> {
    const text = await this.#home.readText(`${RUNS}/${name}/run.json`);
    return text.ok ? parseRunRecord(name, text.value) : text;
  }

  /** Every run that can be read, the newest first, and what is wrong with the others. */
  async readRecords(): Promise<Result<readonly Result<RunRecord>[]>> {
    const names = await this.#home.list(RUNS);
    if (!names.ok) return names;
    const records = await Promise.all(names.value.map((name) => this.readRecord(name)));
    return ok(records.sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1)));
  }

  writeSnapshot(run: string, snapshot: RoundSnapshot): Promise<Result<null>> {
    return this.#home.writeText(snapshotFile(run, snapshot.round), snapshotText(snapshot));
  }

  async readSnapshot(run: string, round: number): Promise<Result<RoundSnapshot>> {
    const name = snapshotFile(run, round);
    const text = await this.#home.readText(name);
    if (!text.ok) return text;
    const snapshot = parseSnapshot(text.value);
    return snapshot.ok ? snapshot : err({ ...snapshot.failure, place: { file: `.nearmiss/${name}` } });
  }

  writeStates(run: string, file: CheckpointFile, states: RunStates): Promise<Result<null>> {
    return this.#home.writeBytes(`${RUNS}/${run}/${file}`, encodeStates(states));
  }

  async readStates(run: string, file: CheckpointFile, shape: AdapterShape): Promise<Result<RunStates>> {
    const name = `${RUNS}/${run}/${file}`;
    const bytes = await this.#home.readBytes(name);
    if (!bytes.ok) return bytes;
    const states = decodeStates(bytes.value, shape);
    if (states.ok) return states;
    return err({ ...states.failure, nextStep: "Begin a new run.", place: { file: `.nearmiss/${name}` } });
  }

  /**
   * "train-1", "train-2": takes the first name that neither a run nor an adapter has. Its folder is made at once, so that two processes never
   * write one run.
   */
  async claimName(dataset: string): Promise<Result<string>> {
    const adapters = await adapterNames(this.#home);
    return adapters.ok ? await this.#claimFirst(RUNS, numbered(stemOf(dataset)), adapters.value) : adapters;
  }

  /** Takes the run's own name, or that with a number where there is such an adapter already: one that may be in use is never replaced. */
  freeAdapterName(run: string): Promise<Result<string>> {
    return this.#claimFirst(ADAPTERS, numbered(run, [run]), []);
  }

  async #claimFirst(parent: string, names: Iterable<string>, taken: readonly string[]): Promise<Result<string>> {
    for (const name of names) {
      if (taken.includes(name)) continue;
      const claimed = await this.#home.claim(`${parent}/${name}`);
      if (!claimed.ok) return claimed;
      if (claimed.value) return ok(name);
    }
    throw new Error("Names with numbers have no end.");
  }
}

function snapshotFile(run: string, round: number): string {
  return `${RUNS}/${run}/round-${String(round).padStart(2, "0")}.jsonl`;
}

function startOf(record: Result<RunRecord>): string {
  return record.ok ? record.value.started : "";
}

/** These names, then the stem with a number. */
function* numbered(stem: string, first: readonly string[] = []): Generator<string> {
  yield* first;
  for (let number = 1; ; number += 1) yield `${stem}-${String(number)}`;
}

/** The data set's name as the name of a folder, and as `model.adapter` allows it. */
function stemOf(dataset: string): string {
  const stem = dataset.replace(/\.(jsonl|ndjson)$/u, "").replaceAll(/[^\p{L}\p{N}._-]/gu, "-");
  return /^[\p{L}\p{N}]/u.test(stem) ? stem.slice(0, 60) : `run${stem.slice(0, 60)}`;
}

/** The run has no checkpoint to go on from. */
export function noCheckpoint(run: string): Result<never> {
  return err({ reason: "missing-file", message: `The run "${run}" has no checkpoint.`, nextStep: "Begin a new run." });
}
