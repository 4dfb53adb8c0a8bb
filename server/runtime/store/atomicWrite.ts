import { createHash } from "node:crypto";
import { link, lstat, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { errorCode, ioFailure } from "./ioFailure";

export interface WriteOptions {
  /** Whether a file of this name may be replaced. */
  readonly overwrite: boolean;
}

export interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The content of a file, piece by piece. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Pieces are gathered up to this many bytes before they go to the disk. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Writes a file so that it is either there whole or not there at all: into a temporary file beside it, flushed, then given its name.
 * Fails without a trace where the name is taken and may not be replaced. An error thrown by `pieces` removes the temporary file and
 * is thrown on.
 */
export async function writeAtomically(file: string, pieces: Pieces, options: WriteOptions): Promise<Result<WrittenFile>> {
  const opened = await AtomicFile.open(file, options);
  if (!opened.ok) return opened;
  try {
    for await (const piece of pieces) {
      const written = await opened.value.write(piece);
      if (!written.ok) return written;
    }
    return await opened.value.commit();
  } finally {
    await opened.value.close();
  }
}

/** A file on its way, for whoever writes piece by piece. Nothing bears its name before `commit`. */
export class AtomicFile {
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #options: WriteOptions;
  readonly #hash = createHash("sha256");
  #block: Uint8Array[] = [];
  #waiting = 0;
  #bytes = 0;

  private constructor(file: string, temporary: string, handle: FileHandle, options: WriteOptions) {
    this.#file = file;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#options = options;
  }

  static async open(file: string, options: WriteOptions): Promise<Result<AtomicFile>> {
    const taken = await nameTaken(file, options);
    if (taken !== undefined) return taken;
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${String(process.pid)}.tmp`);
    try {
      return ok(new AtomicFile(file, temporary, await open(temporary, "w"), options));
    } catch (error) {
      return err(ioFailure(error, file, "write"));
    }
  }

  async write(piece: string | Uint8Array): Promise<Result<null>> {
    const data = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
    this.#block.push(data);
    this.#waiting += data.length;
    return this.#waiting < BLOCK_BYTES ? ok(null) : this.#flush();
  }

  /** Puts everything on the disk and gives the file its name. */
  async commit(): Promise<Result<WrittenFile>> {
    const flushed = await this.#flush();
    if (!flushed.ok) return flushed;
    try {
      await this.#handle.sync();
      await this.#handle.close();
    } catch (error) {
      return err(ioFailure(error, this.#file, "write"));
    }
    const named = await giveName(this.#temporary, this.#file, this.#options);
    return named.ok ? ok({ file: this.#file, bytes: this.#bytes, sha256: this.#hash.digest("hex") }) : named;
  }

  /** To be called at the end in any case. Takes away what was not committed. */
  async close(): Promise<void> {
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<Result<null>> {
    const data = Buffer.concat(this.#block);
    this.#block = [];
    this.#waiting = 0;
    this.#hash.update(data);
    this.#bytes += data.length;
    try {
      await this.#handle.writeFile(data);
      return ok(null);
    } catch (error) {
      return err(ioFailure(error, this.#file, "write"));
    }
  }
}

async function nameTaken(file: string, options: WriteOptions): Promise<Result<never> | undefined> {
  try {
    const found = await lstat(file);
    if (found.isDirectory()) return err(ioFailure(Object.assign(new Error(), { code: "EISDIR" }), file, "write"));
    return options.overwrite ? undefined : existing(file);
  } catch (error) {
    return errorCode(error) === "ENOENT" ? undefined : err(ioFailure(error, file, "write"));
  }
}

function existing(file: string): Result<never> {
  return err({
    reason: "bad-arguments",
    message: "The file exists already and is left as it is.",
    nextStep: "Choose another name, or remove it first.",
    place: { file },
  });
}

/** A hard link fails where the name was taken in the meantime, which a rename would not; some file systems have none. */
async function giveName(temporary: string, file: string, options: WriteOptions): Promise<Result<null>> {
  try {
    if (!options.overwrite) {
      try {
        await link(temporary, file);
        await rm(temporary, { force: true });
        return ok(null);
      } catch (error) {
        if (errorCode(error) === "EEXIST") return existing(file);
      }
      if ((await nameTaken(file, options)) !== undefined) return existing(file);
    }
    await rename(temporary, file);
    return ok(null);
  } catch (error) {
    return err(ioFailure(error, file, "write"));
  }
}
