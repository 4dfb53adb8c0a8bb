import { mkdir, open, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { errorCode, ioFailure } from "./ioFailure";

/** The part of an open file that appending needs. Node's `FileHandle` is one; tests put in disks that are full. */
export interface AppendHandle {
  stat(): Promise<{ readonly size: number }>;
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  write(data: Uint8Array, offset: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface AppendOnlyOptions {
  /** Everyone's files; made with the first line. */
  readonly folder: string;
  /** Name of the file in it that new lines go to. */
  readonly name: string;
  /** Where Git is told to merge these files by union, unless there is such a file already, which is then the person's own. */
  readonly attributes: { readonly file: string; readonly text: string };
  /** What a failure begins and ends with: that the line is not saved, and what to do. */
  readonly words: { readonly notSaved: string; readonly afterwards: string };
  /** Opens a file for reading and appending, making it where there is none. */
  readonly openForAppend?: (file: string) => Promise<AppendHandle>;
}

/** One file of a folder as it is on disk. */
export interface LinesOnDisk {
  readonly file: string;
  /** Complete lines. A torn last line, left by a crash, is not among them. */
  readonly text: string;
  /** What follows the last line feed and is not a whole JSON value; stays in the file untouched. */
  readonly torn?: string;
  /** The whole file. */
  readonly data: Buffer;
}

const LINE_FEED = 0x0a;

/** Files of JSON lines that are only ever added to, one for each person. */
export class AppendOnlyLines {
  readonly #options: AppendOnlyOptions;
  readonly #openForAppend: (file: string) => Promise<AppendHandle>;
  #ready = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AppendOnlyOptions) {
    this.#options = options;
    this.#openForAppend = options.openForAppend ?? ((file) => open(file, "a+"));
  }

  /** The file that new lines go to. */
  get file(): string {
    return path.join(this.#options.folder, this.#options.name);
  }

  /**
   * Appends lines, given without their line feeds, by one write, and resolves after they are on disk. Appends are carried out one at a time in
   * the order of the calls. After a failure the file is as it was before: no part of the lines stays.
   */
  append(...lines: readonly string[]): Promise<Result<void>> {
    if (lines.some((line) => line.includes("\n"))) throw new RangeError("A line must have no line feed in it.");
    const result = this.#last.then(() => this.#appendNow(lines));
    // The queue goes on after a bug, which whoever awaits `result` will see.
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Everyone's lines, files in the order of their names. No folder means no lines. */
  async loadAll(): Promise<Result<readonly LinesOnDisk[]>> {
    const { folder } = this.#options;
    let names: readonly string[];
    try {
      names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
    } catch (error) {
      if (errorCode(error) === "ENOENT") return ok([]);
      return err(ioFailure(error, folder, "read"));
    }
    const files: LinesOnDisk[] = [];
    for (const name of names) {
      const file = path.join(folder, name);
      try {
        files.push(linesOnDisk(file, await readFile(file)));
      } catch (error) {
        return err(ioFailure(error, file, "read"));
      }
    }
    return ok(files);
  }

  async #appendNow(lines: readonly string[]): Promise<Result<void>> {
    // Opened by name each time: Git or an editor may have put another file in its place, and a line in the old one would be lost.
    let handle: AppendHandle;
    try {
      if (!this.#ready) await this.#makeFolder();
      handle = await this.#openForAppend(this.file);
    } catch (error) {
      this.#ready = false;
      return err(this.#failure(error));
    }
    try {
      return await this.#write(handle, lines);
    } catch (error) {
      return err(this.#failure(error));
    } finally {
      await handle.close();
    }
  }

  async #write(handle: AppendHandle, lines: readonly string[]): Promise<Result<void>> {
    const { size } = await handle.stat();
    const data = Buffer.from(`${(await endsWithLine(handle, size)) ? "" : "\n"}${lines.join("\n")}\n`, "utf8");
    let written = 0;
    try {
      while (written < data.length) written += (await handle.write(data, written)).bytesWritten;
      await handle.datasync();
      // A new file's name is on disk only once its folder is.
      if (size === 0) await syncFolder(this.#options.folder);
      return ok(undefined);
    } catch (error) {
      const failure = this.#failure(error);
      return err(await this.#takeBack(handle, { size, written, failure }));
    }
  }

  /** Cuts off what was written, unless another process appended behind it: that line must not be lost for it. */
  async #takeBack(
    handle: AppendHandle,
    attempt: { readonly size: number; readonly written: number; readonly failure: Failure },
  ): Promise<Failure> {
    const { size, written, failure } = attempt;
    try {
      if ((await handle.stat()).size === size + written) await handle.truncate(size);
      return failure;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return { ...failure, message: `${failure.message} An unfinished line may stay at its end, which is skipped when it is read.` };
    }
  }

  async #makeFolder(): Promise<void> {
    const { folder, attributes } = this.#options;
    await mkdir(folder, { recursive: true });
    try {
      // Two people's lines, or one person's on two branches, merge without conflict, since lines are only ever added.
      await writeFile(attributes.file, attributes.text, { flag: "wx" });
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
    this.#ready = true;
  }

  #failure(error: unknown): Failure {
    const failure = ioFailure(error, this.file, "write");
    const { notSaved, afterwards } = this.#options.words;
    return {
      ...failure,
      reason: "disk",
      message: `${notSaved} ${failure.message}`,
      nextStep: `${failure.nextStep ?? "Check the disk."} ${afterwards}`,
    };
  }
}

/** Windows has no such thing: there a folder cannot be opened, and the name is safe with the file. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function endsWithLine(handle: AppendHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = new Uint8Array(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === LINE_FEED;
}

function linesOnDisk(file: string, data: Buffer): LinesOnDisk {
  const end = data.lastIndexOf(LINE_FEED) + 1;
  const rest = data.subarray(end).toString("utf8");
  const complete = data.subarray(0, end).toString("utf8");
  // An editor may have saved the file without its last line feed; a whole value is a line, half a value is what a crash left.
  const whole = rest.trim() !== "" && isJson(rest);
  return { file, data, text: whole ? `${complete}${rest}\n` : complete, ...(rest === "" || whole ? {} : { torn: rest }) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
