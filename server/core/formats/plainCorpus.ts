import { firstKey, firstTextKey, idField, kindOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat } from "./format";
import { finish } from "./readQuery";

const TEXT_KEYS = ["text", "contents", "content", "passage", "document_text", "document"] as const;
const ID_KEYS = ["_id", "id", "docid", "doc_id", "text_id", "document_id", "pid"] as const;

/** One passage a line: FlagEmbedding's pool (`text`), Pyserini (`id`, `contents`), Tevatron (`docid`, `title`, `text`), BEIR's corpus. */
export const plainCorpus: RecordFormat = {
  id: "corpus",
  label: "corpus",
  recognises: (value) => firstTextKey(value, TEXT_KEYS) !== undefined && !Object.hasOwn(value, "query") && !Object.hasOwn(value, "anchor"),
  read: (value) => readCorpusRecord(value, ID_KEYS, TEXT_KEYS),
};

/** One passage under the first of these keys, with a title where there is one. */
export function readCorpusRecord(value: JsonObject, idKeys: readonly string[], textKeys: readonly string[]) {
  const builder = new RecordBuilder();
  const key = firstTextKey(value, textKeys) ?? firstKey(value, textKeys);
  const text = key === undefined ? undefined : value[key];
  if (key === undefined) {
    builder.report("HN102", [], `The record has no "${textKeys[0] ?? ""}".`);
  } else if (typeof text !== "string") {
    builder.report("HN102", [key], `"${key}" is ${kindOf(text)}, not a text.`);
  } else {
    const title = value["title"];
    const passage = builder.passage(text, [key], { ...idField(value, idKeys), ...(typeof title === "string" && title !== "" ? { title } : {}) });
    if (passage !== undefined) builder.documents.push(passage);
  }
  return finish(builder, undefined);
}
