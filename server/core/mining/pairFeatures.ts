import { FEATURES } from "../falseNegatives/features";
import type { Feature, FeatureTable } from "../falseNegatives/features";
import type { Grouping } from "../grouping/grouping";
import { answerTest } from "./answerTest";
import { anchorOf } from "./anchors";
import { queryText } from "./filters/queryText";
import type { Groupings } from "./filters/rule";
import type { PoolFacts } from "./poolFacts";
import { relevanceOf } from "../suggestions/pairOpinion";
import type { PairOpinion } from "../suggestions/pairOpinion";
import { isDense, isLexical } from "./sourceSettings";
import type { SourceSettings } from "./sourceSettings";

/** What the features of a pair depend on besides its pool. */
export interface FeatureContext {
  readonly sources: readonly SourceSettings[];
  readonly groupings: Groupings;
  /** What language models say of the query's passages, by text key. */
  readonly opinions: ReadonlyMap<string, PairOpinion>;
}

const WIDTH = FEATURES.length;

/**
 * Features of rows of a dense pool, one row after the other in the order of `FEATURES`. None of them knows what anybody says of that very pair: a
 * passage that a mark made a positive is left out of the positives that it is compared with, and ranks and lists reach as far as the sampler
 * looks, not a place further for each passage that marks exclude.
 *
 * @param rows by default all rows of the pool
 */
export function pairFeatures(facts: PoolFacts, context: FeatureContext, rows?: ArrayLike<number>): FeatureTable {
  const count = rows?.length ?? facts.groups.length;
  const table = new Float64Array(count * WIDTH);
  const query = new QueryFeatures(facts, context);
  if (rows === undefined) facts.words.complete(facts.groups, facts.pool.query, facts.identity);
  for (let at = 0; at < count; at += 1) {
    query.write(rows === undefined ? at : (rows[at] ?? -1), table, at * WIDTH);
  }
  return table;
}

/** Place of each feature in the table. */
const PLACE = Object.fromEntries(FEATURES.map((feature, place) => [feature, place])) as Readonly<Record<Feature, number>>;

/** A positive in force, as it is known to the pool. */
interface Positive {
  /** Position in `Pool.positives`. */
  readonly column: number;
  readonly document: number;
  readonly group: number;
  /** Cosine similarity to the query. */
  readonly score: number;
}

/** What the features of one query's rows have in common. */
class QueryFeatures {
  readonly #facts: PoolFacts;
  readonly #groupings: Groupings;
  readonly #opinions: ReadonlyMap<string, PairOpinion>;
  /** In the order of the collection, so that sums do not depend on the order of marks. */
  readonly #positives: readonly Positive[];
  readonly #groups: ReadonlySet<number>;
  /** Among all positives, for rows that are none. */
  readonly #anchors: Anchors;
  readonly #scores: Float64Array;
  /** Places of the nearest list that the sampler looks at. */
  readonly #reach: number;
  /** Highest score of a passage that is neither a positive nor the query, and of the nearer ones that are positives by their group. */
  readonly #top: number;
  readonly #nearerPositives: ReadonlyMap<number, number>;
  readonly #agreement: Float64Array | undefined;
  readonly #hasAnswer: ((group: number) => boolean) | undefined;

  constructor(facts: PoolFacts, { sources, groupings, opinions }: FeatureContext) {
    const { pool, identity } = facts;
    this.#facts = facts;
    this.#groupings = groupings;
    this.#opinions = opinions;
    this.#positives = positivesOf(facts);
    this.#groups = new Set(this.#positives.map(({ group }) => group));
    this.#anchors = anchorsOf(this.#positives);
    // Under sentence-transformers' rules second scores may have taken the place of similarities.
    this.#scores = pool.cosines?.rows ?? pool.scores;
    this.#reach = Math.min(pool.nearest, reachOf(sources));
    [this.#top, this.#nearerPositives] = topOf(facts, this.#scores, this.#reach);
    this.#agreement = agreementOf(facts, sources);
    this.#hasAnswer = answerTest(identity.collection, identity.query);
  }

  write(row: number, table: FeatureTable, start: number): void {
    const { pool, identity, groups } = this.#facts;
    const group = groups[row] ?? -1;
    const isPositive = this.#groups.has(group);
    const others = isPositive ? this.#positives.filter((positive) => positive.group !== group) : this.#positives;
    const { lowest, highest } = isPositive ? anchorsOf(others) : this.#anchors;
    const score = this.#scores[row] ?? Number.NaN;
    table[start + PLACE.score] = score;
    table[start + PLACE.margin_to_lowest] = score - lowest;
    table[start + PLACE.margin_to_highest] = score - highest;
    table[start + PLACE.ratio] = lowest > 0 ? score / lowest : Number.NaN;
    this.#writeSimilarities(row, others, table, start);
    table[start + PLACE.log_rank] = Math.log(Math.min(row, this.#reach) + 1);
    table[start + PLACE.top_score] = Math.max(this.#top, this.#nearerPositives.get(group) ?? Number.NEGATIVE_INFINITY);
    table[start + PLACE.query_words] = this.#facts.words.ofQuery(row, group, pool.query, identity);
    table[start + PLACE.positive_words] = this.#facts.words.ofPositives(row, group, identity);
    table[start + PLACE.answer_hit] = this.#hasAnswer === undefined ? Number.NaN : Number(this.#hasAnswer(group));
    table[start + PLACE.same_article] = this.#shares(this.#groupings.article, row, others);
    table[start + PLACE.same_topic] = this.#shares(this.#groupings.topic, row, others);
    table[start + PLACE.agreement] = this.#agreement?.[row] ?? Number.NaN;
    table[start + PLACE.llm_verdict] = this.#relevance(group);
    for (let place = start; place < start + WIDTH; place += 1) {
      if (!Number.isFinite(table[place] ?? Number.NaN)) table[place] = Number.NaN;
    }
  }

  #writeSimilarities(row: number, others: readonly Positive[], table: FeatureTable, start: number): void {
    const { pool } = this.#facts;
    const { positives, positiveSimilarity, positiveSimilarities } = pool;
    let [highest, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (const { column } of others) {
      const similarity = positives.length === 1 ? positiveSimilarity[row] : positiveSimilarities?.[row * positives.length + column];
      const known = similarity ?? Number.NaN;
      highest = Math.max(highest, known);
      sum += known;
    }
    table[start + PLACE.positive_similarity] = highest;
    table[start + PLACE.mean_positive_similarity] = sum / others.length;
  }

  #relevance(group: number): number {
    const opinion = this.#opinions.size === 0 ? undefined : this.#opinions.get(this.#facts.identity.collection.groupKeys[group] ?? "");
    return opinion === undefined ? Number.NaN : relevanceOf(opinion);
  }

  #shares(grouping: Grouping | undefined, row: number, positives: readonly Positive[]): number {
    if (grouping === undefined) return Number.NaN;
    const own = grouping.groupOf[this.#facts.pool.documents[row] ?? -1] ?? -1;
    return Number(own !== -1 && positives.some(({ document }) => grouping.groupOf[document] === own));
  }
}

function positivesOf({ pool, identity }: PoolFacts): readonly Positive[] {
  const scores = pool.cosines?.positives ?? pool.positiveScores;
  return pool.positives
    .map((document, column) => ({
      column,
      document,
      group: identity.collection.documents[document]?.group ?? -1,
      score: scores[column] ?? Number.NaN,
    }))
    .sort((a, b) => a.document - b.document);
}

interface Anchors {
  readonly lowest: number;
  readonly highest: number;
}

function anchorsOf(positives: readonly Positive[]): Anchors {
  const scores = positives.map(({ score }) => score);
  return { lowest: anchorOf(scores, "lowest"), highest: anchorOf(scores, "highest") };
}

/** How many of the nearest the sampler looks at; the pool may know more, since it was searched more deeply or marks exclude some. */
function reachOf(sources: readonly SourceSettings[]): number {
  return sources.reduce((most, settings) => (isDense(settings) ? Math.max(most, settings.depth) : most), 0);
}

/**
 * The score of the nearest passage that is neither a positive in force nor the query's text, and those of the positives that are nearer than it:
 * for one that a mark made a positive it is the nearest after all, as it was before the mark.
 */
function topOf({ pool, identity, groups }: PoolFacts, scores: Float64Array, reach: number): readonly [number, ReadonlyMap<number, number>] {
  const positives = new Map<number, number>();
  for (let row = 0; row < reach; row += 1) {
    const group = groups[row] ?? -1;
    if (queryText(pool.documents[row] ?? -1, group, identity) !== undefined) continue;
    const score = scores[row] ?? Number.NaN;
    if (!identity.positiveGroups.has(group)) return [score, positives];
    if (!positives.has(group)) positives.set(group, score);
  }
  return [Number.NEGATIVE_INFINITY, positives];
}

/**
 * Share of the sources that search by the query which found each row; undefined with fewer than two of them. Draws and groups of the positives
 * follow what marks say, and so does what is fused as deep as the window of survivors needs it.
 */
function agreementOf({ pool, groups }: PoolFacts, sources: readonly SourceSettings[]): Float64Array | undefined {
  const searching = sources.flatMap((settings, position) => (isAsked(settings) ? [{ depth: settings.depth, position }] : []));
  if (searching.length < 2) return undefined;
  const shares = new Float64Array(groups.length);
  for (const { depth, position } of searching) {
    const rows = pool.lists[position]?.rows ?? new Int32Array(0);
    for (let at = 0; at < Math.min(depth, rows.length); at += 1) {
      const row = rows[at] ?? -1;
      shares[row] = (shares[row] ?? 0) + 1 / searching.length;
    }
  }
  return shares;
}

function isAsked(settings: SourceSettings): boolean {
  const isFusedFurther = settings.source === "hybrid" && settings.range_after_filters && settings.compat === null;
  return (isDense(settings) || isLexical(settings)) && !isFusedFurther;
}

const spaces = new WeakMap<readonly SourceSettings[], string>();

/** Names what the features depend on of the sources: with the same name, and the same groupings, a pair has the same features. */
export function featureSpace(sources: readonly SourceSettings[]): string {
  const known = spaces.get(sources);
  if (known !== undefined) return known;
  const asked = sources.map((settings) => (isAsked(settings) ? [settings.depth] : []));
  const made = JSON.stringify([reachOf(sources), asked]);
  spaces.set(sources, made);
  return made;
}
