import { chmod, mkdir, open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import type { AnswerCache, ChatAnswer } from "#core/chat/chat";
import type { Logger } from "#core/ports";
import { errorCode } from "../store/ioFailure";
import { answerLine, nameOfLine, readAnswerLine } from "./answerLine";

/** Bytes of one of the two files. With twenty alternatives a token, an answer of 100 tokens takes about 100 kB, else 1 kB. */
const MOST_BYTES = 128 * 1024 ** 2;
const PIECE_BYTES = 1024 ** 2;
const LINE_FEED = 0x0a;

/** Where a line stands. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** One file and what is known of it. */
interface KnownFile {
  readonly path: string;
  /** Another file under the same name is another file. */
  identity: string;
  /** Everything before is known. */
  read: number;
  readonly places: Map<string, Place>;
}

export interface FileAnswerCacheOptions {
  /** Bytes of a file from which on a new one is begun. */
  readonly mostBytes?: number;
}

/**
 * Answers of language models on disk: JSON lines in `answers/answers.jsonl` of the user's cache folder, which only the user may read. Lines
 * are only ever appended, each by one write that begins a new line, so that several processes share the file and a torn line costs nothing
 * but itself. At 128 MB the file becomes `answers-before.jsonl` in place of the one that was there: the folder never holds more than twice
 * that, and the oldest answers go first. It may be deleted at any time.
 */
export class FileAnswerCache implements AnswerCache {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #mostBytes: number;
  readonly #current: KnownFile;
  readonly #before: KnownFile;
  #ready = false;
  #isTold = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, logger: Logger, options: FileAnswerCacheOptions = {}) {
    this.#folder = path.join(folder, "answers");
    this.#logger = logger;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    this.#current = unknown(path.join(this.#folder, "answers.jsonl"));
    this.#before = unknown(path.join(this.#folder, "answers-before.jsonl"));
  }

  get(name: string): Promise<ChatAnswer | undefined> {
    return this.#inTurn(() => this.#find(name), undefined);
  }

  put(name: string, answer: ChatAnswer): Promise<void> {
    return this.#inTurn(() => this.#append(name, answer), undefined);
  }

  /** One thing at a time. A disk that refuses is told of once; work goes on without what it should have given or kept. */
  #inTurn<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    const done = this.#last.then(async () => {
      try {
        return await work();
      } catch (error) {
        const code = errorCode(error);
        if (code === undefined) throw error;
        this.#tell(code);
        return otherwise;
      }
    });
    // The queue goes on after a bug, which whoever awaits `done` will see.
    this.#last = done.catch(() => undefined);
    return done;
  }

  #tell(code: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#logger(
      "warn",
      `Answers of language models cannot be kept in ${this.#folder} (${code}): a run that is stopped would ask for them again.`,
    );
  }

  async #find(name: string): Promise<ChatAnswer | undefined> {
    for (const file of [this.#current, this.#before]) {
      // What this process knows is enough, unless another one has begun a new file meanwhile: the line itself says whether it is the right one.
      const found = (await answerAt(file, name)) ?? ((await readOn(file)) ? await answerAt(file, name) : undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #append(name: string, answer: ChatAnswer): Promise<void> {
    if (!this.#ready) await this.#makeFolder();
    const bytes = Buffer.from(`\n${answerLine(name, answer)}\n`, "utf8");
    const handle = await this.#openForAppend();
    try {
      const { bytesWritten } = await handle.write(bytes);
      // The part is a torn line, which whatever follows does not touch.
      if (bytesWritten < bytes.length) this.#tell("ENOSPC");
    } finally {
      await handle.close();
    }
  }

  async #openForAppend(): Promise<FileHandle> {
    const handle = await open(this.#current.path, "a", 0o600);
    const { size } = await handle.stat();
    if (size < this.#mostBytes) return handle;
    await handle.close();
    await rename(this.#current.path, this.#before.path);
    return open(this.#current.path, "a", 0o600);
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const [file, mode] of [
      [this.#folder, 0o700],
      [this.#current.path, 0o600],
      [this.#before.path, 0o600],
    ] as const) {
      try {
        await chmod(file, mode);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw error;
      }
    }
    this.#ready = true;
  }
}

function unknown(file: string): KnownFile {
  return { path: file, identity: "", read: 0, places: new Map() };
}

async function answerAt(file: KnownFile, name: string): Promise<ChatAnswer | undefined> {
  const place = file.places.get(name);
  if (place === undefined) return undefined;
  const handle = await openToRead(file.path);
  if (handle === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(place.length);
    const { bytesRead } = await handle.read(bytes, 0, place.length, place.start);
    const read = bytesRead === place.length ? readAnswerLine(bytes.toString("utf8")) : undefined;
    return read?.name === name ? read.answer : undefined;
  } finally {
    await handle.close();
  }
}

/** Gets to know what was appended since, or the whole of a file that is another one now. False: there was nothing new. */
async function readOn(file: KnownFile): Promise<boolean> {
  const handle = await openToRead(file.path);
  if (handle === undefined) return false;
  try {
    const { dev, ino, size } = await handle.stat();
    const identity = `${String(dev)}:${String(ino)}`;
    if (identity !== file.identity || size < file.read) {
      file.identity = identity;
      file.read = 0;
      file.places.clear();
    }
    if (size === file.read) return false;
    await readLines(handle, file, size);
    return true;
  } finally {
    await handle.close();
  }
}

/** A last line without its end may still be on its way from another process, and is read again next time. */
async function readLines(handle: FileHandle, file: KnownFile, size: number): Promise<void> {
  let rest = Buffer.alloc(0);
  let at = file.read;
  while (at < size) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED, start)) {
      const name = nameOfLine(rest.subarray(start, end));
      if (name !== undefined) file.places.set(name, { start: file.read + start, length: end - start });
      start = end + 1;
    }
    file.read += start;
    rest = rest.subarray(start);
  }
}

async function openToRead(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
