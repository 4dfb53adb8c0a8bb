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

const UNMARKED = 0;
const CLEAN = 1;
const FALSE = 2;

/** What the marks come to for an audit. Made anew after every mark: a few milliseconds for 50,000 pairs. */
export function auditSample(population: AuditPopulation, verdictOf: VerdictOf): AuditSample {
  const prepared = preparedFor(population);
  const { order, names, sourceAt } = prepared;
  const verdicts = verdictsByPlace(population, prepared, verdictOf);
  const total = new Counter();
  const sources = names.map(() => new Counter());
  for (let place = 0; place < verdicts.length; place += 1) {
    const verdict = verdicts[place] ?? UNMARKED;
    total.add(verdict, place);
    sources[sourceAt[place] ?? 0]?.add(verdict, place);
  }
  const facts = (counter: Counter): SampleFacts => counter.facts(order);
  return {
    ...facts(total),
    sources: new Map(names.map((name, i) => [name, facts(sources[i] ?? new Counter())])),
    order,
    unmarked: () => unmarkedOf(order, verdicts),
  };
}

function* unmarkedOf(order: readonly PlacedPair[], verdicts: Uint8Array): Generator<AuditPair, undefined> {
  for (const [place, { pair }] of order.entries()) if (verdicts[place] === UNMARKED) yield pair;
  return undefined;
}

/**
 * Pairs are asked about in the order of their keys, where the pairs of a query follow each other, and not in that of the audit: going through
 * them at random, the processor would wait for memory.
 */
function verdictsByPlace({ pairs }: AuditPopulation, { placeOf }: Prepared, verdictOf: VerdictOf): Uint8Array {
  const verdicts = new Uint8Array(pairs.length);
  for (const [index, pair] of pairs.entries()) {
    const verdict = verdictOf(pair)?.verdict;
    if (verdict !== undefined) verdicts[placeOf[index] ?? 0] = verdict === "clean" ? CLEAN : FALSE;
  }
  return verdicts;
}

/** What no mark changes about a population. */
interface Prepared {
  readonly order: readonly PlacedPair[];
  /** By index in the population: the place in the order. */
  readonly placeOf: Int32Array;
  /** Names of the sources, sorted; by place in the order, the number of the pair's source. */
  readonly names: readonly string[];
  readonly sourceAt: Uint32Array;
}

const known = new WeakMap<AuditPopulation, Prepared>();

function preparedFor(population: AuditPopulation): Prepared {
  const prepared = known.get(population) ?? prepare(population);
  known.set(population, prepared);
  return prepared;
}

function prepare(population: AuditPopulation): Prepared {
  const order = auditOrder(population);
  const { pairs } = population;
  const placeOfPair = new Map(order.map(({ pair }, place) => [pair, place]));
  const names = [...new Set(pairs.map(({ source }) => source))].sort();
  const numberOf = new Map(names.map((name, number) => [name, number]));
  return {
    order,
    placeOf: Int32Array.from(pairs, (pair) => placeOfPair.get(pair) ?? -1),
    names,
    sourceAt: Uint32Array.from(order, ({ pair }) => numberOf.get(pair.source) ?? 0),
  };
}

class Counter {
  #pairs = 0;
  #marked = 0;
  #falseNegatives = 0;
  #found = 0;
  /** Place of the first pair without a verdict; -1 while there is none. */
  #gap = -1;

  facts(order: readonly PlacedPair[]): SampleFacts {
    return {
      count: { population: this.#pairs, marked: this.#marked, falseNegatives: this.#falseNegatives },
      found: this.#found,
      cutOff: order[this.#gap]?.position ?? 1,
    };
  }

  add(verdict: number, place: number): void {
    this.#pairs += 1;
    if (verdict === FALSE) this.#found += 1;
    if (this.#gap !== -1) return;
    if (verdict === UNMARKED) {
      this.#gap = place;
      return;
    }
    this.#marked += 1;
    if (verdict === FALSE) this.#falseNegatives += 1;
  }
}
