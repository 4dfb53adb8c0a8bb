/**
 * Column names under which published sentence-transformers data sets keep their texts, in order of preference. The library
 * itself goes by column order and ignores the names.
 */
export const QUERY_COLUMNS = ["anchor", "query", "question", "sentence1", "sentence_A", "query_text"] as const;
export const POSITIVE_COLUMNS = [
  "positive",
  "answer",
  "document",
  "doc_pos",
  "gold_passage",
  "positives",
  "sentence2",
  "sentence_B",
  "passage",
  "doc",
] as const;
/** "negetive" stands in published data; left out, its texts would be lost without a word. */
export const NEGATIVE_COLUMNS = ["negative", "doc_neg", "hard_negative", "negatives", "hard_negatives", "negetive"] as const;
/** The passage column of a labelled pair. */
export const PASSAGE_COLUMNS = [
  "passage",
  "document",
  "doc",
  "sentence2",
  "sentence_B",
  "answer",
  "response",
  "text",
  "positive",
  "doc_pos",
  "gold_passage",
] as const;
export const LABEL_COLUMNS = ["label", "score", "relevance"] as const;
/** The passages and the labels of a labelled list. */
export const PASSAGE_LIST_COLUMNS = ["docs", "documents", "passages", "candidates", "answers", "responses"] as const;
export const LABEL_LIST_COLUMNS = ["labels", "label", "scores", "score"] as const;
export const QUERY_ID_COLUMNS = ["query_id", "qid", "anchor_id"] as const;
export const PASSAGE_ID_COLUMNS = ["doc_id", "docid", "passage_id", "pid"] as const;

/** `negative_1` to `negative_n`; LightOn's data sets count from `negative_0`. */
const NUMBERED_NEGATIVE = /^(?:hard_)?(?:negative|neg)_?([0-9]+)$/;

const KNOWN_COLUMNS: ReadonlySet<string> = new Set([
  ...QUERY_COLUMNS,
  ...POSITIVE_COLUMNS,
  ...NEGATIVE_COLUMNS,
  ...PASSAGE_COLUMNS,
  ...LABEL_COLUMNS,
  ...PASSAGE_ID_COLUMNS,
]);

/** Whether a column is one of those that hold the query, its passages or their labels. Any other says something about the query. */
export function isKnownColumn(name: string): boolean {
  return KNOWN_COLUMNS.has(name) || NUMBERED_NEGATIVE.test(name);
}

/** The record's numbered negative columns by number. */
export function numberedNegatives(value: Readonly<Record<string, unknown>>): readonly string[] {
  const numbered: { readonly key: string; readonly number: number }[] = [];
  for (const key of Object.keys(value)) {
    const digits = NUMBERED_NEGATIVE.exec(key)?.[1];
    if (digits !== undefined) numbered.push({ key, number: Number(digits) });
  }
  return numbered.sort((a, b) => a.number - b.number).map(({ key }) => key);
}

/** Lists that say themselves what their texts are; numbers beside them are no labels. */
const SELF_EXPLAINING = [...NEGATIVE_COLUMNS, "neg", "pos", "positives", "negative_passages", "positive_passages"] as const;

/** Whether a record with these members may be a labelled list under a name of its own: none of them tells positives from negatives. */
export function mayBeLabeledList(names: readonly string[]): boolean {
  return !names.some((name) => SELF_EXPLAINING.some((known) => known === name) || NUMBERED_NEGATIVE.test(name));
}
