import type { Lane } from "#protocol/curation";
import type { MarkParams } from "#protocol/marks";
import type { Verdict } from "#protocol/review";

export interface FakeMark {
  readonly query: string;
  readonly document?: string;
  readonly verdict: Verdict;
  readonly lane?: Lane;
  /** Marks of one group go together. */
  readonly group: number;
}

/** The marks of this sitting, with undo and redo. */
export class FakeMarks {
  #all: readonly FakeMark[] = [];
  #undone: readonly FakeMark[] = [];

  /** In the order in which they were given. */
  get all(): readonly FakeMark[] {
    return this.#all;
  }

  get canUndo(): boolean {
    return this.#all.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** The newest verdict on a passage for a query, or on the query itself. */
  verdictOn(query: string, document: string | undefined): Verdict | undefined {
    return this.#all.findLast((mark) => mark.query === query && mark.document === document)?.verdict;
  }

  add({ query, document, alsoDocuments = [], verdict, lane }: MarkParams): void {
    const group = (this.#all.at(-1)?.group ?? 0) + 1;
    const mark = { query, verdict, group, ...(lane === undefined ? {} : { lane }) };
    const documents = document === undefined ? [undefined] : [document, ...alsoDocuments];
    this.#all = [...this.#all, ...documents.map((each) => ({ ...mark, ...(each === undefined ? {} : { document: each }) }))];
    this.#undone = [];
  }

  /** Takes back the last group, which is answered; empty where there is none. */
  undo(): readonly FakeMark[] {
    const group = lastGroup(this.#all);
    this.#all = this.#all.filter((mark) => !group.includes(mark));
    this.#undone = [...this.#undone, ...group];
    return group;
  }

  /** Restores the group taken back last, which is answered; empty where there is none. */
  redo(): readonly FakeMark[] {
    const group = lastGroup(this.#undone);
    this.#undone = this.#undone.filter((mark) => !group.includes(mark));
    this.#all = [...this.#all, ...group];
    return group;
  }
}

function lastGroup(marks: readonly FakeMark[]): readonly FakeMark[] {
  return marks.filter(({ group }) => group === marks.at(-1)?.group);
}
