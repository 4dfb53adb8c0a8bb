import type { Collection } from "./collection";

/** What is asked of millions of candidates, by document and side by side: reading it does not touch the documents' texts. */
export interface DocumentColumns {
  readonly group: Int32Array;
  /** The first document with the same id. */
  readonly firstOfId: Int32Array;
  /** 1 where a title was put before the text. */
  readonly titled: Uint8Array;
  /** Whether any two documents have the same normalised text. */
  readonly hasRepeats: boolean;
}

const made = new WeakMap<Collection, DocumentColumns>();

/** Made when first asked for; they go when the collection goes. */
export function documentColumns(collection: Collection): DocumentColumns {
  const known = made.get(collection);
  if (known !== undefined) return known;
  const columns = columnsOf(collection);
  made.set(collection, columns);
  return columns;
}

function columnsOf({ documents, groups }: Collection): DocumentColumns {
  const group = new Int32Array(documents.length);
  const firstOfId = new Int32Array(documents.length);
  const titled = new Uint8Array(documents.length);
  const firsts = new Map<string, number>();
  for (const [index, document] of documents.entries()) {
    const first = firsts.get(document.id);
    if (first === undefined) firsts.set(document.id, index);
    firstOfId[index] = first ?? index;
    group[index] = document.group;
    titled[index] = Number(document.title !== undefined && document.title !== "");
  }
  return { group, firstOfId, titled, hasRepeats: groups.length < documents.length };
}
