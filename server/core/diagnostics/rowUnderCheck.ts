import { normaliseText } from "../collection/textKey";
import type { JsonPath, RecordFormat, RecordPassage, TrainingRecord } from "../formats/format";
import { nodeAt, type JsonNode, type Span } from "../jsonl/jsonNode";
import { scanJson } from "../jsonl/jsonScanner";
import { readRow, textStart, type Row } from "../jsonl/readRecord";
import type { RowDocument } from "../jsonl/rowDocument";
import type { TextEdit } from "../jsonl/spanEdit";
import type { LineEdit } from "./diagnostic";
import type { PositiveIndex } from "./positiveIndex";

/** One line as the checks see it. The line is read for spans only when a finding asks for one. */
export class RowUnderCheck {
  readonly line: number;
  readonly text: string;
  readonly row: Row;
  readonly format: RecordFormat | undefined;
  /** Whether the text ends with this line. */
  readonly isLast: boolean;
  /** All positives of the query, those of other lines included; undefined while a line is checked alone. */
  readonly elsewhere: PositiveIndex | undefined;
  readonly #normalised = new Map<RecordPassage, string>();
  #scanned: { readonly root: JsonNode | undefined } | undefined;

  private constructor(
    line: number,
    text: string,
    row: Row,
    at: { readonly format: RecordFormat | undefined; readonly isLast: boolean },
    elsewhere: PositiveIndex | undefined,
  ) {
    this.line = line;
    this.text = text;
    this.row = row;
    this.format = at.format;
    this.isLast = at.isLast;
    this.elsewhere = elsewhere;
  }

  static of(document: RowDocument, line: number, elsewhere?: PositiveIndex): RowUnderCheck {
    const at = { format: document.format, isLast: line + 1 === document.lineCount };
    return new RowUnderCheck(line, document.line(line), document.row(line), at, elsewhere);
  }

  /** The same line with another text, read anew. */
  withText(text: string): RowUnderCheck {
    return new RowUnderCheck(this.line, text, readRow(text, this.format), this, this.elsewhere);
  }

  /** The same line, compared with all positives of its query. */
  comparedWith(elsewhere: PositiveIndex): RowUnderCheck {
    return new RowUnderCheck(this.line, this.text, this.row, this, elsewhere);
  }

  get record(): TrainingRecord | undefined {
    return this.row.record;
  }

  /** The line's value with its spans. */
  get root(): JsonNode | undefined {
    this.#scanned ??= scanJson(this.text, textStart(this.text));
    return this.#scanned.root;
  }

  node(path: JsonPath): JsonNode | undefined {
    return nodeAt(this.root, path);
  }

  /** Where the value at a path stands; the whole line where it does not exist. */
  span(path: JsonPath): Span {
    const node = this.node(path);
    return node === undefined ? { start: 0, end: this.text.length } : { start: node.start, end: node.end };
  }

  /** The passage's text in the form in which texts are compared. */
  normalised(passage: RecordPassage): string {
    let known = this.#normalised.get(passage);
    if (known === undefined) {
      known = normaliseText(passage.text);
      this.#normalised.set(passage, known);
    }
    return known;
  }

  /** Edits of this line's text as edits of the document. */
  edits(edits: readonly TextEdit[]): readonly LineEdit[] {
    return edits.map(({ start, end, text }) => ({ kind: "replace", line: this.line, start, end, text }));
  }
}
