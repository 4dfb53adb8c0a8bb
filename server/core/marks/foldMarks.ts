import type { Mark, RevisionMark, VerdictMark } from "./mark";

/** Why a line had no effect. */
export interface IgnoredMark {
  readonly mark: Mark;
  readonly why: string;
}

/** The state that a sequence of marks leads to. */
export interface FoldedMarks {
  /** Lines whose mark is there twice, or that name another person's mark. */
  readonly ignored: readonly IgnoredMark[];
  /** What the person's next undo takes back, the last first: a verdict, or all that is left of a group. Empty where there is nothing. */
  nextUndo(author: string): readonly VerdictMark[];
  /** What the person's next redo restores, in the order in which it was made. Empty where there is nothing. */
  nextRedo(author: string): readonly VerdictMark[];
  /** Verdicts in force on a query and its passages: for each person and passage the newest that was not taken back. */
  ofQuery(queryKey: string): readonly VerdictMark[];
  /** All text keys under which verdicts name a query by this id. */
  keysOfQueryId(id: string): readonly string[];
  /** Keys of all queries with a verdict in force. */
  markedQueries(): readonly string[];
  /** All verdicts in force, query by query. */
  inForce(): readonly VerdictMark[];
  /** A person's verdicts that were not taken back, superseded ones among them, in the order in which they were made. */
  historyOf(author: string): readonly VerdictMark[];
  /** Key of a query for each verdict that came into force or went out of it, in this order: whoever follows the marks reads on from where it was. */
  readonly touched: readonly string[];
  /** The state of this moment, which lines added later leave alone. */
  snapshot(): FoldedMarks;
}

/** Folds all lines of all persons' files. The order matters within one person's lines only. */
export function foldMarks(marks: Iterable<Mark>): MarkFold {
  const folded = new MarkFold();
  for (const mark of marks) {
    folded.add(mark);
  }
  return folded;
}

/** What one person did, in order: undo takes the last of `done`, redo the last of `undone`. */
interface History {
  readonly done: VerdictMark[];
  readonly undone: VerdictMark[];
}

/**
 * Folds line by line. A newer verdict of the same person on the same pair supersedes the older; taking it back restores the older. A new
 * verdict ends what could be redone, as in any editor.
 */
export class MarkFold implements FoldedMarks {
  readonly ignored: IgnoredMark[] = [];
  readonly touched: string[] = [];
  readonly #lines: Mark[] = [];
  readonly #verdicts = new Map<string, VerdictMark>();
  readonly #revisions = new Set<string>();
  readonly #histories = new Map<string, History>();
  /** By query key, then by author and document: the active verdicts on that pair, oldest first. */
  readonly #pairs = new Map<string, Map<string, VerdictMark[]>>();
  /** Query keys under which a query id was marked. */
  readonly #keysOfId = new Map<string, Set<string>>();
  /** Undo and redo lines read before the verdict they name, as merging two versions of a file can leave them. */
  readonly #waiting = new Map<string, RevisionMark[]>();

  snapshot(): FoldedMarks {
    return foldMarks(this.#lines);
  }

  /** Takes in one more line. Equal to folding everything anew. */
  add(mark: Mark): void {
    this.#lines.push(mark);
    if (this.#verdicts.has(mark.mark) || this.#revisions.has(mark.mark)) {
      this.ignored.push({ mark, why: "this mark is there twice" });
    } else if (mark.kind === "verdict") {
      this.#addVerdict(mark);
    } else {
      this.#revisions.add(mark.mark);
      this.#revise(mark);
    }
  }

  nextUndo(author: string): readonly VerdictMark[] {
    return lastGroup(this.#histories.get(author)?.done ?? []);
  }

  nextRedo(author: string): readonly VerdictMark[] {
    return lastGroup(this.#histories.get(author)?.undone ?? []);
  }

  ofQuery(queryKey: string): readonly VerdictMark[] {
    return [...(this.#pairs.get(queryKey)?.values() ?? [])].flatMap((active) => active.slice(-1));
  }

  keysOfQueryId(id: string): readonly string[] {
    return [...(this.#keysOfId.get(id) ?? [])];
  }

  markedQueries(): readonly string[] {
    return [...this.#pairs.keys()];
  }

  inForce(): readonly VerdictMark[] {
    return this.markedQueries().flatMap((key) => this.ofQuery(key));
  }

  historyOf(author: string): readonly VerdictMark[] {
    return this.#histories.get(author)?.done ?? [];
  }

  #addVerdict(mark: VerdictMark): void {
    this.#verdicts.set(mark.mark, mark);
    const history = this.#history(mark.author);
    history.done.push(mark);
    history.undone.length = 0;
    this.#activate(mark);
    if (mark.query.id !== undefined) {
      const keys = this.#keysOfId.get(mark.query.id) ?? new Set();
      this.#keysOfId.set(mark.query.id, keys.add(mark.query.key));
    }
    const waiting = this.#waiting.get(mark.mark) ?? [];
    this.#waiting.delete(mark.mark);
    for (const revision of waiting) {
      this.#revise(revision);
    }
  }

  #revise(revision: RevisionMark): void {
    const verdict = this.#verdicts.get(revision.of);
    if (verdict === undefined) {
      this.#waiting.set(revision.of, [...(this.#waiting.get(revision.of) ?? []), revision]);
      return;
    }
    if (verdict.author !== revision.author) {
      this.ignored.push({ mark: revision, why: "the mark it names is another person's" });
      return;
    }
    const history = this.#history(verdict.author);
    if (revision.kind === "undo") {
      move(verdict, history.done, history.undone);
      this.#deactivate(verdict);
    } else {
      move(verdict, history.undone, history.done);
      this.#activate(verdict);
    }
  }

  #activate(mark: VerdictMark): void {
    this.touched.push(mark.query.key);
    const pairs = this.#pairs.get(mark.query.key) ?? new Map<string, VerdictMark[]>();
    this.#pairs.set(mark.query.key, pairs);
    const active = pairs.get(pairName(mark)) ?? [];
    if (!active.includes(mark)) {
      pairs.set(pairName(mark), [...active, mark]);
    }
  }

  #deactivate(mark: VerdictMark): void {
    this.touched.push(mark.query.key);
    const pairs = this.#pairs.get(mark.query.key);
    const left = pairs?.get(pairName(mark))?.filter((other) => other !== mark) ?? [];
    if (left.length > 0) {
      pairs?.set(pairName(mark), left);
      return;
    }
    pairs?.delete(pairName(mark));
    if (pairs?.size === 0) {
      this.#pairs.delete(mark.query.key);
    }
  }

  #history(author: string): History {
    const history = this.#histories.get(author) ?? { done: [], undone: [] };
    this.#histories.set(author, history);
    return history;
  }
}

/** One person's one opinion: of a passage for the query, or of the query itself. */
function pairName(mark: VerdictMark): string {
  return JSON.stringify([mark.author, mark.document?.key ?? null]);
}

/** The last of a history and what was made with it, the last first. A merge can put other marks between those of a group. */
function lastGroup(history: readonly VerdictMark[]): readonly VerdictMark[] {
  const last = history.at(-1);
  if (last?.group === undefined) return last === undefined ? [] : [last];
  return history.filter(({ group }) => group === last.group).reverse();
}

function move(verdict: VerdictMark, from: VerdictMark[], to: VerdictMark[]): void {
  const index = from.lastIndexOf(verdict);
  if (index !== -1) {
    from.splice(index, 1);
  }
  if (!to.includes(verdict)) {
    to.push(verdict);
  }
}
