import type { JsonPath } from "../formats/format";
import type { Span } from "../jsonl/jsonNode";
import type { SyntaxReason } from "../jsonl/syntaxProblem";
import type { DiagnosticCode } from "./codes";
import type { Fix, Related, Severity } from "./diagnostic";
import type { RowUnderCheck } from "./rowUnderCheck";

/** Something that a check found in one line. It stands at its span, else at the value of its path. */
export interface Finding {
  readonly message: string;
  readonly path?: JsonPath;
  readonly span?: Span;
  readonly reason?: SyntaxReason;
  readonly related?: readonly Related[];
}

/** One data check: what it is called, how grave it is, what it finds, and how that is put right. */
export interface Rule {
  readonly code: DiagnosticCode;
  /** A few words, as headings and quick-fix menus show them. */
  readonly title: string;
  /** Unless the config says otherwise. */
  readonly severity: Severity;
  /** Why it matters, in a sentence or two. */
  readonly explanation: string;
  /** "safe": every fix is safe. "unsafe": every fix asks first. "both": it depends on the finding. "none": there is no fix. */
  readonly fixSafety: "safe" | "unsafe" | "both" | "none";
  /** Findings that reading the line alone does not already report. */
  readonly check?: (row: RowUnderCheck) => Iterable<Finding>;
  readonly fixes?: (row: RowUnderCheck, finding: Finding) => readonly Fix[];
}
