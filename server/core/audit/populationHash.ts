import type { Sha256 } from "../ports";
import type { AuditPair } from "./auditPair";
import { pairName } from "./auditPair";

/** SHA-256 in hexadecimal digits over the names of the pairs, each followed by a line feed. The pairs are sorted by query and document. */
export function populationHash(sorted: readonly Pick<AuditPair, "query" | "document">[], sha256: Sha256): string {
  return sha256(sorted.map((pair) => `${pairName(pair)}\n`).join(""));
}
