import { itemAt } from "../util/itemAt";
import { pairedBootstrap } from "./pairedBootstrap";
import type { BootstrapSettings } from "./pairedBootstrap";
import { usualDepths } from "./rankingMeasures";
import type { MeasureDepths, RankingMeasures } from "./rankingMeasures";

/** One measure under both models, as means over the queries. */
export interface MeasureComparison {
  /** "nDCG@10", "MRR@10", "recall@100". */
  readonly name: string;
  readonly frozen: number;
  readonly adapted: number;
  /** Mean of adapted - frozen. */
  readonly difference: number;
  /** Ends of the 95 % interval of the difference. */
  readonly low: number;
  readonly high: number;
}

/** The frozen encoder beside an adapter, on the same queries. */
export interface Comparison {
  readonly queries: number;
  readonly metrics: readonly MeasureComparison[];
  /** What follows for nDCG, in plain words. */
  readonly sentence: string;
  /** Whether there are enough queries and the interval of nDCG lies above zero. */
  readonly isGain: boolean;
}

export interface ComparisonSettings extends BootstrapSettings {
  readonly depths?: MeasureDepths;
}

/** With fewer queries the ends of a bootstrap interval are those of chance: from five gains in a row it would already conclude a gain. */
export const FEWEST_QUERIES = 10;

const MEASURES = ["ndcg", "mrr", "recall"] as const;
const NAMES = { ndcg: "nDCG", mrr: "MRR", recall: "recall" } as const;

export function measureName(measure: keyof RankingMeasures, depths: MeasureDepths = usualDepths): string {
  return `${NAMES[measure]}@${String(depths[measure])}`;
}

/** Mean of each measure over the queries, by name, in the order in which they are reported. At least one query. */
export function meanMeasures(
  perQuery: readonly RankingMeasures[],
  depths: MeasureDepths = usualDepths,
): readonly { readonly name: string; readonly value: number }[] {
  return MEASURES.map((measure) => ({ name: measureName(measure, depths), value: meanOf(perQuery.map((own) => own[measure])) }));
}

/**
 * Compares two models query by query: `frozen[i]` and `adapted[i]` are the measures of the same query. Intervals are at 95 %, by paired
 * bootstrap over the queries, see `pairedBootstrap`. At least one query.
 */
export function comparison(
  frozen: readonly RankingMeasures[],
  adapted: readonly RankingMeasures[],
  settings: ComparisonSettings,
): Comparison {
  const { depths = usualDepths } = settings;
  if (frozen.length !== adapted.length) throw new RangeError("Both models need measures of the same queries.");
  const differences = MEASURES.map((measure) => frozen.map((own, i) => itemAt(adapted, i)[measure] - own[measure]));
  const intervals = pairedBootstrap(differences, settings);
  const metrics = MEASURES.map((measure, i): MeasureComparison => {
    const { mean, low, high } = itemAt(intervals, i);
    return {
      name: measureName(measure, depths),
      frozen: meanOf(frozen.map((own) => own[measure])),
      adapted: meanOf(adapted.map((own) => own[measure])),
      difference: mean,
      low,
      high,
    };
  });
  const [ndcg] = metrics;
  const queries = frozen.length;
  return {
    queries,
    metrics,
    sentence: ndcg === undefined ? "" : conclusion(ndcg, queries),
    isGain: ndcg !== undefined && queries >= FEWEST_QUERIES && ndcg.low > 0,
  };
}

function conclusion({ name, difference, low, high }: MeasureComparison, queries: number): string {
  const interval = `95 % interval ${signed(low)} to ${signed(high)}`;
  const by = `${signed(difference)} ${name} over ${String(queries)} ${queries === 1 ? "query" : "queries"}`;
  if (queries < FEWEST_QUERIES) return `Too few queries to tell: ${by}, and at least ${String(FEWEST_QUERIES)} are needed for an interval.`;
  if (low === 0 && high === 0) return `No difference: the adapter leaves ${name} of each of the ${String(queries)} queries as it is.`;
  if (low > 0) return `A gain: ${by}, ${interval}.`;
  if (high < 0) return `A loss: ${by}, ${interval}. Stay with the frozen encoder.`;
  return `Cannot be told from nothing: ${by}, and the 95 % interval includes 0 (${signed(low)} to ${signed(high)}).`;
}

/** "+0.0123", "-0.0004", "0.0000": a difference of measures in words. */
export function signed(difference: number): string {
  const text = Math.abs(difference).toFixed(4);
  if (Number(text) === 0) return text;
  return `${difference < 0 ? "-" : "+"}${text}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
