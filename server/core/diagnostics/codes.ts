/** Every data check that exists, by its code. Meanings, severities and fixes: `catalogue.ts`. */
export const DIAGNOSTIC_CODES = [
  "HN001",
  "HN002",
  "HN003",
  "HN004",
  "HN005",
  "HN006",
  "HN007",
  "HN010",
  "HN013",
  "HN101",
  "HN102",
  "HN106",
  "HN107",
  "HN201",
  "HN203",
  "HN204",
  "HN208",
  "HN302",
  "HN401",
] as const;

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];
