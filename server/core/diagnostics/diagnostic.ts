import type { Span } from "../jsonl/jsonNode";
import type { TextEdit } from "../jsonl/spanEdit";
import type { DiagnosticCode } from "./codes";

export type Severity = "hint" | "information" | "warning" | "error";

/** One finding of a data check, ready to be shown. Lines are zero-based, offsets UTF-16 units within the line. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Names the value at fault. */
  readonly message: string;
  readonly line: number;
  readonly span: Span;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** Another place that the finding is about. */
export interface Related {
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

/** A way out. Only safe ones may be carried out without being looked at: they lose nothing that a reader of the file would get. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly LineEdit[];
}

/** A change of one line, or the removal of a line with its ending. */
export type LineEdit = LineReplacement | LineRemoval;

export interface LineReplacement extends TextEdit {
  readonly kind: "replace";
  /** Zero-based. */
  readonly line: number;
}

export interface LineRemoval {
  readonly kind: "remove_line";
  /** Zero-based. */
  readonly line: number;
}
