import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { detectEncoding } from "#core/jsonl/encoding";
import type { Breathe } from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { errorCode, ioFailure } from "./ioFailure";
import { LineCutter, MAX_LINE_BYTES } from "./lineCutter";
import type { SourceLine } from "./lineCutter";

/** What is known of a data file after it was read whole. */
export interface FileFacts {
  readonly file: string;
  /** Size and hash of the bytes on disk: of the compressed ones where the file is compressed. */
  readonly bytes: number;
  readonly sha256: string;
  /** Time of the last change, in milliseconds since 1970. */
  readonly mtimeMs: number;
  readonly lines: number;
  readonly gzip: boolean;
  /** Whether the file begins with a UTF-8 byte order mark. It stays at the start of the first line's text, as U+FEFF. */
  readonly bom: boolean;
  /** Whether the last line ends with a line feed. True for an empty file. */
  readonly finalNewline: boolean;
  /** Lines that are not UTF-8 (HN004). */
  readonly badLines: readonly number[];
}

export interface ReadOptions {
  readonly breathe?: Breathe;
  readonly cancellation?: Cancellation;
  /** Bytes read at a time. */
  readonly chunkBytes?: number;
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a data file of any size from disk, slice by slice, and hands over its lines in order. Gzip is seen by its first bytes and
 * unpacked on the way. Fails where the file is missing, is not text in UTF-8, or changed while it was being read; slices that were
 * handed over before a failure are then worthless.
 */
export async function readFileLines(
  file: string,
  onLines: (lines: readonly SourceLine[]) => void | Promise<void>,
  options: ReadOptions = {},
): Promise<Result<FileFacts>> {
  const slices = fileLines(file, options);
  for (;;) {
    const next = await slices.next();
    if (next.done === true) return next.value;
    await onLines(next.value);
  }
}

/** The same for whoever wants to pull: yields slices of lines, returns the facts or the failure. */
export async function* fileLines(file: string, options: ReadOptions = {}): AsyncGenerator<readonly SourceLine[], Result<FileFacts>> {
  let handle: FileHandle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    return err(ioFailure(error, file, "read"));
  }
  try {
    return yield* readHandle(handle, file, options);
  } catch (error) {
    return err(unpackFailure(error, file) ?? ioFailure(error, file, "read"));
  } finally {
    await handle.close();
  }
}

/** The same with all lines at once, for files that are kept in memory anyway. */
export async function readAllLines(
  file: string,
  options: ReadOptions = {},
): Promise<Result<{ readonly facts: FileFacts; readonly lines: readonly SourceLine[] }>> {
  const lines: SourceLine[] = [];
  const facts = await readFileLines(
    file,
    (slice) => {
      appendAll(lines, slice);
    },
    options,
  );
  return facts.ok ? ok({ facts: facts.value, lines }) : facts;
}

async function* readHandle(
  handle: FileHandle,
  file: string,
  options: ReadOptions,
): AsyncGenerator<readonly SourceLine[], Result<FileFacts>> {
  const before = await handle.stat();
  if (before.isDirectory())
    return err({
      reason: "bad-arguments",
      message: "This is a folder, where a file is needed.",
      nextStep: "Name a file in it.",
      place: { file },
    });
  const reading = new Reading(handle, options.chunkBytes ?? CHUNK_BYTES);
  const head = await reading.head();
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!gzip && file.endsWith(".gz") && before.size > 0) {
    return err({
      reason: "bad-encoding",
      message: "The name ends with .gz, but the content is not gzip.",
      nextStep: "Rename the file, or compress it again.",
      place: { file },
    });
  }
  const bytes = gzip ? gunzip(reading.chunks()) : reading.chunks();
  const pass = yield* cutLines(bytes, file, options);
  if (!pass.ok) return pass;
  const after = await stat(file);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || after.ino !== before.ino || reading.bytes !== before.size) {
    return err({
      reason: "superseded",
      message: "The file changed while it was being read.",
      nextStep: "Try again once it is written completely.",
      place: { file },
    });
  }
  return ok({ file, bytes: reading.bytes, sha256: reading.sha256(), mtimeMs: before.mtimeMs, gzip, ...pass.value });
}

type LinePass = Pick<FileFacts, "lines" | "bom" | "finalNewline" | "badLines">;

async function* cutLines(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  options: ReadOptions,
): AsyncGenerator<readonly SourceLine[], Result<LinePass>> {
  const cutter = new LineCutter();
  const badLines: number[] = [];
  let bom = false;
  let first = true;
  let finalNewline = true;
  for await (const chunk of bytes) {
    if (options.cancellation?.requested === true) return err({ reason: "cancelled", message: "Reading was stopped.", place: { file } });
    if (first) {
      const encoding = detectEncoding(chunk, file);
      if (!encoding.ok) return encoding;
      bom = encoding.value.byteOrderMark > 0;
      first = false;
    }
    if (chunk.length > 0) finalNewline = chunk[chunk.length - 1] === 0x0a;
    const lines = cutter.push(chunk);
    for (const { line, bytes: raw } of lines) if (raw !== undefined) badLines.push(line);
    if (lines.length > 0) yield lines;
    if (cutter.pendingBytes > MAX_LINE_BYTES) return err(tooLong(file, cutter.lines + 1));
    await options.breathe?.();
  }
  const last = cutter.finish();
  for (const { line, bytes: raw } of last) if (raw !== undefined) badLines.push(line);
  if (last.length > 0) yield last;
  return ok({ lines: cutter.lines, bom, finalNewline, badLines });
}

function tooLong(file: string, line: number): Failure {
  return {
    reason: "unsupported",
    message: `The line is longer than ${String(MAX_LINE_BYTES / 1024 / 1024)} MB.`,
    nextStep: "Check that the file has one record on each line.",
    place: { file, line },
  };
}

/** The bytes of an open file in order, hashed and counted as they pass. */
class Reading {
  readonly #handle: FileHandle;
  readonly #buffer: Uint8Array;
  readonly #hash = createHash("sha256");
  #head: Uint8Array | undefined;
  #position = 0;

  constructor(handle: FileHandle, chunkBytes: number) {
    this.#handle = handle;
    this.#buffer = new Uint8Array(chunkBytes);
  }

  get bytes(): number {
    return this.#position;
  }

  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** The first chunk, which `chunks` will give again. */
  async head(): Promise<Uint8Array> {
    this.#head ??= await this.#next();
    return this.#head;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.head(); chunk.length > 0; chunk = await this.#next()) yield chunk;
  }

  async #next(): Promise<Uint8Array> {
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, this.#buffer.length, this.#position);
    const chunk = this.#buffer.subarray(0, bytesRead);
    this.#hash.update(chunk);
    this.#position += bytesRead;
    return chunk;
  }
}

/** zlib keeps a chunk until it has consumed it, while the reading overwrites its buffer: hence the copy. */
async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const copies = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) yield chunk.slice();
  };
  const source = Readable.from(copies(), { objectMode: true, highWaterMark: 2 });
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  source.on("error", (error) => unpacked.destroy(error));
  try {
    for await (const chunk of source.pipe(unpacked)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function unpackFailure(error: unknown, file: string): Failure | undefined {
  const code = error instanceof Error && errorCode(error) === undefined ? (error as Error & { readonly code?: unknown }).code : undefined;
  if (typeof code !== "string" || !code.startsWith("Z_")) return undefined;
  const what = code === "Z_BUF_ERROR" ? "The gzip file ends too early" : "The gzip file is damaged";
  return { reason: "bad-encoding", message: `${what} (${code}).`, nextStep: "Fetch or compress it again.", place: { file } };
}

/** `push(...slice)` would overflow the stack on a slice of some hundred thousand short lines. */
function appendAll<T>(target: T[], slice: readonly T[]): void {
  for (const item of slice) target.push(item);
}
