import type { Collection, Query } from "../collection/collection";
import { documentWithId, queriesWithKey } from "../collection/lookups";
import type { FoldedMarks } from "./foldMarks";
import type { Verdict, VerdictMark } from "./mark";

/** Why a group of documents is kept out of a query's negatives. */
export interface Exclusion {
  readonly verdict: Verdict;
  readonly author: string;
}

/** Persons who judge the same pair differently. */
export interface Conflict {
  readonly group: number;
  readonly verdicts: readonly Exclusion[];
}

/** A mark whose text is not in the data any more. It has no effect until somebody judges the new text. */
export interface StaleMark {
  readonly mark: VerdictMark;
  /** Which of the two texts is gone. */
  readonly gone: "query" | "document";
  /** The document that has the marked document's id now, with another text; absent where none has. */
  readonly document?: number;
}

/** What marks say about one query. Groups are those of `Collection.groups`: a mark holds for every document with the same text. */
export interface QueryVerdicts {
  /** The query is to be left out of training. */
  readonly badQuery: boolean;
  /** Groups that are no positives any more. */
  readonly badPositives: ReadonlySet<number>;
  /** Groups that must not be negatives, and on whose word. */
  readonly excluded: ReadonlyMap<number, Exclusion>;
  /** Documents that became positives: marked false negatives that nobody judges otherwise. */
  readonly promoted: readonly number[];
  /** Documents marked true negatives that nobody judges otherwise. */
  readonly pinned: readonly number[];
  /** All marks in force, by group, of all persons. */
  readonly marksOfGroup: ReadonlyMap<number, readonly VerdictMark[]>;
  /** The present person's own verdicts, by group, and the one on the query. */
  readonly own: ReadonlyMap<number, Verdict>;
  readonly ownOnQuery?: Verdict;
  readonly conflicts: readonly Conflict[];
  readonly stale: readonly StaleMark[];
}

/** What holds for a query that nobody has marked. */
export const noVerdicts: QueryVerdicts = {
  badQuery: false,
  badPositives: new Set(),
  excluded: new Map(),
  promoted: [],
  pinned: [],
  marksOfGroup: new Map(),
  own: new Map(),
  conflicts: [],
  stale: [],
};

/** Carries the marks over to a query of the collection. `author` is the person whose own verdicts are shown. */
export function verdictsForQuery(marks: FoldedMarks, collection: Collection, query: Query, author: string): QueryVerdicts {
  const inForce = marks.ofQuery(query.key);
  const stale = staleByQuery(marks, collection, query);
  if (inForce.length === 0 && stale.length === 0) {
    return noVerdicts;
  }
  const onQuery = inForce.filter((mark) => mark.document === undefined);
  const marksOfGroup = new Map<number, VerdictMark[]>();
  for (const mark of inForce) {
    const group = mark.document === undefined ? undefined : collection.groupOfKey.get(mark.document.key);
    if (group !== undefined) {
      marksOfGroup.set(group, [...(marksOfGroup.get(group) ?? []), mark]);
    } else if (mark.document !== undefined) {
      stale.push(staleDocument(mark, collection));
    }
  }
  const badQuery = onQuery.some((mark) => mark.verdict === "bad_query");
  return { badQuery, ...settle(marksOfGroup, collection, query), ...ownVerdicts(marksOfGroup, onQuery, author), marksOfGroup, stale };
}

function ownVerdicts(
  marksOfGroup: ReadonlyMap<number, readonly VerdictMark[]>,
  onQuery: readonly VerdictMark[],
  author: string,
): Pick<QueryVerdicts, "own" | "ownOnQuery"> {
  const isOwn = (mark: VerdictMark): boolean => mark.author === author;
  const own = new Map([...marksOfGroup].flatMap(([group, marks]) => marks.filter(isOwn).map((mark) => [group, mark.verdict] as const)));
  const ownOnQuery = onQuery.find(isOwn)?.verdict;
  return ownOnQuery === undefined ? { own } : { own, ownOnQuery };
}

function settle(
  byGroup: ReadonlyMap<number, readonly VerdictMark[]>,
  collection: Collection,
  query: Query,
): Pick<QueryVerdicts, "badPositives" | "excluded" | "promoted" | "pinned" | "conflicts"> {
  const badPositives = new Set<number>();
  const excluded = new Map<number, Exclusion>();
  const promoted: number[] = [];
  const pinned: number[] = [];
  const conflicts: Conflict[] = [];
  const listed = new Set(query.positives.map((document) => collection.documents[document]?.group));
  for (const [group, all] of byGroup) {
    // Put off is not judged: the passage stays where it is until somebody does.
    const marks = all.filter((mark) => mark.verdict !== "later");
    const strongest = [...marks].sort(byStrength)[0];
    if (strongest === undefined) {
      continue;
    }
    const agreed = marks.every((mark) => mark.verdict === strongest.verdict);
    if (!agreed) {
      conflicts.push({ group, verdicts: marks.map(({ verdict, author }) => ({ verdict, author })) });
    }
    if (marks.some((mark) => mark.verdict === "bad_positive")) {
      badPositives.add(group);
    }
    if (strongest.verdict !== "true_negative") {
      excluded.set(group, { verdict: strongest.verdict, author: strongest.author });
    }
    const list = strongest.verdict === "true_negative" ? pinned : strongest.verdict === "false_negative" && agreed ? promoted : undefined;
    if (list !== undefined && !listed.has(group)) {
      list.push(documentOf(group, marks, collection));
    }
  }
  return { badPositives, excluded, promoted, pinned, conflicts };
}

/** When persons disagree, the verdict named is the one that keeps the passage out most firmly; a true negative comes last. */
const strength: readonly Verdict[] = [
  "bad_positive",
  "false_negative",
  "duplicate_of_positive",
  "partly_relevant",
  "cant_tell",
  "bad_query",
  "true_negative",
];

function byStrength(a: VerdictMark, b: VerdictMark): number {
  return strength.indexOf(a.verdict) - strength.indexOf(b.verdict) || (a.author < b.author ? -1 : a.author > b.author ? 1 : 0);
}

/** The verdict that holds on a group, whoever gave it: the one that keeps it out, else a true negative, else that it was put off. */
export function verdictOnGroup({ excluded, marksOfGroup }: QueryVerdicts, group: number): Verdict | undefined {
  const judged = excluded.get(group);
  if (judged !== undefined) return judged.verdict;
  const marks = marksOfGroup.get(group) ?? [];
  return marks.some(({ verdict }) => verdict === "true_negative") ? "true_negative" : marks[0]?.verdict;
}

/** The group's document that a mark names by id, else its first. */
function documentOf(group: number, marks: readonly VerdictMark[], collection: Collection): number {
  const members = collection.groups[group] ?? [];
  const named = members.find((member) => marks.some((mark) => mark.document?.id === collection.documents[member]?.id));
  return named ?? members[0] ?? -1;
}

/** Marks made when the query with this id had another text, which no query has now. */
function staleByQuery(marks: FoldedMarks, collection: Collection, query: Query): StaleMark[] {
  const formerKeys = marks.keysOfQueryId(query.id).filter((key) => key !== query.key && queriesWithKey(collection, key).length === 0);
  return formerKeys.flatMap((key) =>
    marks
      .ofQuery(key)
      .filter((mark) => mark.query.id === query.id)
      .map((mark) => ({ mark, gone: "query" as const })),
  );
}

function staleDocument(mark: VerdictMark, collection: Collection): StaleMark {
  const id = mark.document?.id;
  const document = id === undefined ? undefined : documentWithId(collection, id);
  return { mark, gone: "document", ...(document === undefined ? {} : { document }) };
}

/** Documents in force as positives of a query: the listed ones that nobody calls bad, then the promoted ones. */
export function positivesInForce(query: Query, verdicts: QueryVerdicts, collection: Collection): readonly number[] {
  const listed = query.positives.filter((document) => !verdicts.badPositives.has(collection.documents[document]?.group ?? -1));
  return [...listed, ...verdicts.promoted];
}
