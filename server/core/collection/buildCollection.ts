import type { TrainingRecord } from "../formats/format";
import { relevanceOf } from "../formats/relevance";
import type { Breathe, Sha256 } from "../ports";
import type { Collection, UnresolvedQrel } from "./collection";
import { DocumentTable } from "./documentTable";
import { QueryTable } from "./queryTable";
import { TextKeys } from "./textKeys";

/** What a file is in the data set: queries with their passages, passages to mine from, or queries whose positives the qrels name. */
export type FileRole = "training" | "corpus" | "queries";

export interface CollectionRow {
  /** 1-based. */
  readonly line: number;
  readonly record: TrainingRecord;
}

export interface CollectionFile {
  /** How the file is named to people and in `Collection.files`. */
  readonly name: string;
  readonly role: FileRole;
  /** Read once, in order. */
  readonly rows: Iterable<CollectionRow>;
}

/** One judgement: a score of 1 or more makes the document a positive of the query, 0 a listed negative, anything else neither. */
export interface Qrel {
  readonly query: string;
  readonly document: string;
  readonly score: number;
}

export interface CollectionInput {
  readonly files: readonly CollectionFile[];
  /** With qrels, only the queries that they name are kept: those of one split. */
  readonly qrels?: readonly Qrel[];
}

/** Builds the collection in one go. */
export function buildCollection(input: CollectionInput, sha256: Sha256): Collection {
  const steps = collectionSteps(input, new TextKeys(sha256));
  let step = steps.next();
  while (step.done !== true) {
    step = steps.next();
  }
  return step.value;
}

/** As `buildCollection`, letting waiting input in every 2,000 rows. Given the same `keys` again, it makes those of new texts only. */
export async function buildCollectionSliced(input: CollectionInput, keys: TextKeys, breathe: Breathe): Promise<Collection> {
  const steps = collectionSteps(input, keys);
  let step = steps.next();
  while (step.done !== true) {
    await breathe();
    step = steps.next();
  }
  return step.value;
}

/** Rows, or lines of qrels, in one slice: some milliseconds of work. */
const sliceLength = 2000;

function* collectionSteps(input: CollectionInput, keys: TextKeys): Generator<undefined, Collection> {
  keys.startBuild();
  const documents = new DocumentTable(keys);
  const queries = new QueryTable(keys);
  let rows = 0;
  for (const { file, index } of corpusFirst(input.files)) {
    for (const row of file.rows) {
      placeRow(row, index, file.role, { documents, queries });
      rows += 1;
      if (rows % sliceLength === 0) {
        yield;
      }
    }
  }
  const unresolved: UnresolvedQrel[] = [];
  for (const [index, qrel] of (input.qrels ?? []).entries()) {
    const missing = applyQrel(qrel, { documents, queries });
    if (missing !== undefined) {
      unresolved.push({ qrel: index, missing });
    }
    if (index % sliceLength === sliceLength - 1) {
      yield;
    }
  }
  const finished = queries.finish((text) => documents.groupOf(text), input.qrels !== undefined);
  keys.endBuild();
  return {
    files: input.files.map((file) => file.name),
    queries: finished,
    documents: documents.documents,
    groups: documents.groups,
    groupKeys: documents.groupKeys,
    groupOfKey: documents.groupOfKey,
    unresolved,
  };
}

interface Tables {
  readonly documents: DocumentTable;
  readonly queries: QueryTable;
}

/** Corpus files come first, so that passages in records find the corpus document they repeat. */
function corpusFirst(files: readonly CollectionFile[]): readonly { readonly file: CollectionFile; readonly index: number }[] {
  const indexed = files.map((file, index) => ({ file, index }));
  return [...indexed.filter(({ file }) => file.role === "corpus"), ...indexed.filter(({ file }) => file.role !== "corpus")];
}

function placeRow(row: CollectionRow, file: number, role: FileRole, tables: Tables): void {
  const { documents, queries } = tables;
  const { record, line } = row;
  const origin = { file, line, fromCorpus: role === "corpus" };
  for (const passage of record.documents) {
    documents.place(passage, origin);
  }
  const query =
    record.query === undefined || role === "corpus" ? -1 : queries.place(record.query, { file, line, byId: role === "queries" });
  for (const passage of record.positives) {
    const document = documents.place(passage, origin);
    if (document !== -1) {
      queries.addPositive(query, document);
    }
  }
  for (const passage of record.negatives) {
    const document = documents.place(passage, origin);
    if (document !== -1) {
      queries.addNegative(query, document);
    }
  }
}

function applyQrel(qrel: Qrel, tables: Tables): UnresolvedQrel["missing"] | undefined {
  const query = tables.queries.withId(qrel.query);
  const document = tables.documents.withId(qrel.document);
  if (query !== undefined) {
    tables.queries.setJudged(query);
  }
  if (query === undefined || document === undefined) {
    return query !== undefined ? "document" : document !== undefined ? "query" : "both";
  }
  const relevance = relevanceOf(qrel.score);
  if (relevance === "positive") {
    tables.queries.addPositive(query, document);
  } else if (relevance === "negative") {
    tables.queries.addNegative(query, document);
  }
  return undefined;
}
