import type { Collection, Document, Query } from "../collection/collection";
import { positivesInForce } from "../marks/verdictsForQuery";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { MinedQuery } from "../mining/miningState";

/** A passage as an export writes it. */
export interface ExportPassage {
  readonly id: string;
  /** Title and text joined by one blank, where the data keeps them apart. */
  readonly text: string;
  readonly title?: string;
  /** Similarity to the query; the second score where mining went by one. One scale for all passages of a query; NaN where it is unknown. */
  readonly score: number;
}

/** Which negatives an export writes: those that mining emits, or those that the data lists, less what marks keep out. */
export const NEGATIVES_MODES = ["mined", "listed"] as const;
export type NegativesMode = (typeof NEGATIVES_MODES)[number];

/** What mining and marks make of one query: all that any format needs to write it. */
export interface ExportQuery {
  readonly id: string;
  readonly text: string;
  /** Positives in force: the listed ones that nobody calls bad, then the promoted ones. */
  readonly positives: readonly ExportPassage[];
  /** The promoted ones among them: marked false negatives. */
  readonly promoted: readonly ExportPassage[];
  /** Texts of listed positives that a mark calls bad. */
  readonly removedPositives: ReadonlySet<string>;
  /** Texts of passages that a mark keeps out of the negatives. */
  readonly barred: ReadonlySet<string>;
  /** "mined": records get `negatives`. "listed": they keep their own, without those that marks bar. */
  readonly mode: NegativesMode;
  /** Emitted negatives, hardest first; in the mode "listed" those of the data, in its order. */
  readonly negatives: readonly ExportPassage[];
  /** Number of negatives missing from the number wanted. */
  readonly short: number;
  /** Why the query is left out: a mark calls it bad, or marks took its last positive. */
  readonly leftOut?: "bad_query" | "no_positive_left";
}

export function exportQuery(mined: MinedQuery, collection: Collection, mode: NegativesMode = "mined"): ExportQuery {
  const { verdicts, pool, decision } = mined;
  const query = collection.queries[mined.query];
  if (query === undefined) throw new RangeError(`no query ${String(mined.query)}`);
  const passage = (document: number, score: number): ExportPassage => passageOf(documentAt(collection, document), score);
  const positiveScores = pool.rescored?.positives ?? decision.positiveScores;
  const positives = pool.positives.map((document, i) => passage(document, positiveScores[i] ?? Number.NaN));
  const promoted = new Set(verdicts.promoted);
  const removedPositives = textsOf(collection, verdicts.badPositives);
  const barred = barredGroups(verdicts, mode);
  const leftOut = reasonLeftOut(mined, collection);
  return {
    id: query.id,
    text: query.text,
    positives,
    promoted: positives.filter((_, i) => promoted.has(pool.positives[i] ?? -1)),
    removedPositives,
    barred: textsOf(collection, barred),
    mode,
    negatives: mode === "mined" ? minedNegatives(mined, passage) : listedNegatives(query, collection, new Set(barred)),
    short: mode === "mined" ? decision.short : 0,
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

/** Why a query is left out; undefined where it is not. */
export function reasonLeftOut({ query, verdicts, pool }: MinedQuery, collection: Collection): ExportQuery["leftOut"] {
  return leftOutBy(verdicts, { listed: collection.queries[query]?.positives.length ?? 0, inForce: pool.positives.length });
}

/** As `exportQuery` in the mode "listed", from marks alone: nothing is mined for it, so that no score is known. */
export function listedExportQuery(query: Query, verdicts: QueryVerdicts, collection: Collection): ExportQuery {
  const passage = (document: number): ExportPassage => passageOf(documentAt(collection, document), Number.NaN);
  const positives = positivesInForce(query, verdicts, collection);
  const barred = barredGroups(verdicts, "listed");
  const leftOut = leftOutBy(verdicts, { listed: query.positives.length, inForce: positives.length });
  return {
    id: query.id,
    text: query.text,
    positives: positives.map(passage),
    promoted: verdicts.promoted.map(passage),
    removedPositives: textsOf(collection, verdicts.badPositives),
    barred: textsOf(collection, barred),
    mode: "listed",
    negatives: listedNegatives(query, collection, new Set(barred)),
    short: 0,
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

function leftOutBy(
  { badQuery }: QueryVerdicts,
  positives: { readonly listed: number; readonly inForce: number },
): "bad_query" | "no_positive_left" | undefined {
  if (badQuery) return "bad_query";
  return positives.inForce === 0 && positives.listed > 0 ? "no_positive_left" : undefined;
}

type PassageOf = (document: number, score: number) => ExportPassage;

function minedNegatives({ pool, decision }: MinedQuery, passage: PassageOf): readonly ExportPassage[] {
  const scores = pool.rescored?.rows ?? pool.scores;
  return decision.kept.map((row) => passage(pool.documents[row] ?? -1, scores[row] ?? Number.NaN));
}

function listedNegatives({ negatives }: Query, collection: Collection, barred: ReadonlySet<number>): readonly ExportPassage[] {
  return negatives
    .map((document) => documentAt(collection, document))
    .filter(({ group }) => !barred.has(group))
    .map((document) => passageOf(document, Number.NaN));
}

/** A passage put off for later is no candidate for mining, but stays where the data lists it: nobody has judged it. */
function barredGroups(verdicts: QueryVerdicts, mode: NegativesMode): readonly number[] {
  return [...verdicts.excluded].flatMap(([group, { verdict }]) => (mode === "listed" && verdict === "later" ? [] : [group]));
}

/** The text without its title, where the title was put before it. */
export function bodyOf(passage: ExportPassage): string {
  const { title, text } = passage;
  return title !== undefined && title !== "" && text.startsWith(`${title} `) ? text.slice(title.length + 1) : text;
}

function passageOf(document: Document, score: number): ExportPassage {
  const { id, text, title } = document;
  return { id, text, score, ...(title === undefined ? {} : { title }) };
}

/** Of nearly every query: nobody has marked it. */
const noTexts: ReadonlySet<string> = new Set();

function textsOf(collection: Collection, groups: readonly number[] | ReadonlySet<number>): ReadonlySet<string> {
  if (("size" in groups ? groups.size : groups.length) === 0) return noTexts;
  const texts = new Set<string>();
  for (const group of groups) for (const document of collection.groups[group] ?? []) texts.add(documentAt(collection, document).text);
  return texts;
}

function documentAt(collection: Collection, index: number): Document {
  const document = collection.documents[index];
  if (document === undefined) throw new RangeError(`no document ${String(index)}`);
  return document;
}
