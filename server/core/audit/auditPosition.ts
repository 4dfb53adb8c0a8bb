import { absorb, digest, HASH_START } from "../util/random";
import type { HashState } from "../util/random";
import type { AuditPair } from "./auditPair";

/**
 * The permanent random number of a pair, in [0, 1): the audit goes through pairs in ascending order of it. It depends on the salt and on
 * the pair alone, so that a pair keeps its place whatever else is emitted. Another program recomputes it so: with w1 and w2 the first two
 * words, as unsigned 32-bit integers, of cyrb128 over the text `salt + " " + query + " " + document`, it is (w1 * 2^21 + floor(w2 / 2^11)) / 2^53.
 */
export function auditPosition(salt: string, { query, document }: Pick<AuditPair, "query" | "document">): number {
  return positionsOfQuery(saltState(salt), query)(document);
}

/** What the positions of all pairs of an audit have in common. */
export function saltState(salt: string): HashState {
  return absorb(HASH_START, `${salt} `);
}

/** The positions of one query's pairs, by the key of the passage: the same numbers as `auditPosition`, at a third of the cost. */
export function positionsOfQuery(salt: HashState, query: string): (document: string) => number {
  const state = absorb(salt, `${query} `);
  return (document) => {
    const [high, low] = digest(absorb(state, document));
    // 53 bits, which a number holds exactly: equal positions are as good as impossible.
    return ((high >>> 0) * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };
}
