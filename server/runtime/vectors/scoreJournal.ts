import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { LogLevel } from "#core/ports";

export interface KnownScore {
  /** 16 characters of one byte each. */
  readonly key: string;
  readonly score: number;
}

export interface ScoreJournalOptions {
  /** Folder of all rescorers' journals. */
  readonly folder: string;
  /** 64 hexadecimal digits; changes whenever the scores may. */
  readonly fingerprint: string;
  readonly log: (level: LogLevel, message: string) => void;
}

const KEY_BYTES = 16;
/** Key, score as a 32-bit float, and a check of both. */
const RECORD_BYTES = KEY_BYTES + 8;
const CHECK = 0x5ca1ab1e;
const ENDING = ".scores";

/**
 * Scores on disk. Each process appends to a file of its own, made with its first score, and reads those that others left; nothing is ever
 * rewritten. Records that a power cut left half written do not count.
 */
export class ScoreJournal {
  readonly #options: ScoreJournalOptions;
  readonly #folder: string;
  #file: number | undefined;
  #bytes = 0;
  #writable = true;

  constructor(options: ScoreJournalOptions) {
    this.#options = options;
    this.#folder = path.join(options.folder, "scores", options.fingerprint.slice(0, 32));
  }

  /** What other processes kept, from the newest file on, until about `most` scores are read. */
  read(most: number): readonly KnownScore[] {
    const known: KnownScore[] = [];
    for (const name of this.#fileNames()) {
      if (known.length >= most) break;
      try {
        for (const record of recordsOf(fs.readFileSync(path.join(this.#folder, name)))) known.push(record);
      } catch (error) {
        this.#options.log("warn", `The score file ${path.join(this.#folder, name)} is left out: ${(error as Error).message}.`);
      }
    }
    return known.slice(0, most);
  }

  /** A disk that refuses is reported once; work goes on without keeping anything further. */
  append(scores: readonly KnownScore[]): void {
    if (!this.#writable || scores.length === 0) return;
    const bytes = Buffer.alloc(scores.length * RECORD_BYTES);
    for (const [i, { key, score }] of scores.entries()) {
      bytes.write(key, i * RECORD_BYTES, KEY_BYTES, "latin1");
      bytes.writeFloatLE(score, i * RECORD_BYTES + KEY_BYTES);
      bytes.writeUInt32LE(checkOf(bytes, i * RECORD_BYTES), i * RECORD_BYTES + KEY_BYTES + 4);
    }
    try {
      const file = (this.#file ??= this.#create());
      for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done, bytes.length - done, this.#bytes + done);
      this.#bytes += bytes.length;
    } catch (error) {
      this.#writable = false;
      this.#options.log(
        "warn",
        `Scores can no longer be kept in ${this.#folder}: ${(error as Error).message}. Work goes on; pairs are scored again next time.`,
      );
    }
  }

  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
    this.#writable = false;
  }

  /** Newest first. */
  #fileNames(): readonly string[] {
    try {
      return fs
        .readdirSync(this.#folder)
        .filter((name) => name.endsWith(ENDING))
        .sort()
        .reverse();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        this.#options.log("warn", `The kept scores cannot be read: ${(error as Error).message}.`);
      return [];
    }
  }

  #create(): number {
    fs.mkdirSync(this.#folder, { recursive: true });
    const name = `${String(Date.now())}-${String(process.pid)}-${randomBytes(4).toString("hex")}${ENDING}`;
    return fs.openSync(path.join(this.#folder, name), "wx");
  }
}

function* recordsOf(bytes: Buffer): Generator<KnownScore> {
  for (let start = 0; start + RECORD_BYTES <= bytes.length; start += RECORD_BYTES) {
    if (bytes.readUInt32LE(start + KEY_BYTES + 4) !== checkOf(bytes, start)) continue;
    yield { key: bytes.toString("latin1", start, start + KEY_BYTES), score: bytes.readFloatLE(start + KEY_BYTES) };
  }
}

/** Not 0 for the zeros that a power cut leaves in a file. */
function checkOf(bytes: Buffer, start: number): number {
  let check = CHECK;
  for (let at = start; at < start + KEY_BYTES + 4; at += 4) check = (Math.imul(check, 31) ^ bytes.readUInt32LE(at)) >>> 0;
  return check;
}
