/** How sure a statement has to be, and about what. */
export interface AuditTarget {
  /** Largest share of false negatives that is accepted, in (0, 1). */
  readonly maxFalseNegatives: number;
  /** Probability that the statement holds, in (0, 1): 1 - delta. */
  readonly confidence: number;
}

/** What the first pairs of the audit's order have come to. */
export interface AuditCount {
  /** N, pairs of the population. */
  readonly population: number;
  /** n, pairs at the beginning of the order that have a verdict, none left out. */
  readonly marked: number;
  /** k, those of them that are not clean: anything but a true negative by everyone who judged. */
  readonly falseNegatives: number;
}
