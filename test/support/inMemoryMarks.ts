import type { MarkLog } from "#core/session/markLog";
import { err, ok } from "#core/util/result";

/** Files of marks without a disk. */
export class InMemoryMarks implements MarkLog {
  readonly files: Map<string, string>;
  readonly #own: string;
  writes = 0;
  isFull = false;

  /** @param own name of the file that marks go to */
  constructor(own: string, files = new Map<string, string>()) {
    this.#own = own;
    this.files = files;
  }

  append(...lines: readonly string[]) {
    if (this.isFull) return Promise.resolve(err({ reason: "disk", message: "The disk is full." } as const));
    this.writes += 1;
    this.files.set(this.#own, `${this.files.get(this.#own) ?? ""}${lines.map((line) => `${line}\n`).join("")}`);
    return Promise.resolve(ok(undefined));
  }

  loadAll() {
    return Promise.resolve(ok([...this.files].map(([file, text]) => ({ file, text }))));
  }
}
