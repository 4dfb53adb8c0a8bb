import { foldMarks } from "../marks/foldMarks";
import type { FoldedMarks, MarkFold } from "../marks/foldMarks";
import type { Mark, RevisionMark, VerdictMark } from "../marks/mark";
import { markLine } from "../marks/newMark";
import { readMarkFiles } from "../marks/readMarkFiles";
import type { MarkFileProblem } from "../marks/readMarkFiles";
import type { Clock } from "../ports";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { MarkLog } from "./markLog";

/** A verdict before it has a name, a time and an author. */
export type MarkDraft = Omit<VerdictMark, "kind" | "mark" | "time" | "author" | "tool" | "group">;

export interface JournalOptions {
  readonly log: MarkLog;
  readonly author: string;
  readonly clock: Clock;
  /** A fresh name for a mark. */
  readonly newId: () => string;
  /** Name and version of this program, kept with each mark. */
  readonly tool: string;
}

/**
 * All marks of a project in memory and on disk. Memory changes only after the disk has: a mark that is answered is a mark that is
 * kept. Changes are carried out one after the other, in the order of the calls.
 */
export class MarkJournal {
  readonly #options: JournalOptions;
  #folded: MarkFold = foldMarks([]);
  #problems: readonly MarkFileProblem[] = [];
  /** The lines that `#folded` was made from. */
  #lines = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: JournalOptions) {
    this.#options = options;
  }

  static async open(options: JournalOptions): Promise<Result<MarkJournal>> {
    const journal = new MarkJournal(options);
    const loaded = await journal.reload();
    return loaded.ok ? ok(journal) : loaded;
  }

  /** The marks as they are now. A new mark changes this very object; `reload` puts another in its place. */
  get folded(): FoldedMarks {
    return this.#folded;
  }

  /** What is wrong with the files as they were read last. All that can be used of them is. */
  get problems(): readonly MarkFileProblem[] {
    return this.#problems;
  }

  get author(): string {
    return this.#options.author;
  }

  /** Reads the files again: another person's marks, a merge, a file that was edited by hand. False where they hold what is known already. */
  reload(): Promise<Result<boolean>> {
    return this.#inTurn(async () => {
      const files = await this.#options.log.loadAll();
      if (!files.ok) return files;
      const lines = files.value.flatMap((file) => file.text.split("\n").filter((line) => line !== ""));
      // Each mark of this very program is told of by whoever watches the files.
      const different = new Set(lines);
      if (different.size === this.#lines.size && lines.every((line) => this.#lines.has(line))) return ok(false);
      this.#lines = different;
      const { folded, problems } = readMarkFiles(files.value);
      this.#folded = folded;
      this.#problems = problems;
      return ok(true);
    });
  }

  async add(draft: MarkDraft): Promise<Result<VerdictMark>> {
    const added = await this.addAll([draft]);
    return added.ok ? ok(itemAt(added.value, 0)) : added;
  }

  /** Several verdicts in one turn and by one write, all or none. Where there is more than one, they are a group: undone and redone together. */
  addAll(drafts: readonly MarkDraft[]): Promise<Result<readonly VerdictMark[]>> {
    return this.#inTurn(() => {
      const marks = drafts.map((draft): VerdictMark => ({ kind: "verdict", ...this.#heading(), ...draft, tool: this.#options.tool }));
      const [first] = marks;
      return this.#append(marks.length < 2 || first === undefined ? marks : marks.map((mark) => ({ ...mark, group: first.mark })));
    });
  }

  /** Takes back the person's last verdict, with its group; none where there is nothing to take back. In the order in which they are gone. */
  undo(): Promise<Result<readonly VerdictMark[]>> {
    return this.#revise("undo", () => this.#folded.nextUndo(this.author));
  }

  /** Restores the verdict that was taken back last, with its group; none where there is nothing to restore. */
  redo(): Promise<Result<readonly VerdictMark[]>> {
    return this.#revise("redo", () => this.#folded.nextRedo(this.author));
  }

  /** Takes back these verdicts of the person, wherever they stand among the others, and answers with those that were still in force. */
  takeBack(names: ReadonlySet<string>): Promise<Result<readonly VerdictMark[]>> {
    return this.#revise("undo", () => this.#folded.inForce().filter(({ mark, author }) => names.has(mark) && author === this.author));
  }

  #revise(kind: RevisionMark["kind"], next: () => readonly VerdictMark[]): Promise<Result<readonly VerdictMark[]>> {
    return this.#inTurn(async () => {
      const verdicts = next();
      const written = await this.#append(
        verdicts.map(({ mark }): RevisionMark => ({ kind, ...this.#heading(), of: mark, tool: this.#options.tool })),
      );
      return written.ok ? ok(verdicts) : written;
    });
  }

  #heading(): { readonly mark: string; readonly time: string; readonly author: string } {
    return { mark: this.#options.newId(), time: this.#options.clock(), author: this.author };
  }

  async #append<M extends Mark>(marks: readonly M[]): Promise<Result<readonly M[]>> {
    if (marks.length === 0) return ok(marks);
    const lines = marks.map(markLine);
    const written = await this.#options.log.append(...lines);
    if (!written.ok) return written;
    for (const line of lines) this.#lines.add(line);
    for (const mark of marks) this.#folded.add(mark);
    return ok(marks);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    // A bug in one change is seen by its caller and must not block the next change.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
