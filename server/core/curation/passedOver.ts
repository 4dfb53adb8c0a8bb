import { pairName } from "../audit/auditPair";
import type { PairKeys } from "./card";

/** The first of some pairs that the person did not pass over; where all were, the one that was passed over first. */
export function firstNotPassed<P extends PairKeys>(pairs: Iterable<P>, passedOver: readonly PairKeys[]): P | undefined {
  const places = new Map(passedOver.map((pair, place) => [pairName(pair), place]));
  let passed: { readonly pair: P; readonly place: number } | undefined;
  for (const pair of pairs) {
    const place = places.get(pairName(pair));
    if (place === undefined) return pair;
    if (passed === undefined || place < passed.place) passed = { pair, place };
  }
  return passed?.pair;
}
