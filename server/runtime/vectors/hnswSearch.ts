import type { HierarchicalNSW } from "hnswlib-node";
import type { IndexChoice } from "#core/ports";
import { loadHnswlib } from "./nativeModules";
import type { SlicedCalculation } from "./taskQueue";
import type { VectorTable } from "./vectorTable";

/** hnswlib's own default; the same graph grows from the same documents each time. */
const LEVEL_SEED = 100;
/** Insertions in a slice: about 30 ms. */
const INSERTIONS_PER_SLICE = 64;

/**
 * Approximate search in a graph (Malkov and Yashunin 2018). Later changes of the table are told by `update`; a graph that has seen many of
 * them finds less, see `updates`. Not written to disk: a rebuild gives the same graph and needs no check of what a file holds.
 */
export class HnswSearch {
  readonly m: number;
  readonly efConstruction: number;
  /** Length of the list searched with: longer finds more and takes longer. May be changed at any time. */
  ef: number;
  readonly #graph: HierarchicalNSW;
  readonly #table: VectorTable;
  /** Slots that have been in the graph, and whether the graph still gives them back. */
  readonly #alive = new Map<number, boolean>();
  #updates = 0;

  private constructor(choice: IndexChoice, graph: HierarchicalNSW, table: VectorTable) {
    this.m = choice.m;
    this.efConstruction = choice.efConstruction;
    this.ef = choice.ef;
    this.#graph = graph;
    this.#table = table;
  }

  static *build(table: VectorTable, choice: IndexChoice): SlicedCalculation<HnswSearch> {
    const { HierarchicalNSW } = loadHnswlib();
    const graph = new HierarchicalNSW("ip", table.dimensions);
    graph.initIndex(Math.max(1, table.size), choice.m, choice.efConstruction, LEVEL_SEED);
    const search = new HnswSearch(choice, graph, table);
    let inserted = 0;
    for (const slot of [...table.slots()]) {
      // Since the last slice it may have been dropped.
      if (!table.has(slot)) continue;
      search.#insert(slot);
      if (++inserted % INSERTIONS_PER_SLICE === 0) yield undefined;
    }
    return search;
  }

  /** Documents put or dropped since the graph was built. */
  get updates(): number {
    return this.#updates;
  }

  /** Makes the graph agree with the table about a slot that was put or dropped. */
  update(slot: number): void {
    if (this.#table.has(slot)) {
      this.#insert(slot);
    } else if (this.#alive.get(slot) === true) {
      this.#graph.markDelete(slot);
      this.#alive.set(slot, false);
    }
    this.#updates++;
  }

  /** Slots of about `wanted` nearest documents, nearest first by the graph's distances. */
  nearest(query: Float32Array, wanted: number): Int32Array {
    const k = Math.min(wanted, this.#graph.getCurrentCount());
    if (k === 0) return new Int32Array(0);
    this.#graph.setEf(Math.max(this.ef, k));
    // The binding takes plain arrays only.
    return Int32Array.from(this.#graph.searchKnn(Array.from(query), k).neighbors);
  }

  #insert(slot: number): void {
    const known = this.#alive.get(slot);
    const capacity = this.#graph.getMaxElements();
    if (known === undefined && this.#graph.getCurrentCount() >= capacity) this.#graph.resizeIndex(Math.ceil(capacity * 1.5) + 1);
    if (known === false) this.#graph.unmarkDelete(slot);
    this.#graph.addPoint(Array.from(this.#table.vector(slot)), slot);
    this.#alive.set(slot, true);
  }
}
