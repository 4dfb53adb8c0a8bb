import type { MarksText } from "../marks/readMarkFiles";
import type { Result } from "../util/result";

/** The marks of a project on disk: one append-only file for each person. */
export interface MarkLog {
  /** Resolves after the lines are on disk, all by one write; after a failure the file is as it was. */
  append(...lines: readonly string[]): Promise<Result<void>>;
  /** Everyone's complete lines, in the order of the file names. */
  loadAll(): Promise<Result<readonly MarksText[]>>;
}
