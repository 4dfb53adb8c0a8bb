import type { AuditPair } from "../audit/auditPair";
import { pairName } from "../audit/auditPair";
import { positionsOfQuery, saltState } from "../audit/auditPosition";
import type { VerdictOf } from "../audit/auditVerdicts";
import { UNDECIDED } from "../mining/candidate";
import type { PoolFacts } from "../mining/poolFacts";
import type { TrialFile } from "./trialFile";

/** An audit as far as it has come. */
export interface AuditState {
  readonly salt: string;
  /** Position of the first pair of the audit's population without a verdict: all pairs of the population below it have one. */
  readonly cutOff: number;
  readonly verdictOf: VerdictOf;
}

/** A candidate whose permanent random number lies below the cut-off. */
export interface AuditedRow {
  readonly row: number;
  readonly pair: AuditPair;
  readonly name: string;
  /** Undefined for one that the audit's population did not hold: nobody has been asked about it yet. */
  readonly verdict: "clean" | "false" | undefined;
}

export interface AuditedQuery {
  readonly facts: PoolFacts;
  readonly rows: readonly AuditedRow[];
}

/** Queries looked at between two breaths. */
const batch = 500;

/** Queries with candidates below the cut-off, and these: all that a test of a setting has to look at, whatever the setting. */
export async function auditedRows(
  { queries, breathe }: TrialFile,
  { salt, cutOff, verdictOf }: AuditState,
): Promise<readonly AuditedQuery[]> {
  const start = saltState(salt);
  const found: AuditedQuery[] = [];
  for (const [index, facts] of queries.entries()) {
    const { query, collection } = facts.identity;
    const positionOf = positionsOfQuery(start, query.key);
    const rows: AuditedRow[] = [];
    for (let row = 0; row < facts.groups.length; row += 1) {
      if (facts.fates[row] !== UNDECIDED || !facts.isCandidate(row)) continue;
      const document = collection.groupKeys[facts.groups[row] ?? -1] ?? "";
      if (positionOf(document) >= cutOff) continue;
      const pair = { query: query.key, document, source: "" };
      rows.push({ row, pair, name: pairName(pair), verdict: verdictOf(pair)?.verdict });
    }
    if (rows.length > 0) found.push({ facts, rows });
    if (index % batch === batch - 1) await breathe();
  }
  return found;
}
