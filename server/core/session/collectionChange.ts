import type { Collection, Document, Query } from "../collection/collection";

/** How the documents and queries of a changed collection correspond to those of the former. */
export interface CollectionChange {
  readonly before: Collection;
  readonly after: Collection;
  /** New index of each former document; -1 for one that is gone or has changed. */
  readonly newDocument: Int32Array;
  /** New documents that correspond to no former one. */
  readonly added: readonly number[];
  /** Whether every document that stays has kept its number. */
  readonly inPlace: boolean;
  /** The query with the same text and id; -1 where there is none any more. */
  readonly newQuery: (query: number) => number;
}

/** More new texts than this are no edit: then every query is searched for again. */
const mostAdded = 200;

/** Undefined where too much has changed, or where documents that stay have changed places, which settles ties otherwise. */
export function changeBetween(before: Collection, after: Collection): CollectionChange | undefined {
  const newDocument = newDocuments(before.documents, after.documents);
  const added = unnamed(newDocument, after.documents.length);
  if (added.length > mostAdded || !isAscending(newDocument)) return undefined;
  const inPlace = newDocument.every((now, former) => now === former || now === -1);
  return { before, after, newDocument, added, inPlace, newQuery: newQueries(before, after) };
}

/** What stands before and after all changes corresponds in order; in between, documents whose texts stand there as often as they did. */
function newDocuments(before: readonly Document[], after: readonly Document[]): Int32Array {
  const newDocument = new Int32Array(before.length).fill(-1);
  const least = Math.min(before.length, after.length);
  const shift = after.length - before.length;
  let start = 0;
  while (start < least && isSame(before[start], after[start])) {
    newDocument[start] = start;
    start += 1;
  }
  let end = before.length;
  while (end > start && end + shift > start && isSame(before[end - 1], after[end - 1 + shift])) {
    end -= 1;
    newDocument[end] = end + shift;
  }
  const places = placesOfTexts(after, start, end + shift);
  for (const [text, former] of placesOfTexts(before, start, end)) {
    const now = places.get(text);
    if (now?.length !== former.length) continue;
    for (const [i, document] of former.entries()) {
      const target = now[i] ?? -1;
      if (isSame(before[document], after[target])) newDocument[document] = target;
    }
  }
  return newDocument;
}

function placesOfTexts(documents: readonly Document[], start: number, end: number): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let index = start; index < end; index += 1) {
    const text = documents[index]?.text ?? "";
    const known = places.get(text);
    if (known === undefined) places.set(text, [index]);
    else known.push(index);
  }
  return places;
}

/** Rules look at ids, titles and fields too. */
function isSame(one: Document | undefined, other: Document | undefined): boolean {
  return (
    one?.text === other?.text &&
    one?.id === other?.id &&
    one?.title === other?.title &&
    one?.minable === other?.minable &&
    (one?.fields === other?.fields || JSON.stringify(one?.fields) === JSON.stringify(other?.fields))
  );
}

function unnamed(newDocument: Int32Array, count: number): readonly number[] {
  const isNamed = new Uint8Array(count);
  for (const document of newDocument) {
    if (document !== -1) isNamed[document] = 1;
  }
  const added: number[] = [];
  for (let document = 0; document < count; document += 1) {
    if (isNamed[document] === 0) added.push(document);
  }
  return added;
}

function isAscending(indices: Int32Array): boolean {
  let last = -1;
  for (const index of indices) {
    if (index === -1) continue;
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** Most queries keep their number; the others are looked up by name. A text that differs in white space alone has another vector. */
function newQueries({ queries: before }: Collection, { queries: after }: Collection): (query: number) => number {
  let byName: ReadonlyMap<string, number> | undefined;
  return (query) => {
    const former = before[query];
    if (former === undefined) return -1;
    if (isSameQuery(former, after[query])) return query;
    byName ??= new Map(after.map((now, index) => [nameOf(now), index]));
    const found = byName.get(nameOf(former)) ?? -1;
    return isSameQuery(former, after[found]) ? found : -1;
  };
}

function nameOf({ key, id }: Query): string {
  return `${key} ${id}`;
}

function isSameQuery(one: Query, other: Query | undefined): boolean {
  return one.key === other?.key && one.id === other.id && one.text === other.text;
}
