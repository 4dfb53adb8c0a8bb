import type { Collection } from "../collection/collection";
import { DROP_RULES, fateOf, ruleOf, UNDECIDED } from "../mining/candidate";
import { explainRows, sourceName } from "../mining/explain";
import { fittedProbabilities } from "../mining/falseNegativeProbabilities";
import { queryText } from "../mining/filters/queryText";
import type { MinedQuery } from "../mining/miningState";
import { itemAt } from "../util/itemAt";
import { MOST_OTHERS, roundQueryName } from "./roundSnapshot";
import type { EmittedNegative, GoneNegative, PassedOver, RoundQuery, RoundSnapshot, Standing } from "./roundSnapshot";

/** What a round's mining comes to, over all its queries. */
export interface RoundFigures {
  readonly emitted: number;
  /** Emitted negatives that are new since the round before, gone since, and the same. All are added where there is no round before. */
  readonly added: number;
  readonly dropped: number;
  readonly kept: number;
  /** Mean similarity of the emitted negatives to their queries under the model that they were mined with; NaN where none has one. */
  readonly hardness: number;
  /**
   * ANCE's overlap of the training negatives with the model's own (Xiong et al. 2021, section 5.3): for a query with n emitted negatives, how many
   * of them are among the n nearest passages that are neither positives of the query nor its own text, equal texts counted once; summed over the
   * queries and divided by the emitted. NaN where no query has a list of its nearest.
   */
  readonly overlap: number;
  /** Share of the emitted pairs on which a mark of anybody is in force; NaN where nothing is emitted. */
  readonly markedShare: number;
  /**
   * Estimated share of false negatives: mean P(false negative) of the emitted pairs, those that people call true negatives counted 0. An indication
   * for a stop rule, not a bound. NaN while there are too few marks to fit the model to.
   */
  readonly falseNegatives: number;
}

export interface FinishedRound {
  readonly snapshot: RoundSnapshot;
  readonly figures: RoundFigures;
}

/** Makes the snapshot of a round from its mined queries, which are handed in one after the other in the order of the data set. */
export class SnapshotBuilder {
  readonly #round: number;
  readonly #collection: Collection;
  readonly #before: ReadonlyMap<string, RoundQuery> | undefined;
  readonly #queries: RoundQuery[] = [];
  #added = 0;
  #dropped = 0;
  #kept = 0;
  readonly #scores = { sum: 0, count: 0 };
  readonly #overlap = { hits: 0, of: 0 };
  #marked = 0;
  readonly #suspected = { sum: 0, count: 0 };
  #pairs = 0;

  /** @param previous the snapshot of the round before; absent in the first */
  constructor(round: number, collection: Collection, previous?: RoundSnapshot) {
    this.#round = round;
    this.#collection = collection;
    this.#before = previous === undefined ? undefined : new Map(previous.queries.map((query) => [roundQueryName(query), query]));
  }

  add(mined: MinedQuery): void {
    const { key, id } = itemAt(this.#collection.queries, mined.query);
    const before = this.#before?.get(roundQueryName({ key, id }))?.emitted ?? [];
    const ranks = ranksOf(mined);
    const emitted = this.#emittedOf(mined, ranks);
    const keys = new Set(emitted.map((negative) => negative.key));
    const gone = this.#goneOf(
      before.filter((negative) => !keys.has(negative.key)),
      mined,
    );
    this.#queries.push({ key, id, emitted, gone, others: this.#othersOf(mined, ranks, gone) });
    this.#dropped += gone.length;
    this.#kept += before.length - gone.length;
    this.#added += emitted.length - (before.length - gone.length);
    this.#count(mined);
  }

  finish(): FinishedRound {
    const emitted = this.#added + this.#kept;
    return {
      snapshot: { round: this.#round, queries: this.#queries },
      figures: {
        emitted,
        added: this.#added,
        dropped: this.#dropped,
        kept: this.#kept,
        hardness: this.#scores.sum / this.#scores.count,
        overlap: this.#overlap.hits / this.#overlap.of,
        markedShare: this.#marked / this.#pairs,
        falseNegatives: this.#suspected.sum / this.#suspected.count,
      },
    };
  }

  #emittedOf(mined: MinedQuery, ranks: Int32Array): readonly EmittedNegative[] {
    const { decision } = mined;
    const seen = new Set<string>();
    return decision.kept.flatMap((row) => {
      const standing = this.#standingOf(row, ranks[row] ?? 0, mined);
      // Only sentence-transformers' rules emit texts that differ in blanks alone.
      if (seen.has(standing.key)) return [];
      seen.add(standing.key);
      const by = decision.decidedBy[row] ?? -1;
      return [{ ...standing, source: by === -1 ? "listed" : sourceName(by, mined) }];
    });
  }

  #goneOf(gone: readonly EmittedNegative[], mined: MinedQuery): readonly GoneNegative[] {
    const { facts, decision, pool } = mined;
    const groups = gone.map(({ key }) => this.#collection.groupOfKey.get(key));
    const rows = groups.map((group) => facts.groups.findIndex((own, row) => own === group && decision.fates[row] !== UNDECIDED));
    const candidates = explainRows(
      mined,
      rows.filter((row) => row !== -1),
    );
    const ofRow = new Map(candidates.map((candidate) => [candidate.document, candidate]));
    return gone.map(({ key }, i) => {
      const row = rows[i] ?? -1;
      const candidate = ofRow.get(pool.documents[row] ?? -1);
      if (candidate === undefined) {
        return {
          key,
          rule: "not_found",
          reason: groups[i] === undefined ? "its text is not in the data any more" : notFound(pool.nearest),
        };
      }
      return { ...this.#standingOf(row, candidate.rank, mined), rule: candidate.rule, reason: candidate.reason };
    });
  }

  /** In the order of their ranks, then those without one in the order of the data. */
  #othersOf(mined: MinedQuery, ranks: Int32Array, gone: readonly GoneNegative[]): readonly PassedOver[] {
    const { fates } = mined.decision;
    const told = new Set(gone.map(({ key }) => key));
    const rows = [...fates.keys()].filter((row) => WORTH_TELLING.has(fates[row] ?? UNDECIDED));
    const placeOf = (row: number): number => ranks[row] || Number.MAX_SAFE_INTEGER;
    rows.sort((a, b) => placeOf(a) - placeOf(b) || (mined.pool.documents[a] ?? 0) - (mined.pool.documents[b] ?? 0));
    const others: PassedOver[] = [];
    for (const row of rows) {
      if (others.length === MOST_OTHERS) break;
      const standing = this.#standingOf(row, ranks[row] ?? 0, mined);
      if (!told.has(standing.key)) others.push({ ...standing, rule: ruleOf(fates[row] ?? UNDECIDED) });
    }
    return others;
  }

  #standingOf(row: number, rank: number, { facts, pool }: MinedQuery): Standing {
    const score = pool.scores[row] ?? Number.NaN;
    return {
      key: itemAt(this.#collection.groupKeys, facts.groups[row] ?? -1),
      ...(rank === 0 ? {} : { rank }),
      ...(Number.isFinite(score) ? { score: Number(score.toFixed(6)) + 0 } : {}),
    };
  }

  #count(mined: MinedQuery): void {
    const { pool, facts, decision, verdicts } = mined;
    const suspected = fittedProbabilities(mined);
    const scores = pool.cosines?.rows ?? pool.scores;
    for (const row of decision.kept) {
      const score = scores[row] ?? Number.NaN;
      if (Number.isFinite(score)) {
        this.#scores.sum += score;
        this.#scores.count += 1;
      }
      this.#marked += Number(verdicts.marksOfGroup.has(facts.groups[row] ?? -1));
      this.#pairs += 1;
      if (suspected === undefined) continue;
      this.#suspected.sum += suspected[row] ?? 0;
      this.#suspected.count += 1;
    }
    if (pool.nearest === 0) return;
    const own = nearestGroups({ pool, facts }, decision.kept.length);
    this.#overlap.of += decision.kept.length;
    this.#overlap.hits += decision.kept.filter((row) => own.has(facts.groups[row] ?? -1)).length;
  }
}

/** Fates of candidates that might have been emitted: dropped, and not for what no setting can change. */
const WORTH_TELLING: ReadonlySet<number> = new Set(
  DROP_RULES.filter((rule) => rule !== "own_positive" && rule !== "query_text" && rule !== "same_text").map(fateOf),
);

/** Rank of each row in the list of the source that decided about it, as `explain` has it; 0 without one. */
function ranksOf({ pool, decision }: MinedQuery): Int32Array {
  const ranks = new Int32Array(pool.documents.length);
  for (const [position, { rows, ranked }] of pool.lists.entries()) {
    for (let at = 0; ranked && at < rows.length; at += 1) {
      const row = rows[at] ?? -1;
      if (decision.decidedBy[row] === position) ranks[row] = at + 1;
    }
  }
  return ranks;
}

/** Groups of the nearest passages that are neither positives in force nor the query's own text. */
function nearestGroups({ pool, facts }: Pick<MinedQuery, "pool" | "facts">, count: number): ReadonlySet<number> {
  const { identity } = facts;
  const groups = new Set<number>();
  for (let row = 0; row < pool.nearest && groups.size < count; row += 1) {
    const group = facts.groups[row] ?? -1;
    const isOwn = identity.positiveGroups.has(group) || queryText(pool.documents[row] ?? -1, group, identity) !== undefined;
    if (!isOwn) groups.add(group);
  }
  return groups;
}

function notFound(nearest: number): string {
  return nearest === 0 ? "not among the candidates any more" : `not among the ${String(nearest)} nearest any more`;
}
