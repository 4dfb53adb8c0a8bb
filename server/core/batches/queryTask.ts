import type { Collection, Query } from "../collection/collection";
import { fieldText } from "../collection/fieldOf";

/**
 * The task of a query: for "file" the name of the file that it stands in, without its folders; for any other setting the value of that field of
 * the query's record, as text. Undefined where the record has no such field, or an empty one.
 *
 * @param setting `training.batches.task`
 */
export function queryTask(query: Query, collection: Collection, setting: string): string | undefined {
  if (setting === "file") return (collection.files[query.file] ?? "").replace(/^.*[/\\]/u, "");
  const { fields } = query;
  const value = fields !== undefined && Object.hasOwn(fields, setting) ? fields[setting] : undefined;
  return value === undefined || value === "" ? undefined : fieldText(value);
}
