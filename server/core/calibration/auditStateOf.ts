import type { AuditPopulation } from "../audit/auditPopulation";
import { auditSample } from "../audit/auditSample";
import { auditVerdicts } from "../audit/auditVerdicts";
import type { FoldedMarks } from "../marks/foldMarks";
import type { AuditState } from "./auditedRows";

/** How far an audit has come, for tests of settings. */
export function auditStateOf(population: AuditPopulation, marks: FoldedMarks): AuditState {
  const verdictOf = auditVerdicts(marks);
  return { salt: population.salt, cutOff: auditSample(population, verdictOf).cutOff, verdictOf };
}
