import { firstKey, firstTextKey, idField, kindOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat, RecordReading } from "./format";
import { fieldsBeside } from "./passageFields";
import { finish } from "./readQuery";

const TEXT_KEYS = ["text", "contents", "content", "passage", "document_text", "document"] as const;
/** Under which of these a corpus record has its id, in order of preference. */
export const ID_KEYS = ["_id", "id", "docid", "doc_id", "text_id", "document_id", "pid"] as const;

/**
 * One passage a line: FlagEmbedding's pool (`text`), Pyserini (`id`, `contents`), Tevatron (`docid`, `title`, `text`), BEIR's corpus. The text
 * alone is embedded, as the records that mine from such a file have no titles either: negatives with titles beside positives without would
 * teach the model to look for the title.
 */
export const plainCorpus: RecordFormat = {
  id: "corpus",
  label: "corpus",
  recognises: (value) => firstTextKey(value, TEXT_KEYS) !== undefined && !Object.hasOwn(value, "query") && !Object.hasOwn(value, "anchor"),
  read: (value) => readCorpusRecord(value, { idKeys: ID_KEYS, textKeys: TEXT_KEYS, joinTitles: false }),
};

/** The same file beside records that keep titles apart, as Tevatron's do: title and text are embedded together on both sides. */
export const titledCorpus: RecordFormat = {
  ...plainCorpus,
  read: (value) => readCorpusRecord(value, { idKeys: ID_KEYS, textKeys: TEXT_KEYS, joinTitles: true }),
};

export interface CorpusFields {
  readonly idKeys: readonly string[];
  readonly textKeys: readonly string[];
  readonly joinTitles: boolean;
}

/** One passage under the first of these keys, with a title where there is one. */
export function readCorpusRecord(value: JsonObject, { idKeys, textKeys, joinTitles }: CorpusFields): RecordReading {
  const builder = new RecordBuilder();
  const key = firstTextKey(value, textKeys) ?? firstKey(value, textKeys);
  const text = key === undefined ? undefined : value[key];
  if (key === undefined) {
    builder.report("HN102", [], `The record has no "${textKeys[0] ?? ""}".`);
  } else if (typeof text !== "string") {
    builder.report("HN102", [key], `"${key}" is ${kindOf(text)}, not a text.`);
  } else {
    const title = value["title"];
    const titled = typeof title === "string" && title !== "" ? { title } : {};
    const id = idField(value, idKeys);
    const passage = builder.passage(text, [key], joinTitles || text === "" ? { ...id, ...titled } : id);
    const fields = fieldsBeside(value, [key, "title", firstKey(value, idKeys)]);
    // Not a spread of the passage with more added to it, for which V8 takes some 300 bytes.
    if (passage !== undefined) builder.documents.push({ text: passage.text, path: passage.path, ...id, ...titled, ...fields });
  }
  return finish(builder, undefined);
}
