import type { Collection, Query } from "../collection/collection";
import { documentColumns } from "../collection/documentColumns";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { fateOf, UNDECIDED } from "./candidate";
import type { IdentityContext } from "./filters/identity";
import { identityRules } from "./filters/identity";
import { KnownOverlaps } from "./knownOverlaps";
import { KnownProbabilities } from "./knownProbabilities";
import type { ProbabilityContext } from "./knownProbabilities";
import { KnownWords } from "./knownWords";
import { gumbelNoise } from "./noise";
import { groupOverlap, queryOverlap } from "./overlapTable";
import type { Pool } from "./pool";
import { spreadOf } from "./simans";
import type { Spread } from "./simans";

export interface FactsContext {
  readonly collection: Collection;
  readonly verdicts: QueryVerdicts;
  /** Compare texts as sentence-transformers does: exactly, and without a look at the query's own. */
  readonly exactTexts: boolean;
}

/** Overlaps are known from here on, or from a lower threshold on where one is asked. */
const overlapFloor = 0.5;

/** Draws whose noise is remembered: a mix has few sources that draw. */
const mostDraws = 4;

/**
 * What can be said of a pool's rows before any threshold is looked at: who they are, and what is costly to compare. Made once for a pool and a
 * state of the marks, and asked again while sliders move.
 */
export class PoolFacts {
  readonly pool: Pool;
  readonly identity: IdentityContext;
  /** Group of equal normalised texts of each row. */
  readonly groups: Int32Array;
  /** Number of the identity rule that drops each row, 0 for the others. */
  readonly fates: Uint8Array;
  /** Rows marked true negatives, hardest first, each text once. */
  readonly pinned: readonly number[];
  /** Whether two rows may have the same text. */
  readonly hasRepeats: boolean;
  /** 1 for rows that are candidates; undefined where all are. */
  readonly #listed: Uint8Array | undefined;
  readonly #spreads: (Spread | undefined)[];
  #positiveOverlaps: KnownOverlaps | undefined;
  #queryOverlaps: KnownOverlaps | undefined;
  #words: KnownWords | undefined;
  #probabilities = new KnownProbabilities();
  #floor = overlapFloor;
  #noise = new Map<string, Float64Array>();

  /**
   * `known` are facts about the same texts and verdicts in the same rows: what was costly to compare is taken over, and all of it where the lists
   * are the same as well.
   */
  constructor(pool: Pool, { collection, verdicts, exactTexts }: FactsContext, known?: PoolFacts) {
    const query = queryOf(pool, collection);
    this.pool = pool;
    this.identity = identityContext(pool, query, { collection, verdicts, exactTexts });
    this.groups = groupsOf(pool, collection, known);
    const same = known?.pool.lists === pool.lists ? known : undefined;
    this.#listed = same === undefined ? listedRows(pool, verdicts) : same.#listed;
    this.fates = same?.fates ?? this.#identify();
    this.hasRepeats = same?.hasRepeats ?? (!exactTexts && repeats(this.groups, collection));
    this.pinned = same?.pinned ?? this.#pinnedRows(verdicts);
    this.#spreads = same === undefined ? [] : same.#spreads;
    if (known !== undefined && known.groups.length === this.groups.length) {
      this.#floor = known.#floor;
      this.#positiveOverlaps = known.#positiveOverlaps;
      this.#queryOverlaps = known.#queryOverlaps;
      // How rare a word is depends on all texts.
      if (known.identity.collection === collection) this.#words = known.#words;
      if (known.groups === this.groups) this.#probabilities = known.#probabilities;
      this.#noise = known.#noise;
    }
  }

  /** The same facts over shorter lists of the same rows. */
  over(pool: Pool): PoolFacts {
    const { collection, verdicts, exactTexts } = this.identity;
    return pool === this.pool ? this : new PoolFacts(pool, { collection, verdicts, exactTexts }, this);
  }

  /** Shared part of a row's shingles with those of the positive that shares most; -1 where it is below `least`. */
  positiveOverlap(row: number, least: number): number {
    this.#lowerFloor(least);
    const overlaps = (this.#positiveOverlaps ??= new KnownOverlaps(this.groups.length));
    if (!overlaps.has(row)) overlaps.set(row, this.#overlapWithPositives(this.groups[row] ?? -1));
    const known = overlaps.get(row);
    return known >= least ? known : -1;
  }

  /** As `positiveOverlap`, with the query. */
  queryOverlap(row: number, least: number): number {
    this.#lowerFloor(least);
    const overlaps = (this.#queryOverlaps ??= new KnownOverlaps(this.groups.length));
    if (!overlaps.has(row)) {
      overlaps.set(row, queryOverlap(this.identity.collection, this.pool.query, this.groups[row] ?? -1, this.#floor));
    }
    const known = overlaps.get(row);
    return known >= least ? known : -1;
  }

  /** Words that rows share with the query and with the positives. */
  get words(): KnownWords {
    return (this.#words ??= new KnownWords(this.groups.length));
  }

  /** P(false negative) of each row, as a source has it that found it. */
  probabilities(context: ProbabilityContext, source: string): Float64Array {
    return this.#probabilities.of(this, context, source);
  }

  /** Shared part of two rows' shingles; -1 where it is below `least`. Not remembered: few pairs are asked. */
  overlap(row: number, other: number, least: number): number {
    const floor = Math.min(least, this.#floor);
    const found = groupOverlap(this.identity.collection, this.groups[row] ?? -1, this.groups[other] ?? -1, floor);
    return found >= least ? found : -1;
  }

  /** Robust spread of the scores in one source's list, positives and the query itself left out. */
  spread(list: number): Spread {
    return (this.#spreads[list] ??= spreadOf(this.#rivalScores(list, this.pool.scores)));
  }

  /** The same of the second scores, among the rows that have one. */
  rescoredSpread(list: number): Spread {
    const { rescored } = this.pool;
    return spreadOf(rescored === undefined ? new Float64Array(0) : this.#rivalScores(list, rescored.rows));
  }

  /** Gumbel noise of each row for the draw of this name. */
  noise(name: string): Float64Array {
    const known = this.#noise.get(name);
    if (known !== undefined) {
      return known;
    }
    const noiseOf = gumbelNoise(this.identity.collection, name);
    const made = new Float64Array(this.groups.length);
    for (let row = 0; row < made.length; row += 1) {
      made[row] = noiseOf(this.groups[row] ?? -1);
    }
    if (this.#noise.size === mostDraws) this.#noise.clear();
    this.#noise.set(name, made);
    return made;
  }

  #rivalScores(list: number, scores: Float64Array): Float64Array {
    const [ownPositive, queryText] = [fateOf("own_positive"), fateOf("query_text")];
    const rows = this.pool.lists[list]?.rows ?? new Int32Array(0);
    const rivals = new Float64Array(rows.length);
    let count = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? -1;
      const fate = this.fates[row];
      const score = scores[row] ?? Number.NaN;
      if (fate === ownPositive || fate === queryText || Number.isNaN(score)) continue;
      rivals[count] = score;
      count += 1;
    }
    return rivals.subarray(0, count);
  }

  #overlapWithPositives(group: number): number {
    const { collection, positiveTexts } = this.identity;
    return positiveTexts.reduce((most, positive) => Math.max(most, groupOverlap(collection, group, positive, this.#floor)), -1);
  }

  #lowerFloor(least: number): void {
    if (least < this.#floor) {
      this.#floor = least;
      this.#positiveOverlaps = undefined;
      this.#queryOverlaps = undefined;
    }
  }

  /** Whether a source lists the row or a mark names its document: rows of a pool that was searched more deeply are no candidates. */
  isCandidate(row: number): boolean {
    return this.#listed === undefined || this.#listed[row] === 1;
  }

  /** Most rows share neither text nor id with any that the rules look for, and have no title that could hide the query's text. */
  #identify(): Uint8Array {
    const { documents } = this.pool;
    const fates = new Uint8Array(documents.length);
    const { firstOfId, titled } = documentColumns(this.identity.collection);
    const { query, verdicts, positiveGroups, positives } = this.identity;
    const ids = positives.map((document) => firstOfId[document]);
    const groups = [query.group, ...positiveGroups.keys(), ...verdicts.excluded.keys()];
    for (let row = 0; row < documents.length; row += 1) {
      const document = documents[row] ?? -1;
      const group = this.groups[row] ?? -1;
      const isNobody = !groups.includes(group) && !ids.includes(firstOfId[document]) && titled[document] !== 1 && !verdicts.badQuery;
      if (!isNobody && this.isCandidate(row)) fates[row] = identityFate(document, group, this.identity);
    }
    return fates;
  }

  #pinnedRows(verdicts: QueryVerdicts): readonly number[] {
    const { collection } = this.identity;
    if (verdicts.pinned.length === 0) {
      return [];
    }
    const named = new Set(verdicts.pinned.map((document) => collection.documents[document]?.group));
    const isNamed = (row: number): boolean => this.isCandidate(row) && this.fates[row] === UNDECIDED && named.has(this.groups[row]);
    const rows = [...this.groups.keys()].filter(isNamed);
    const seen = new Set<number>();
    return rows.sort(byScoreOf(this.pool)).filter((row) => {
      const group = this.groups[row] ?? -1;
      const isFirst = !seen.has(group);
      seen.add(group);
      return isFirst;
    });
  }
}

/** Hardest first; equal scores in the order of the rows, unknown scores last. */
export function byScoreOf({ scores }: Pool): (a: number, b: number) => number {
  return (a, b) => {
    const [one, other] = [scores[a] ?? Number.NaN, scores[b] ?? Number.NaN];
    const unknown = Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return unknown || (Number.isNaN(one) ? 0 : other - one) || a - b;
  };
}

function queryOf(pool: Pool, collection: Collection): Query {
  const query = collection.queries[pool.query];
  if (query === undefined) {
    throw new RangeError(`The collection has no query ${String(pool.query)}.`);
  }
  return query;
}

/** Rows that stand in the list of a source, or that a mark names; undefined where these are all. */
function listedRows({ documents, lists }: Pool, { pinned }: QueryVerdicts): Uint8Array | undefined {
  if (lists.some(({ rows }) => rows.length === documents.length)) {
    return undefined;
  }
  const listed = new Uint8Array(documents.length);
  for (const { rows } of lists) {
    for (const row of rows) listed[row] = 1;
  }
  for (const document of pinned) {
    const row = documents.indexOf(document);
    if (row !== -1) listed[row] = 1;
  }
  return listed;
}

/** The groups of the rows; those that are known where they are the same. */
function groupsOf({ documents }: Pool, collection: Collection, known: PoolFacts | undefined): Int32Array {
  const { group } = documentColumns(collection);
  if (known?.groups.length === documents.length) {
    let row = 0;
    while (row < documents.length && known.groups[row] === group[documents[row] ?? -1]) row += 1;
    if (row === documents.length) return known.groups;
  }
  return documents.map((document) => group[document] ?? -1);
}

function repeats(groups: Int32Array, collection: Collection): boolean {
  return documentColumns(collection).hasRepeats && new Set(groups).size < groups.length;
}

const identityFates = identityRules.map(({ rule, reason }) => ({ reason, fate: fateOf(rule) }));

/** Number of the first identity rule that drops a document, 0 where none does. */
function identityFate(document: number, group: number, context: IdentityContext): number {
  for (const { reason, fate } of identityFates) {
    if (reason(document, group, context) !== undefined) return fate;
  }
  return UNDECIDED;
}

/** Texts and ids of positives: the listed ones in force, the promoted ones, and those of queries with the same text. */
function identityContext(pool: Pool, query: Query, { collection, verdicts, exactTexts }: FactsContext): IdentityContext {
  const positives = [...pool.positives, ...query.twinPositives];
  const positiveGroups = new Map<number, number>();
  const positiveIds = new Set<string>();
  const exactPositives = new Set<string>();
  for (const position of positives) {
    const document = collection.documents[position];
    if (document !== undefined) {
      positiveIds.add(document.id);
      exactPositives.add(document.text);
      if (!positiveGroups.has(document.group)) {
        positiveGroups.set(document.group, position);
      }
    }
  }
  const positiveTexts = [...new Set(pool.positives.map((position) => collection.documents[position]?.group ?? -1))];
  return { collection, query, verdicts, exactTexts, positives, positiveGroups, positiveIds, exactPositives, positiveTexts };
}
