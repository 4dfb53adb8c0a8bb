import { fateOf, UNDECIDED } from "../mining/candidate";
import type { MinedQuery } from "../mining/miningState";
import { similarityToPositive } from "../mining/pool";
import type { Pool } from "../mining/pool";
import { gradientClass } from "./gradientClass";
import type { GradientClass } from "./gradientClass";
import type { GradientSettings } from "./gradientSettings";
import { distanceOf, logAddExp, logSumExp, partBeside, scoreGradient } from "./infoNce";

/**
 * What the candidates of one query do to its gradient, beside the rows of the pool. Each number is the mean over one training row for every
 * positive, whose softmax is over that positive, the emitted negatives and the candidate itself. NaN for rows that are no candidates and
 * for positives of the file; a passage that a mark made a positive is measured against the others, as the negative that it might have been.
 */
export interface RowGradients {
  /** s_j, the cosine similarity to the query. */
  readonly scores: Float64Array;
  /** D = s_j - s+. */
  readonly differences: Float64Array;
  /** p_j. */
  readonly weights: Float64Array;
  /** w_j: the candidate's part of the negatives' p, itself included. */
  readonly shares: Float64Array;
  /** |g_j| = (p_j / tau) |d_j - d+|. */
  readonly norms: Float64Array;
  /**
   * (p_j / tau) (s(d_j, d+) - s_j s+): by how much a unit step that pushes the query away from the passage takes the positive's own score
   * down. Near 0 for a passage that shares words alone with the query, great for one that says the same as the positive.
   */
  readonly pushes: Float64Array;
  /** 1 for the emitted negatives in the softmax, and their number. */
  readonly isKept: Uint8Array;
  readonly negatives: number;
  /** 1 / sum w^2 over them; 0 where there is none. */
  readonly effectiveNegatives: number;
}

const OWN_POSITIVE = fateOf("own_positive");
const QUERY_TEXT = fateOf("query_text");
const SAME_TEXT = fateOf("same_text");

/** Whether a row with this fate is a candidate in its own right: no positive, not the query, and not the text of another row once more. */
export function isRival(fate: number | undefined): boolean {
  return fate !== undefined && fate !== UNDECIDED && fate !== OWN_POSITIVE && fate !== QUERY_TEXT && fate !== SAME_TEXT;
}

/** The class of a row; undefined where nothing is known of it. */
export function kindAt({ weights, shares, isKept, negatives }: RowGradients, row: number): GradientClass | undefined {
  const weight = weights[row] ?? Number.NaN;
  return Number.isNaN(weight) ? undefined : gradientClass(weight, shares[row] ?? 0, isKept[row] === 1 ? negatives : negatives + 1);
}

/** Room for the numbers of one query. Made once for a whole file: small typed arrays cost more to make and to forget than to fill. */
export class GradientColumns {
  differences = new Float64Array(0);
  weights = new Float64Array(0);
  shares = new Float64Array(0);
  norms = new Float64Array(0);
  pushes = new Float64Array(0);

  /** So many rows, of which nothing is known. */
  clear(rows: number): this {
    this.differences = cleared(this.differences, rows);
    this.weights = cleared(this.weights, rows);
    this.shares = cleared(this.shares, rows);
    this.norms = cleared(this.norms, rows);
    this.pushes = cleared(this.pushes, rows);
    return this;
  }
}

function cleared(column: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  const fits =
    column.length === rows
      ? column
      : new Float64Array(rows <= column.buffer.byteLength / 8 ? column.buffer : new ArrayBuffer(rows * 8), 0, rows);
  return fits.fill(Number.NaN);
}

/** Everything about one query that its rows share. */
interface Softmax {
  readonly pool: Pool;
  /** Cosine similarities of the rows and of the positives to the query. */
  readonly scores: Float64Array;
  readonly positiveScores: readonly number[];
  readonly settings: GradientSettings;
  /** Positions in `pool.positives` of those with a score, and of those among them that are the file's own. */
  readonly positives: readonly number[];
  readonly listed: readonly number[];
  /** Log of the sum over the emitted negatives, and with each positive by its position in `pool.positives`. */
  readonly logNegatives: number;
  readonly logAll: readonly number[];
  readonly isKept: Uint8Array;
  readonly negatives: number;
}

/**
 * Undefined where nothing is known: in a pool of words, without positives, without similarities to each of several positives.
 *
 * @param into columns to write into, where those of the query before are not needed any more
 */
export function rowGradients(mined: MinedQuery, settings: GradientSettings, into = new GradientColumns()): RowGradients | undefined {
  const softmax = softmaxOf(mined, settings);
  if (softmax === undefined) return undefined;
  const { pool, scores, positives, listed, isKept, negatives } = softmax;
  const { decision, verdicts, facts } = mined;
  const rows = pool.documents.length;
  const columns = into.clear(rows);
  const promoted = new Set(verdicts.promoted.map((document) => facts.identity.collection.documents[document]?.group));
  for (let row = 0; row < rows; row += 1) {
    const fate = decision.fates[row] ?? UNDECIDED;
    if (fate === UNDECIDED || fate === OWN_POSITIVE) continue;
    fill(columns, row, promoted.has(facts.groups[row]) ? listed : positives, softmax);
  }
  let squares = 0;
  for (const row of decision.kept) squares += isKept[row] === 1 ? (columns.shares[row] ?? 0) ** 2 : 0;
  return {
    scores,
    differences: columns.differences,
    weights: columns.weights,
    shares: columns.shares,
    norms: columns.norms,
    pushes: columns.pushes,
    isKept,
    negatives,
    effectiveNegatives: squares > 0 ? 1 / squares : 0,
  };
}

function softmaxOf({ pool, decision, verdicts }: MinedQuery, settings: GradientSettings): Softmax | undefined {
  if (pool.retrieval !== "dense" || (pool.positives.length > 1 && pool.positiveSimilarities === undefined)) return undefined;
  const scores = pool.cosines?.rows ?? pool.scores;
  const positiveScores = pool.cosines?.positives ?? pool.positiveScores;
  const positives = [...pool.positives.keys()].filter((at) => Number.isFinite(positiveScores[at]));
  if (positives.length === 0) return undefined;
  const kept = decision.kept.filter((row) => Number.isFinite(scores[row]));
  const isKept = new Uint8Array(pool.documents.length);
  for (const row of kept) isKept[row] = 1;
  const logNegatives = logSumExp(kept.map((row) => logitOf(scores[row] ?? Number.NaN, settings)));
  return {
    pool,
    scores,
    positiveScores,
    settings,
    positives,
    listed: verdicts.promoted.length === 0 ? positives : positives.filter((at) => !verdicts.promoted.includes(pool.positives[at] ?? -1)),
    logNegatives,
    logAll: positiveScores.map((score) => logAddExp(score / settings.temperature, logNegatives)),
    isKept,
    negatives: kept.length,
  };
}

/** Of a negative. */
function logitOf(score: number, { temperature, hardness }: GradientSettings): number {
  return score / temperature + hardness * score;
}

function fill(columns: GradientColumns, row: number, positives: readonly number[], softmax: Softmax): void {
  const { pool, scores, positiveScores, settings, logAll, logNegatives, isKept } = softmax;
  const score = scores[row] ?? Number.NaN;
  const logit = logitOf(score, settings);
  const isMember = isKept[row] === 1;
  let weight = 0;
  let norm = 0;
  let push = 0;
  let difference = 0;
  for (const at of positives) {
    const p = isMember ? Math.exp(logit - (logAll[at] ?? Number.NaN)) : partBeside(logit, logAll[at] ?? Number.NaN);
    const slope = scoreGradient(p, 0, settings.temperature);
    const similarity = similarityToPositive(pool, row, at);
    const positiveScore = positiveScores[at] ?? Number.NaN;
    difference += score - positiveScore;
    weight += p;
    norm += slope * distanceOf(similarity);
    push += slope * (similarity - score * positiveScore);
  }
  if (positives.length === 0 || !Number.isFinite(norm)) return;
  columns.differences[row] = difference / positives.length;
  columns.weights[row] = weight / positives.length;
  columns.shares[row] = isMember ? Math.exp(logit - logNegatives) : partBeside(logit, logNegatives);
  columns.norms[row] = norm / positives.length;
  columns.pushes[row] = push / positives.length;
}
