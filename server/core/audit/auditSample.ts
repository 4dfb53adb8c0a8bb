import type { AuditCount } from "./auditBound";
import { auditOrder } from "./auditOrder";
import type { PlacedPair } from "./auditOrder";
import type { AuditPair } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import type { VerdictOf } from "./auditVerdicts";

/** What is known of some pairs of a population: all of them, or those of one source. */
export interface SampleFacts {
  /** The beginning of the pairs' order up to the first without a verdict: a random sample without replacement, whatever is marked behind it. */
  readonly count: AuditCount;
  /** False ones known anywhere among the pairs, also behind the sample. */
  readonly found: number;
  /** Position of the first pair without a verdict: all pairs below it have one. 1 where all have. */
  readonly cutOff: number;
}

export interface AuditSample extends SampleFacts {
  /** By the name of the source, in the order of the names. The sample of a source is the beginning of its own pairs' order. */
  readonly sources: ReadonlyMap<string, SampleFacts>;
  /** All pairs in the audit's order; the first `count.marked` of them are the sample. */
  readonly order: readonly PlacedPair[];
  /** Pairs without a verdict, in the audit's order. */
  readonly unmarked: () => Generator<AuditPair, undefined>;
}

/** What the marks come to for an audit, in one walk through its order. */
export function auditSample(population: AuditPopulation, verdictOf: VerdictOf): AuditSample {
  const order = auditOrder(population);
  const total = new Counter();
  const sources = new Map<string, Counter>();
  for (const { pair, position } of order) {
    let source = sources.get(pair.source);
    if (source === undefined) {
      source = new Counter();
      sources.set(pair.source, source);
    }
    const verdict = verdictOf(pair)?.verdict;
    total.add(verdict, position);
    source.add(verdict, position);
  }
  return {
    ...total.facts,
    sources: new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, counter]) => [name, counter.facts])),
    order,
    unmarked: () => unmarkedOf(order, verdictOf),
  };
}

function* unmarkedOf(order: readonly PlacedPair[], verdictOf: VerdictOf): Generator<AuditPair, undefined> {
  for (const { pair } of order) if (verdictOf(pair) === undefined) yield pair;
  return undefined;
}

class Counter {
  #pairs = 0;
  #marked = 0;
  #falseNegatives = 0;
  #found = 0;
  #cutOff: number | undefined;

  get facts(): SampleFacts {
    return {
      count: { population: this.#pairs, marked: this.#marked, falseNegatives: this.#falseNegatives },
      found: this.#found,
      cutOff: this.#cutOff ?? 1,
    };
  }

  add(verdict: "clean" | "false" | undefined, position: number): void {
    this.#pairs += 1;
    if (verdict === undefined) this.#cutOff ??= position;
    if (verdict === "false") this.#found += 1;
    if (this.#cutOff !== undefined) return;
    this.#marked += 1;
    if (verdict === "false") this.#falseNegatives += 1;
  }
}
