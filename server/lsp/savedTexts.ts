import type { TextDelta } from "#core/edits/textDelta";
import { ownText } from "#core/util/ownText";
import type { OpenDocument } from "./openDocuments";
import type { ServerHost } from "./serverHost";

/** Former lines kept of one text: more than anybody undoes. */
const MOST_FORMER = 1000;
/** A save that has not ended after this time has failed or was called off, in milliseconds. */
const LONGEST_SAVE = 10_000;

/** A text as it was when it was opened or saved last. */
interface SavedText {
  /** What the next text is compared with, line by line: the saved text, but for rows saved in the middle of a change. */
  before: readonly string[];
  /** Lines that saved changes replaced, the latest at the end: a row that becomes one of them again was undone. */
  readonly former: Set<string>;
  /** What was saved or opened last. */
  saved: readonly string[];
  /** The text on disk where somebody else wrote it and the editor has not taken it over. */
  foreign?: readonly string[];
  /** Between the announcement of a save and its end, the disk may hold what is not known to be saved yet. Calls off the wait for that end. */
  saving?: () => void;
  checked: Promise<void>;
}

/**
 * Open texts as they were last saved, so that what a person changed since can be told from what came from elsewhere: a script that wrote the
 * file, or a checkout of another version, which the editor takes over without a save. Lines that did not change are shared with the open text.
 */
export class SavedTexts {
  readonly #host: ServerHost;
  readonly #texts = new Map<string, SavedText>();

  constructor(host: ServerHost) {
    this.#host = host;
  }

  opened({ uri, rows }: OpenDocument): void {
    const lines = [...rows.lines()];
    this.#texts.set(uri, { before: lines, saved: lines, former: new Set(), checked: Promise.resolve() });
  }

  closed(uri: string): void {
    this.#texts.get(uri)?.saving?.();
    this.#texts.delete(uri);
  }

  changed({ uri, rows }: OpenDocument): void {
    const text = this.#texts.get(uri);
    if (text?.foreign === undefined) return;
    const lines = [...rows.lines()];
    if (equal(lines, text.foreign)) adopt(text, lines);
  }

  willSave(uri: string): void {
    const text = this.#texts.get(uri);
    if (text === undefined) return;
    text.saving?.();
    text.saving = this.#host.later(LONGEST_SAVE, () => {
      delete text.saving;
    });
  }

  /** A file that is open changed on disk: by a save, which changes nothing here, or by somebody else. */
  diskChanged(document: OpenDocument, path: string): void {
    const text = this.#texts.get(document.uri);
    if (text?.saving !== undefined || text === undefined) return;
    const open = [...document.rows.lines()];
    const read = async (): Promise<void> => {
      const disk = await this.#host.readLines(path);
      // A file that is gone or cannot be read says nothing about who changed it.
      if (!disk.ok || text.saving !== undefined || equal(disk.value, text.saved)) return;
      if (equal(disk.value, open)) adopt(text, open);
      else text.foreign = disk.value;
    };
    text.checked = text.checked.then(read);
  }

  /**
   * What a save is to be compared with; undefined where the text on disk was somebody else's before it, so that nobody can say what this
   * person changed. The saved text is the next one's ground.
   *
   * @param lines the saved text
   */
  async saved(uri: string, lines: readonly string[]): Promise<SavedGround | undefined> {
    const text = this.#texts.get(uri);
    if (text === undefined) return undefined;
    await text.checked;
    text.saving?.();
    delete text.saving;
    const { before, foreign, former } = text;
    adopt(text, lines);
    return foreign === undefined ? { before, former } : undefined;
  }

  /** Resolves when what the disk is known to hold has been looked at. */
  async settled(uri: string): Promise<void> {
    await this.#texts.get(uri)?.checked;
  }

  /**
   * Takes note of what a save was found to be, unless there was another meanwhile.
   *
   * @param saved the saved text
   * @param next what the next save is compared with instead
   * @param left lines that the change replaced
   */
  compared(uri: string, saved: readonly string[], { next, left }: Pick<TextDelta, "next" | "left">): void {
    const text = this.#texts.get(uri);
    if (text === undefined) return;
    if (text.saved === saved) text.before = next;
    for (const line of left) {
      text.former.delete(line);
      // A line cut from a text keeps the whole text in memory.
      text.former.add(ownText(line));
    }
    for (const line of text.former) {
      if (text.former.size <= MOST_FORMER) break;
      text.former.delete(line);
    }
  }
}

/** What a saved text is compared with. */
export interface SavedGround {
  readonly before: readonly string[];
  readonly former: ReadonlySet<string>;
}

function adopt(text: SavedText, lines: readonly string[]): void {
  text.before = lines;
  text.saved = lines;
  delete text.foreign;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
