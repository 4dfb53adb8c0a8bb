import type { LabelledPair } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES, FeatureScaler } from "#core/falseNegatives/features";
import type { Feature, FeatureScale } from "#core/falseNegatives/features";
import { sigmoid } from "#core/falseNegatives/sigmoid";
import { seededRandom } from "#core/util/random";
import type { Random } from "#core/util/random";

/** A scale on which values are standardised already. */
export const unitScale: FeatureScale = { means: FEATURES.map(() => 0), deviations: FEATURES.map(() => 1) };

/** Values of one pair; what is not given is not known. */
export function valuesOf(known: Readonly<Partial<Record<Feature, number>>>): Float64Array {
  return Float64Array.from(FEATURES, (feature) => known[feature] ?? Number.NaN);
}

/** A world in which what people say follows a logistic model. */
export interface InventedWorld {
  readonly intercept: number;
  readonly coefficients: Readonly<Partial<Record<Feature, number>>>;
  readonly sources?: Readonly<Record<string, number>>;
  /** Pairs of each query. */
  readonly pairsPerQuery?: number;
  readonly isRandom?: boolean;
}

/** Pairs of that world: the features it knows are normal, the others unknown. */
export function inventedPairs(count: number, world: InventedWorld, seed = "pairs"): readonly LabelledPair[] {
  const random = seededRandom(seed);
  const { intercept, coefficients, sources = { top: 0 }, pairsPerQuery = 4, isRandom = false } = world;
  const names = Object.keys(sources);
  return Array.from({ length: count }, (_, index) => {
    const known = Object.fromEntries(Object.keys(coefficients).map((feature) => [feature, normal(random)]));
    const source = names[index % names.length] ?? "top";
    const effects = Object.entries(coefficients).map(([feature, coefficient]) => coefficient * (known[feature] ?? 0));
    const logOdds = effects.reduce((sum, effect) => sum + effect, intercept + (sources[source] ?? 0));
    return {
      query: `${seed}-q${String(Math.floor(index / pairsPerQuery))}`,
      document: `d${String(index)}`,
      source,
      values: valuesOf(known),
      isFalseNegative: random() < sigmoid(logOdds),
      isRandom,
    };
  });
}

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function scaleOf(pairs: readonly LabelledPair[]): FeatureScale {
  const scaler = new FeatureScaler();
  for (const { values } of pairs) scaler.add(values, 0);
  return scaler.scale();
}
