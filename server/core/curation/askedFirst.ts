import { pairName } from "../audit/auditPair";
import { auditPosition } from "../audit/auditPosition";
import type { LaneAnswer, PairKeys } from "./card";

/** Pairs that tests of other settings wait for, in the order of an audit's random numbers. */
export interface AskedFirst {
  /** Of the audit that the tests rest on. */
  readonly salt: string;
  readonly pairs: readonly PairKeys[];
}

export function askedFirst(salt: string, pairs: readonly PairKeys[]): AskedFirst {
  const placed = pairs.map(({ query, document }) => ({ query, document, position: auditPosition(salt, { query, document }) }));
  return { salt, pairs: placed.sort((a, b) => a.position - b.position).map(({ query, document }) => ({ query, document })) };
}

/**
 * The next of such pairs; undefined where none is open or all were passed over. What it says gives nothing away: they are as random as the pairs of the
 * audit, only from what the other setting would emit.
 *
 * @param open those without a verdict that the person did not put off
 * @param left pairs left in the audit's own order
 */
export function nextAskedFirst(open: readonly PairKeys[], passedOver: readonly PairKeys[], left: number): LaneAnswer | undefined {
  const passed = new Set(passedOver.map(pairName));
  const next = open.find((pair) => !passed.has(pairName(pair)));
  if (next === undefined) return undefined;
  return { next, left: left + open.length, text: "Drawn at random from what another setting would emit: its test waits for it." };
}
