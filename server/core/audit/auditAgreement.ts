import type { FoldedMarks } from "../marks/foldMarks";
import { PAIR_VERDICTS } from "../marks/mark";
import type { PairVerdict } from "../marks/mark";
import { agreement } from "./agreement";
import type { PersonVerdict } from "./agreement";
import { pairName } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import type { Certificate, CertifiedCount } from "./certificate";

/** How far persons agree on the audit's pairs, where some were judged by more than one. */
export function agreementOf(
  population: AuditPopulation,
  marks: Pick<FoldedMarks, "inForce">,
  { marked, false_negatives: falseNegatives }: Pick<CertifiedCount, "marked" | "false_negatives">,
): Certificate["agreement"] {
  const byPair = new Map<string, PersonVerdict[]>();
  const known = new Set(population.pairs.map(pairName));
  for (const { query, document, author, verdict } of marks.inForce()) {
    const name = document === undefined ? "" : pairName({ query: query.key, document: document.key });
    if (!known.has(name) || !isPairVerdict(verdict)) continue;
    byPair.set(name, [...(byPair.get(name) ?? []), { author, verdict }]);
  }
  const found = agreement([...byPair.values()], marked === 0 ? undefined : falseNegatives / marked);
  if (found === undefined) return undefined;
  const { pairs, comparisons, agreement: observed, kappa, text } = found;
  return { pairs, comparisons, agreement: observed, ...(kappa === undefined ? {} : { kappa }), text };
}

function isPairVerdict(verdict: string): verdict is PairVerdict {
  return (PAIR_VERDICTS as readonly string[]).includes(verdict);
}
