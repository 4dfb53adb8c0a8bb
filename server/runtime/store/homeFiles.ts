import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { HomeFiles } from "#core/ports";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { writeAtomically } from "./atomicWrite";
import { loadText } from "./configStore";
import { errorCode, ioFailure } from "./ioFailure";

/** Far above any adapter (a matrix of 8192 x 8192 has a quarter of it), and what still fits into memory. */
const LARGEST_FILE = 2 ** 30;

/** The small files of one folder on disk, in general `.nearmiss`. The folder and those in it are made with the first file written. */
export class FolderFiles implements HomeFiles {
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param folder absolute path */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async readText(name: string): Promise<Result<string>> {
    const file = this.#place(name);
    return file.ok ? loadText(file.value) : file;
  }

  async readBytes(name: string): Promise<Result<Uint8Array>> {
    const file = this.#place(name);
    if (!file.ok) return file;
    try {
      const { size } = await stat(file.value);
      if (size <= LARGEST_FILE) return ok(await readFile(file.value));
      const message = `The file has ${String(size)} bytes, which is more than the ${String(LARGEST_FILE)} that are read.`;
      return err({ reason: "unsupported", message, nextStep: "Put the right file in its place.", place: { file: file.value } });
    } catch (error) {
      return err(ioFailure(error, file.value, "read"));
    }
  }

  writeText(name: string, text: string): Promise<Result<null>> {
    return this.#write(name, text);
  }

  writeBytes(name: string, bytes: Uint8Array): Promise<Result<null>> {
    return this.#write(name, bytes);
  }

  async claim(folder: string): Promise<Result<boolean>> {
    const place = this.#place(folder);
    if (!place.ok) return place;
    try {
      await mkdir(path.dirname(place.value), { recursive: true });
      await mkdir(place.value);
      return ok(true);
    } catch (error) {
      return errorCode(error) === "EEXIST" && (await isThere(place.value)) ? ok(false) : err(ioFailure(error, place.value, "write"));
    }
  }

  /** Names that begin with a dot are left out: files on their way, and what the system keeps in folders. */
  async list(folder: string): Promise<Result<readonly string[]>> {
    const place = this.#place(folder);
    if (!place.ok) return place;
    try {
      return ok((await readdir(place.value)).filter((name) => !name.startsWith(".")).sort());
    } catch (error) {
      const code = errorCode(error);
      return code === "ENOENT" || code === "ENOTDIR" ? ok([]) : err(ioFailure(error, place.value, "read"));
    }
  }

  /** One after the other, since two writings of one file would share the temporary file. */
  #write(name: string, content: string | Uint8Array): Promise<Result<null>> {
    const result = this.#last.then(() => this.#writeNow(name, content));
    // The queue goes on after a bug, which whoever awaits `result` will see.
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #writeNow(name: string, content: string | Uint8Array): Promise<Result<null>> {
    const file = this.#place(name);
    if (!file.ok) return file;
    try {
      await mkdir(path.dirname(file.value), { recursive: true });
    } catch (error) {
      return err(ioFailure(error, path.dirname(file.value), "write"));
    }
    const written = await writeAtomically(file.value, [content], { overwrite: true });
    return written.ok ? ok(null) : written;
  }

  /** Where a name lies. Names come from the configuration and the panel, and must not lead out of the folder on any system. */
  #place(name: string): Result<string> {
    const parts = name.split("/");
    if (parts.every(isPlainName)) return ok(path.join(this.#folder, ...parts));
    const message = `${JSON.stringify(name)} is not a name of a file in ${path.basename(this.#folder)}.`;
    return err({ reason: "bad-arguments", message, nextStep: "Use names of letters, digits, dots, dashes, underscores and blanks." });
  }
}

/** Tells a name that is taken from a file that stands where its folder belongs. */
async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) !== undefined) return false;
    throw error;
  }
}

function isPlainName(part: string): boolean {
  return part !== "" && part !== "." && part !== ".." && !/[\\:\u0000-\u001f]/u.test(part);
}
