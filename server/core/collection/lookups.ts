import type { Collection } from "./collection";

/** Tables that some callers need and others do not. Made when first asked for; they go when the collection goes. */
interface Lookups {
  queriesOfKey?: ReadonlyMap<string, readonly number[]>;
  documentOfId?: ReadonlyMap<string, number>;
}

const lookups = new WeakMap<Collection, Lookups>();

/** Queries with a text key, as indices; more than one where the data gives one text several ids. */
export function queriesWithKey(collection: Collection, key: string): readonly number[] {
  const own = lookupsOf(collection);
  own.queriesOfKey ??= gather(collection.queries.map((query) => query.key));
  return own.queriesOfKey.get(key) ?? [];
}

/** The first document with an id. */
export function documentWithId(collection: Collection, id: string): number | undefined {
  const own = lookupsOf(collection);
  own.documentOfId ??= firsts(collection.documents.map((document) => document.id));
  return own.documentOfId.get(id);
}

function lookupsOf(collection: Collection): Lookups {
  const known = lookups.get(collection);
  if (known !== undefined) {
    return known;
  }
  const made: Lookups = {};
  lookups.set(collection, made);
  return made;
}

function gather(names: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const list = found.get(name);
    if (list === undefined) {
      found.set(name, [index]);
    } else {
      list.push(index);
    }
  }
  return found;
}

function firsts(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (!found.has(name)) {
      found.set(name, index);
    }
  }
  return found;
}
