import { auditOrder } from "../audit/auditOrder";
import type { PlacedPair } from "../audit/auditOrder";
import type { AuditPopulation } from "../audit/auditPopulation";
import type { SampleFacts } from "../audit/auditSample";
import { auditVerdicts } from "../audit/auditVerdicts";
import type { AuditVerdict } from "../audit/auditVerdicts";
import type { FoldedMarks } from "../marks/foldMarks";
import { SampleCounter } from "./sampleCounter";

/**
 * How far an audit is. The same figures as `auditSample` gives, without a walk through the population after every mark: the order is made once,
 * and only pairs of queries whose marks changed are looked at again.
 */
export class AuditProgress {
  readonly population: AuditPopulation;
  readonly order: readonly PlacedPair[];
  /** What persons say of each pair of the order. */
  readonly #verdicts: (AuditVerdict | undefined)[];
  readonly #total: SampleCounter;
  readonly #sources = new Map<string, SampleCounter>();
  /** For each pair of the order, its place in its source's own order. */
  readonly #placeInSource: Int32Array;
  /** Places in the order of each query's pairs. */
  readonly #placesOfQuery = new Map<string, number[]>();
  #marks: FoldedMarks | undefined;
  /** How many of the touched queries of `#marks` are taken in. */
  #read = 0;

  constructor(population: AuditPopulation) {
    this.population = population;
    this.order = auditOrder(population);
    this.#verdicts = new Array<AuditVerdict | undefined>(this.order.length).fill(undefined);
    this.#placeInSource = new Int32Array(this.order.length);
    const placesOfSource = new Map<string, number[]>();
    for (const [place, { pair }] of this.order.entries()) {
      const own = listOf(placesOfSource, pair.source);
      this.#placeInSource[place] = own.length;
      own.push(place);
      listOf(this.#placesOfQuery, pair.query).push(place);
    }
    const positionAt = (place: number): number => this.order[place]?.position ?? 1;
    this.#total = new SampleCounter(this.order.length, positionAt);
    for (const [source, places] of [...placesOfSource].sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.#sources.set(source, new SampleCounter(places.length, (at) => positionAt(places[at] ?? -1)));
    }
  }

  /** Takes in the marks as they are now. */
  update(marks: FoldedMarks): void {
    const isKnown = marks === this.#marks;
    const touched = isKnown ? new Set(marks.touched.slice(this.#read)) : new Set([...(this.#marks?.touched ?? []), ...marks.touched]);
    this.#marks = marks;
    this.#read = marks.touched.length;
    for (const query of touched) this.#judge(query, marks);
  }

  get total(): SampleFacts {
    return this.#total.facts;
  }

  /** By the name of the source, in the order of the names. */
  get sources(): ReadonlyMap<string, SampleFacts> {
    return new Map([...this.#sources].map(([source, counter]) => [source, counter.facts]));
  }

  /** Pairs with a verdict, wherever they stand in the order. */
  get judged(): number {
    return this.#total.judged;
  }

  verdictAt(place: number): AuditVerdict | undefined {
    return this.#verdicts[place];
  }

  /** Places in the order of a query's pairs. */
  placesOf(query: string): readonly number[] {
    return this.#placesOfQuery.get(query) ?? [];
  }

  #judge(query: string, marks: FoldedMarks): void {
    const places = this.placesOf(query);
    if (places.length === 0) return;
    const verdictOf = auditVerdicts({ inForce: () => marks.ofQuery(query) });
    for (const place of places) {
      const pair = this.order[place]?.pair;
      if (pair === undefined) continue;
      const verdict = verdictOf(pair);
      this.#verdicts[place] = verdict;
      this.#total.set(place, verdict?.verdict);
      this.#sources.get(pair.source)?.set(this.#placeInSource[place] ?? 0, verdict?.verdict);
    }
  }
}

function listOf(lists: Map<string, number[]>, name: string): number[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}
