import type { Collection, Query } from "../collection/collection";
import type { SamplerConfig } from "../config/samplerSchema";
import { positivesInForce, type QueryVerdicts } from "../marks/verdictsForQuery";
import { drawFromCorpus } from "./drawFromCorpus";
import type { Groupings } from "./filters/rule";
import { membersOfGroups } from "./groupMembers";
import { entryName, isDense, isLexical } from "./sourceSettings";
import type { SourceSettings } from "./sourceSettings";

/** Documents found by their words, best first. */
export interface WordHits {
  readonly documents: readonly number[];
  /** BM25 scores, in the same order. */
  readonly scores: readonly number[];
}

/** What one source will propose, as far as it is known before the vectors are asked. */
export type PlannedList =
  | { readonly kind: "nearest"; readonly depth: number }
  | ({ readonly kind: "words" } & WordHits)
  /** The nearest and those found by words, by reciprocal-rank fusion with the constant k. */
  | { readonly kind: "fused"; readonly depth: number; readonly k: number; readonly words: WordHits }
  /** Members of a group, which stand nearest first once their scores are known. */
  | { readonly kind: "group"; readonly documents: readonly number[]; readonly note?: string }
  | { readonly kind: "drawn"; readonly documents: readonly number[] };

/** What to search for one query before anything can be decided about it. */
export interface RetrievalPlan {
  /** Index in `Collection.queries`. */
  readonly query: number;
  /** How many of the nearest minable documents are needed; 0 where no source looks at them. */
  readonly depth: number;
  /** Whether documents with exactly the same text count as one, the first, as they do in sentence-transformers. */
  readonly onePerText: boolean;
  /** Documents in force as positives. */
  readonly positives: readonly number[];
  /** Documents to score besides the nearest, each once: those of the lists first, as they would be without marks, then what somebody judged. */
  readonly extra: readonly number[];
  /** One for each source of the mix, in its order. */
  readonly lists: readonly PlannedList[];
}

export interface PlanInput {
  readonly collection: Collection;
  /** Index in `Collection.queries`. */
  readonly query: number;
  readonly sampler: SamplerConfig;
  readonly sources: readonly SourceSettings[];
  readonly verdicts: QueryVerdicts;
  readonly groupings: Groupings;
  /** "lexical" while there are no vectors: what would be searched by them is searched by words. */
  readonly retrieval: "lexical" | "dense";
  /** Searches by words. Asked where a source needs it, or where there are no vectors. */
  readonly searchWords: (query: string, count: number) => WordHits;
}

/** Plans the search for one query: a pure function of the collection, the sampler and the marks. */
export function planRetrieval(input: PlanInput): RetrievalPlan {
  const { collection, query, sampler, sources, verdicts, retrieval } = input;
  const asked = collection.queries[query];
  if (asked === undefined) {
    throw new RangeError(`The collection has no query ${String(query)}.`);
  }
  const positives = positivesInForce(asked, verdicts, collection);
  const lists = sources.map((settings, position) => listOf(settings, input, { query: asked, positives, position }));
  const depths = sources.map((settings) => (isDense(settings) ? depthOf(asked, settings, verdicts) : 0));
  const judged = retrieval === "dense" ? judgedDocuments(collection, verdicts) : [];
  const named = [...lists.flatMap(documentsIn), ...verdicts.pinned, ...judged];
  return {
    query,
    depth: retrieval === "dense" ? Math.max(0, ...depths) : 0,
    onePerText: sampler.compat !== null,
    positives,
    extra: named.length === 0 ? named : [...new Set(named)],
    lists,
  };
}

/** Marks teach by what is known of their pairs, also where no source finds the passage any more. They make it no candidate. */
function judgedDocuments({ groups }: Collection, { pinned, promoted, marksOfGroup }: QueryVerdicts): readonly number[] {
  if (marksOfGroup.size === 0) return [];
  const named = new Set([...pinned, ...promoted]);
  return [...marksOfGroup.keys()]
    .sort((a, b) => a - b)
    .flatMap((group) => groups[group]?.find((document) => named.has(document)) ?? groups[group]?.[0] ?? []);
}

interface Asked {
  readonly query: Query;
  readonly positives: readonly number[];
  /** Of the source in the mix. */
  readonly position: number;
}

function listOf(settings: SourceSettings, input: PlanInput, { query: asked, positives, position }: Asked): PlannedList {
  const { sampler, verdicts, retrieval, searchWords, groupings } = input;
  const depth = depthOf(asked, settings, verdicts);
  if (settings.source === "random") {
    const name = `${String(sampler.seed)}:${asked.key}:corpus${entryName(input.sources, position)}`;
    return { kind: "drawn", documents: drawFromCorpus({ ...input, query: asked, settings, name }) };
  }
  if (settings.source === "same_article" || settings.source === "same_topic") {
    const grouping = settings.source === "same_article" ? groupings.article : groupings.topic;
    return { kind: "group", ...membersOfGroups({ grouping, positives, settings, query: asked, seed: sampler.seed }) };
  }
  if (retrieval === "lexical" || settings.source === "bm25") {
    return { kind: "words", ...searchWords(asked.text, depth) };
  }
  return isLexical(settings)
    ? { kind: "fused", depth, k: sampler.hybrid.k, words: searchWords(asked.text, depth) }
    : { kind: "nearest", depth };
}

/**
 * The window ends at `range_max`. Ranks counted after the filters need as many documents more as own positives and the query itself can
 * take away; under sentence-transformers' rules the settings say how many, by the largest number of positives that any query has.
 */
function depthOf(query: Query, settings: SourceSettings, verdicts: QueryVerdicts): number {
  if (settings.compat !== null || !settings.range_after_filters) {
    return settings.depth;
  }
  return settings.depth + query.positives.length + query.twinPositives.length + verdicts.excluded.size + (query.group === -1 ? 0 : 1);
}

function documentsIn(list: PlannedList): readonly number[] {
  switch (list.kind) {
    case "nearest":
      return [];
    case "fused":
      return list.words.documents;
    default:
      return list.documents;
  }
}
