import path from "node:path";
import type { SuggestionLog } from "#core/session/suggestionLog";
import type { SuggestionsText } from "#core/suggestions/readSuggestionFiles";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { AppendOnlyLines } from "./appendOnlyLines";
import type { AppendHandle } from "./appendOnlyLines";
import { authorFileName } from "./author";

export interface SuggestionStoreOptions {
  /** The project's folder `.nearmiss`. */
  readonly homeFolder: string;
  /** Whose file new suggestions go to. */
  readonly author: string;
  /** Opens a file for reading and appending, making it where there is none. */
  readonly openForAppend?: (file: string) => Promise<AppendHandle>;
}

/** What language models were asked in a project, and said: one append-only file of JSON lines for each person who asked. */
export class SuggestionStore implements SuggestionLog {
  readonly #lines: AppendOnlyLines;

  constructor({ homeFolder, author, openForAppend }: SuggestionStoreOptions) {
    const folder = path.join(homeFolder, "suggestions");
    this.#lines = new AppendOnlyLines({
      folder,
      name: `${authorFileName(author)}.jsonl`,
      // In the folder itself: the project's own file has been there since the first mark, and may have been changed by the person.
      attributes: { file: path.join(folder, ".gitattributes"), text: "*.jsonl merge=union\n" },
      words: { notSaved: "The model's answer is not saved.", afterwards: "All earlier answers are safe; go on with the run afterwards." },
      ...(openForAppend === undefined ? {} : { openForAppend }),
    });
  }

  /** The file that new suggestions go to. */
  get file(): string {
    return this.#lines.file;
  }

  append(...lines: readonly string[]): Promise<Result<void>> {
    return this.#lines.append(...lines);
  }

  async loadAll(): Promise<Result<readonly SuggestionsText[]>> {
    const files = await this.#lines.loadAll();
    if (!files.ok) return files;
    return ok(files.value.map(({ file, text, torn }) => ({ file, text, ...(torn === undefined ? {} : { torn }) })));
  }
}
