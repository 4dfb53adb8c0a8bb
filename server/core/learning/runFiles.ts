import { adapterNames } from "../adapter/adapterFiles";
import type { HomeFiles } from "../ports";
import { parseSnapshot, snapshotText } from "../rounds/roundSnapshot";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import type { AdapterShape } from "../training/trainer";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { decodeStates, encodeStates } from "./checkpoint";
import type { RunStates } from "./checkpoint";
import { parseRunRecord, runRecordText } from "./runRecord";
import type { RunRecord } from "./runRecord";

const RUNS = "training";

/** A checkpoint goes to the file that the record does not name, and the record is written after it: one of the two is always whole. */
export type CheckpointFile = "checkpoint-a.safetensors" | "checkpoint-b.safetensors";

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
    const text = await this.#home.readText(snapshotFile(run, round));
    return text.ok ? parseSnapshot(text.value) : text;
  }

  writeStates(run: string, file: CheckpointFile, states: RunStates): Promise<Result<null>> {
    return this.#home.writeBytes(`${RUNS}/${run}/${file}`, encodeStates(states));
  }

  async readStates(run: string, file: CheckpointFile, shape: AdapterShape): Promise<Result<RunStates>> {
    const bytes = await this.#home.readBytes(`${RUNS}/${run}/${file}`);
    return bytes.ok ? decodeStates(bytes.value, shape) : bytes;
  }

  /** "train-1", "train-2": the first name that neither a run nor an adapter has. */
  async freeName(dataset: string): Promise<Result<string>> {
    const runs = await this.#home.list(RUNS);
    if (!runs.ok) return runs;
    const adapters = await adapterNames(this.#home);
    if (!adapters.ok) return adapters;
    return ok(firstFree(stemOf(dataset), new Set([...runs.value, ...adapters.value])));
  }

  /** The run's own name, or that with a number where there is such an adapter already: an adapter that may be in use is never replaced. */
  async freeAdapterName(run: string): Promise<Result<string>> {
    const adapters = await adapterNames(this.#home);
    if (!adapters.ok) return adapters;
    return ok(adapters.value.includes(run) ? firstFree(run, new Set(adapters.value)) : run);
  }
}

function snapshotFile(run: string, round: number): string {
  return `${RUNS}/${run}/round-${String(round).padStart(2, "0")}.jsonl`;
}

function startOf(record: Result<RunRecord>): string {
  return record.ok ? record.value.started : "";
}

function firstFree(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = `${stem}-${String(number)}`;
    if (!taken.has(name)) return name;
  }
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
