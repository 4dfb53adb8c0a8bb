/** Passages that belong together: of one article, or of one topic. */
export interface Grouping {
  /** Group of each document of the collection; -1 for one that belongs to none. */
  readonly groupOf: Int32Array;
  /** Minable documents of each group; in the order of the order field where there is one, else of the collection. */
  readonly members: readonly Int32Array[];
  /** Place of each document in its group by the order field; -1 where it is not known. Absent without an order field. */
  readonly places?: Int32Array;
  /** What a group is called to people: the article's key, or a topic's most telling words. */
  readonly names: readonly string[];
}
