import type { Side } from "#core/ports";
import type { Failure } from "#core/util/failure";
import { err, ok, type Result } from "#core/util/result";
import { NpyFile } from "./npyFile";

/** The user's own vectors of queries and of documents. */
export type VectorFiles = Readonly<Record<Side, NpyFile>>;

/** Both files, checked, or neither. */
export function openVectorFiles(files: Readonly<Record<Side, string>>): Result<VectorFiles> {
  const query = NpyFile.open(files.query);
  if (!query.ok) return query;
  const document = NpyFile.open(files.document);
  if (!document.ok) {
    query.value.close();
    return document;
  }
  const opened = { query: query.value, document: document.value };
  const failure = query.value.check() ?? document.value.check() ?? differentLengths(opened, files);
  if (failure === undefined) return ok(opened);
  closeVectorFiles(opened);
  return err(failure);
}

function differentLengths(
  { query, document }: Readonly<Record<Side, NpyFile>>,
  files: Readonly<Record<Side, string>>,
): Failure | undefined {
  if (query.dimensions === document.dimensions) return undefined;
  return {
    reason: "bad-vectors",
    message: `Query vectors have ${String(query.dimensions)} dimensions, corpus vectors ${String(document.dimensions)}.`,
    nextStep: "Give two files made by the same model.",
    place: { file: files.document },
  };
}

export function closeVectorFiles({ query, document }: VectorFiles): void {
  query.close();
  document.close();
}
