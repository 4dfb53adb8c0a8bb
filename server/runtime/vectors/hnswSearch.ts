import type { HierarchicalNSW } from "hnswlib-node";
import type { IndexChoice } from "#core/ports";
import { loadHnswlib } from "./nativeModules";
import type { SlicedCalculation } from "../process/taskQueue";
import type { VectorTable } from "./vectorTable";

/** hnswlib's own default; the same graph grows from the same documents each time. */
const LEVEL_SEED = 100;
/** Insertions in a slice: about 30 ms. */
const INSERTIONS_PER_SLICE = 64;

/**
 * Approximate search in a graph (Malkov and Yashunin 2018). It follows its table; a graph that has seen many changes finds less, see
 * `updates`. Not written to disk: a rebuild gives the same graph and needs no check of what a file holds.
 */
export class HnswSearch {
  readonly m: number;
  readonly efConstruction: number;
  /** Length of the list searched with: longer finds more and takes longer. May be changed at any time. */
  ef: number;
  readonly table: VectorTable;
  readonly #graph: HierarchicalNSW;
  /** Slots that have been in the graph, and whether the graph still gives them back. */
  readonly #alive = new Map<number, boolean>();
  #updates = 0;
  #unfollow: (() => void) | undefined;

  private constructor(choice: IndexChoice, graph: HierarchicalNSW, table: VectorTable) {
    this.m = choice.m;
    this.efConstruction = choice.efConstruction;
    this.ef = choice.ef;
    this.table = table;
    this.#graph = graph;
  }

  static *build(table: VectorTable, choice: IndexChoice): SlicedCalculation<HnswSearch> {
    const { HierarchicalNSW } = loadHnswlib();
    const graph = new HierarchicalNSW("ip", table.dimensions);
    graph.initIndex(Math.max(1, table.size), choice.m, choice.efConstruction, LEVEL_SEED);
    const search = new HnswSearch(choice, graph, table);
    const changed = new Set<number>();
    const unfollow = table.follow((slot) => changed.add(slot));
    try {
      let inserted = 0;
      for (const slot of [...table.slots()]) {
        // Since the last slice it may have been dropped.
        if (!table.has(slot)) continue;
        search.#insert(slot);
        if (++inserted % INSERTIONS_PER_SLICE === 0) yield undefined;
      }
    } finally {
      unfollow();
    }
    for (const slot of changed) search.#update(slot);
    search.#unfollow = table.follow((slot) => {
      search.#update(slot);
    });
    return search;
  }

  /** Documents put or dropped since the graph was built. */
  get updates(): number {
    return this.#updates;
  }

  /** Slots of about `wanted` nearest documents, nearest first by the graph's distances. */
  nearest(query: Float32Array, wanted: number): Int32Array {
    const k = Math.min(wanted, this.#graph.getCurrentCount());
    if (k === 0) return new Int32Array(0);
    this.#graph.setEf(Math.max(this.ef, k));
    // The binding takes plain arrays only.
    return Int32Array.from(this.#graph.searchKnn(Array.from(query), k).neighbors);
  }

  /** No longer hears of changes. */
  close(): void {
    this.#unfollow?.();
  }

  /** Makes the graph agree with the table about a slot that was put or dropped. */
  #update(slot: number): void {
    if (this.table.has(slot)) {
      this.#insert(slot);
    } else if (this.#alive.get(slot) === true) {
      this.#graph.markDelete(slot);
      this.#alive.set(slot, false);
    }
    this.#updates++;
  }

  #insert(slot: number): void {
    const known = this.#alive.get(slot);
    const capacity = this.#graph.getMaxElements();
    if (known === undefined && this.#graph.getCurrentCount() >= capacity) this.#graph.resizeIndex(Math.ceil(capacity * 1.5) + 1);
    if (known === false) this.#graph.unmarkDelete(slot);
    this.#graph.addPoint(Array.from(this.table.vector(slot)), slot);
    this.#alive.set(slot, true);
  }
}
