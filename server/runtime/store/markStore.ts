import { createHash } from "node:crypto";
import path from "node:path";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { AppendOnlyLines } from "./appendOnlyLines";
import type { AppendHandle, LinesOnDisk } from "./appendOnlyLines";
import { authorFileName } from "./author";
import type { ProjectHome } from "./projectHome";

/** One person's marks as they are on disk. */
export interface MarksFile {
  readonly file: string;
  /** Complete lines. A torn last line, left by a crash, is not among them. */
  readonly text: string;
  /** What follows the last line feed and is not a whole JSON value; stays in the file untouched. */
  readonly torn?: string;
  readonly lines: number;
  /** Size and hash of the whole file. */
  readonly bytes: number;
  readonly sha256: string;
}

export interface MarkStoreOptions {
  readonly home: ProjectHome;
  /** Whose file new marks go to. */
  readonly author: string;
  /** Opens a file for reading and appending, making it where there is none. */
  readonly openForAppend?: (file: string) => Promise<AppendHandle>;
}

/** Marks of a project: one append-only file of JSON lines for each person. */
export class MarkStore {
  readonly #lines: AppendOnlyLines;

  constructor({ home, author, openForAppend }: MarkStoreOptions) {
    this.#lines = new AppendOnlyLines({
      folder: path.join(home.folder, "marks"),
      name: `${authorFileName(author)}.jsonl`,
      attributes: { file: path.join(home.folder, ".gitattributes"), text: "marks/*.jsonl merge=union\n" },
      words: { notSaved: "The mark is not saved.", afterwards: "All earlier marks are safe; mark again afterwards." },
      ...(openForAppend === undefined ? {} : { openForAppend }),
    });
  }

  /** The file that new marks go to. */
  get file(): string {
    return this.#lines.file;
  }

  /** As `AppendOnlyLines.append`. */
  append(...lines: readonly string[]): Promise<Result<void>> {
    return this.#lines.append(...lines);
  }

  /** Everyone's marks, files in the order of their names. No folder means no marks. */
  async loadAll(): Promise<Result<readonly MarksFile[]>> {
    const files = await this.#lines.loadAll();
    return files.ok ? ok(files.value.map(marksFile)) : files;
  }
}

function marksFile({ data, ...file }: LinesOnDisk): MarksFile {
  return {
    ...file,
    lines: file.text === "" ? 0 : file.text.split("\n").length - 1,
    bytes: data.length,
    sha256: createHash("sha256").update(data).digest("hex"),
  };
}
