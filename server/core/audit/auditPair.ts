/** A negative that a configuration emits, by the text keys of its query and its passage. */
export interface AuditPair {
  readonly query: string;
  readonly document: string;
  /** The source of the mix that gave it; "listed" for a pinned passage that no source found. */
  readonly source: string;
}

/** Names a pair within a data set. Keys hold no blank. */
export function pairName({ query, document }: Pick<AuditPair, "query" | "document">): string {
  return `${query} ${document}`;
}
