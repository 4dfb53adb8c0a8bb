import type { SuggestionsText } from "../suggestions/readSuggestionFiles";
import type { Result } from "../util/result";

/** The suggestions of a project on disk: one append-only file for each person who had a model asked. */
export interface SuggestionLog {
  /** Resolves after the lines are on disk, all by one write; after a failure the file is as it was. */
  append(...lines: readonly string[]): Promise<Result<void>>;
  /** Everyone's complete lines, in the order of the file names. */
  loadAll(): Promise<Result<readonly SuggestionsText[]>>;
}
