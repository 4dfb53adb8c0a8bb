import type { RowProblem } from "../jsonl/readRecord";
import type { RowDocument } from "../jsonl/rowDocument";
import { CATALOGUE, RULES, severityOf, type SeverityOverrides } from "./catalogue";
import type { Diagnostic } from "./diagnostic";
import type { Finding, Rule } from "./rule";
import { RowUnderCheck } from "./rowUnderCheck";

/** Checks one line by itself, in the order of the places found. */
export function checkRow(document: RowDocument, line: number, overrides: SeverityOverrides): readonly Diagnostic[] {
  return diagnosticsOf(RowUnderCheck.of(document, line), overrides);
}

/** All findings of the line-by-line checks on a line. */
export function diagnosticsOf(row: RowUnderCheck, overrides: SeverityOverrides): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const problem of row.row.problems) add(found, row, CATALOGUE[problem.code], findingOf(problem), overrides);
  for (const rule of CHECKING_RULES) {
    if (severityOf(rule.code, overrides) === undefined) continue;
    for (const finding of rule.check?.(row) ?? []) add(found, row, rule, finding, overrides);
  }
  return found.length < 2 ? found : found.sort((a, b) => a.span.start - b.span.start || compareCodes(a.code, b.code));
}

/** A finding with its severity, its place and its fixes; undefined where the config switches the rule off. */
export function diagnosticOf(row: RowUnderCheck, rule: Rule, finding: Finding, overrides: SeverityOverrides): Diagnostic | undefined {
  const severity = severityOf(rule.code, overrides);
  if (severity === undefined) return undefined;
  const span = visible(finding.span ?? row.span(finding.path ?? []));
  const { message, related = [] } = finding;
  return { code: rule.code, severity, message, line: row.line, span, related, fixes: rule.fixes?.(row, finding) ?? [] };
}

const CHECKING_RULES = RULES.filter(({ check }) => check !== undefined);

function add(found: Diagnostic[], row: RowUnderCheck, rule: Rule, finding: Finding, overrides: SeverityOverrides): void {
  const diagnostic = diagnosticOf(row, rule, finding, overrides);
  if (diagnostic !== undefined) found.push(diagnostic);
}

function findingOf(problem: RowProblem): Finding {
  if ("path" in problem) return { message: problem.message, path: problem.path };
  return { message: problem.message, reason: problem.reason, span: { start: problem.start, end: problem.end } };
}

/** A place between two characters cannot be underlined: the one before it is taken as well. */
function visible({ start, end }: { readonly start: number; readonly end: number }) {
  return start === end && start > 0 ? { start: start - 1, end } : { start, end };
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
