import type { FoldedMarks } from "../marks/foldMarks";
import type { VerdictMark } from "../marks/mark";
import type { AuditPair } from "./auditPair";

/** What persons' marks come to for one pair, and which marks these are. */
export interface AuditVerdict {
  /** "clean": everybody who judged says true negative. Everything else counts as a false negative, doubt and disagreement among it. */
  readonly verdict: "clean" | "false";
  /** Names of the marks that it rests on, sorted. */
  readonly marks: readonly string[];
  /** Who made them, sorted, each once. */
  readonly authors: readonly string[];
}

/** The verdict on a pair; undefined where nobody has judged it. */
export type VerdictOf = (pair: Pick<AuditPair, "query" | "document">) => AuditVerdict | undefined;

/**
 * The verdicts in force as an audit counts them, from any lane: what makes the sample random is its order alone. "later" is no verdict.
 * A query that somebody calls bad makes all its pairs false, also those that nobody judged. Made once for a state of the marks.
 */
export function auditVerdicts(marks: Pick<FoldedMarks, "inForce">): VerdictOf {
  const queries = new Map<string, QueryMarks>();
  for (const mark of marks.inForce()) {
    if (mark.verdict === "later") continue;
    const found = queries.get(mark.query.key) ?? { onQuery: [], onPairs: new Map<string, VerdictMark[]>() };
    queries.set(mark.query.key, found);
    if (mark.document === undefined) {
      found.onQuery.push(mark);
      continue;
    }
    const onPair = found.onPairs.get(mark.document.key);
    if (onPair === undefined) found.onPairs.set(mark.document.key, [mark]);
    else onPair.push(mark);
  }
  const verdicts = new Map([...queries].map(([query, found]) => [query, verdictsOf(found)]));
  return ({ query, document }) => {
    const found = verdicts.get(query);
    return found?.onPairs.get(document) ?? found?.onQuery;
  };
}

interface QueryMarks {
  readonly onQuery: VerdictMark[];
  readonly onPairs: Map<string, VerdictMark[]>;
}

interface QueryVerdicts {
  /** What holds for pairs without marks of their own. */
  readonly onQuery: AuditVerdict | undefined;
  readonly onPairs: ReadonlyMap<string, AuditVerdict>;
}

function verdictsOf({ onQuery, onPairs }: QueryMarks): QueryVerdicts {
  return {
    onQuery: onQuery.length === 0 ? undefined : verdictFrom(onQuery),
    onPairs: new Map([...onPairs].map(([document, marks]) => [document, verdictFrom([...onQuery, ...marks])])),
  };
}

function verdictFrom(marks: readonly VerdictMark[]): AuditVerdict {
  const [only] = marks;
  if (marks.length === 1 && only !== undefined)
    return { verdict: only.verdict === "true_negative" ? "clean" : "false", marks: [only.mark], authors: [only.author] };
  return {
    verdict: marks.every(({ verdict }) => verdict === "true_negative") ? "clean" : "false",
    marks: marks.map(({ mark }) => mark).sort(),
    authors: [...new Set(marks.map(({ author }) => author))].sort(),
  };
}
