/**
 * What sentence-transformers' `mine_hard_negatives` (6.1, without FAISS, cross-encoder and `include_positives`) gives for known scores:
 * a plain and slow statement of its documented behaviour to compare our mining with. Scores and the arithmetic on them are float32, as
 * torch has them. Where scores tie, torch promises no order; here the document that is earlier in the corpus comes first.
 */

export interface ReferencePair {
  readonly anchor: string;
  readonly positive: string;
}

export interface ReferenceSettings {
  readonly numNegatives?: number;
  readonly rangeMin?: number;
  readonly rangeMax?: number;
  readonly maxScore?: number;
  readonly minScore?: number;
  readonly absoluteMargin?: number;
  readonly relativeMargin?: number;
}

export interface ReferenceInput {
  /** The rows of the data set; rows with the same anchor are one query with several positives. */
  readonly pairs: readonly ReferencePair[];
  /** Texts to mine from besides the positives. */
  readonly corpus?: readonly string[];
  readonly score: (anchor: string, document: string) => number;
  readonly settings?: ReferenceSettings;
}

export interface ScoredText {
  readonly text: string;
  readonly score: number;
}

/** One anchor after mining. */
export interface ReferenceQuery {
  readonly anchor: string;
  /** Each text once, in the order of the rows. */
  readonly positives: readonly ScoredText[];
  /** What "random" draws from evenly, nearest first. */
  readonly window: readonly ScoredText[];
  /** What "top" gives. */
  readonly negatives: readonly ScoredText[];
}

const f32 = Math.fround;

/** Anchors in the order of their first rows. Throws where the library raises a ValueError. */
export function mineReference(input: ReferenceInput): readonly ReferenceQuery[] {
  const { pairs, settings = {} } = input;
  if (pairs.length === 0) throw new RangeError("the data set is empty");
  const documents = [...new Set([...(input.corpus ?? []), ...pairs.map(({ positive }) => positive)])];
  const anchors = [...new Set(pairs.map(({ anchor }) => anchor))];
  // Rows count here, equal ones too.
  const mostPositives = Math.max(...anchors.map((anchor) => pairs.filter((pair) => pair.anchor === anchor).length));
  const plan = planOf(settings, mostPositives);
  return anchors.map((anchor) => {
    const texts = [...new Set(pairs.filter((pair) => pair.anchor === anchor).map(({ positive }) => positive))];
    const positives = texts.map((text) => ({ text, score: f32(input.score(anchor, text)) }));
    const retrieved = nearestFirst(documents.map((text) => ({ text, score: f32(input.score(anchor, text)) }))).slice(0, plan.depth);
    const passes = filterOf(settings, Math.min(...positives.map(({ score }) => score)));
    // Own positives take places in the retrieved list, and none after the filters.
    const survivors = retrieved.filter(({ text, score }) => !texts.includes(text) && passes(score));
    const window = survivors.slice(0, plan.rangeMax).slice(plan.rangeMin);
    return { anchor, positives, window, negatives: window.slice(0, plan.numNegatives) };
  });
}

interface Plan {
  readonly numNegatives: number;
  readonly rangeMin: number;
  readonly rangeMax: number;
  /** Number of documents retrieved for each anchor. */
  readonly depth: number;
}

function planOf(settings: ReferenceSettings, mostPositives: number): Plan {
  const { numNegatives = 3, rangeMin = 0, absoluteMargin, relativeMargin, maxScore } = settings;
  if (numNegatives < 1) throw new RangeError("num_negatives must be at least 1");
  const mayDrop = absoluteMargin !== undefined || relativeMargin !== undefined || maxScore !== undefined;
  const rangeMax = settings.rangeMax ?? rangeMin + (mayDrop ? 10 : 1) * numNegatives + mostPositives;
  if (rangeMin < 0) throw new RangeError("range_min must be non-negative");
  if (rangeMin >= rangeMax) throw new RangeError("range_min must be smaller than range_max");
  if (numNegatives > rangeMax - rangeMin) throw new RangeError("num_negatives must fit between range_min and range_max");
  return { numNegatives, rangeMin, rangeMax, depth: rangeMax + mostPositives };
}

/** Whether a score stays, for an anchor whose lowest positive has the score `lowest`. */
function filterOf(settings: ReferenceSettings, lowest: number): (score: number) => boolean {
  const { absoluteMargin, relativeMargin, maxScore, minScore } = settings;
  return (score) =>
    !(absoluteMargin !== undefined && f32(score + f32(absoluteMargin)) > lowest) &&
    !(relativeMargin !== undefined && score > f32(lowest - f32(Math.abs(lowest) * f32(relativeMargin)))) &&
    !(maxScore !== undefined && score > f32(maxScore)) &&
    !(minScore !== undefined && score < f32(minScore));
}

function nearestFirst(scored: readonly ScoredText[]): readonly ScoredText[] {
  return [...scored].sort((a, b) => b.score - a.score);
}

export type ReferenceFormat = "triplet" | "n-tuple" | "labeled-pair" | "labeled-list";

export interface ReferenceLayout {
  readonly format: ReferenceFormat;
  readonly outputScores: boolean;
  /** Names of the data set's own columns. */
  readonly anchor: string;
  readonly positive: string;
  readonly numNegatives: number;
}

/** A row: its members are the columns, in their order. */
export type ReferenceRow = Readonly<Record<string, string | number | readonly string[] | readonly number[]>>;

export function referenceRows(mined: readonly ReferenceQuery[], layout: ReferenceLayout): readonly ReferenceRow[] {
  return mined.flatMap((query) => rowsOf(query, layout));
}

function rowsOf(query: ReferenceQuery, layout: ReferenceLayout): readonly ReferenceRow[] {
  const { anchor, positives, negatives } = query;
  switch (layout.format) {
    case "triplet":
      return positives.flatMap((positive) =>
        negatives.map((negative) => ({
          [layout.anchor]: anchor,
          [layout.positive]: positive.text,
          negative: negative.text,
          ...(layout.outputScores ? { scores: [positive.score, negative.score] } : {}),
        })),
      );
    case "n-tuple":
      return negatives.length < layout.numNegatives
        ? []
        : positives.map((positive) => ({
            [layout.anchor]: anchor,
            [layout.positive]: positive.text,
            ...Object.fromEntries(negatives.map(({ text }, i) => [`negative_${String(i + 1)}`, text])),
            ...(layout.outputScores ? { scores: [positive, ...negatives].map(({ score }) => score) } : {}),
          }));
    case "labeled-pair":
      return [...positives, ...negatives].map(({ text, score }, i) => ({
        [layout.anchor]: anchor,
        [layout.positive]: text,
        ...(layout.outputScores ? { score } : { label: i < positives.length ? 1 : 0 }),
      }));
    case "labeled-list":
      return negatives.length === 0
        ? []
        : positives.map((positive) => ({
            [layout.anchor]: anchor,
            [layout.positive]: [positive, ...negatives].map(({ text }) => text),
            ...(layout.outputScores
              ? { scores: [positive, ...negatives].map(({ score }) => score) }
              : { labels: [1, ...negatives.map(() => 0)] }),
          }));
  }
}

/** Cosine similarity of texts whose vectors are known. */
export function cosineScore(
  anchors: ReadonlyMap<string, ArrayLike<number>>,
  documents: ReadonlyMap<string, ArrayLike<number>>,
): ReferenceInput["score"] {
  return (anchor, document) => {
    const a = anchors.get(anchor);
    const b = documents.get(document);
    if (a === undefined || b === undefined) throw new RangeError(`no vector for "${a === undefined ? anchor : document}"`);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
