import type { Collection } from "../collection/collection";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { probabilityAt } from "../falseNegatives/probabilityAt";
import type { Groupings } from "./filters/rule";
import type { PairOpinion } from "../suggestions/pairOpinion";
import { featureSpace, pairFeatures } from "./pairFeatures";
import type { PoolFacts } from "./poolFacts";
import type { SourceSettings } from "./sourceSettings";

/** What the probabilities of a pool's rows rest on. */
export interface ProbabilityContext {
  readonly collection: Collection;
  readonly sources: readonly SourceSettings[];
  readonly groupings: Groupings;
  /** What language models say of the query's passages, by text key. */
  readonly opinions: ReadonlyMap<string, PairOpinion>;
  readonly falseNegatives: FalseNegativeModel;
}

/** The source that a row without one counts as: one without marks of its own. */
export const NO_SOURCE = "listed";

/** P(false negative) of a pool's rows for one state of the model: what a threshold that moves is compared with. Eight bytes a row for each intercept. */
export class KnownProbabilities {
  #made: { readonly context: ProbabilityContext; readonly space: string; readonly ofIntercept: Map<number, Float64Array> } | undefined;

  /** Of every row as a source would have it that found it. */
  of(facts: PoolFacts, context: ProbabilityContext, source: string): Float64Array {
    const space = featureSpace(context.sources);
    if (this.#made === undefined || this.#made.space !== space || !isSame(this.#made.context, context)) {
      this.#made = { context, space, ofIntercept: probabilities(facts, context) };
    }
    const { ofIntercept } = this.#made;
    const intercept = interceptOf(context.falseNegatives, source);
    const known = ofIntercept.get(intercept) ?? column(facts, context, pairFeatures(facts, context), source);
    ofIntercept.set(intercept, known);
    return known;
  }
}

/** For all sources of the mix at once, since the features are made once only. */
function probabilities(facts: PoolFacts, context: ProbabilityContext): Map<number, Float64Array> {
  const table = pairFeatures(facts, context);
  const names = [...context.sources.map(({ source }) => source), NO_SOURCE];
  const made = new Map<number, Float64Array>();
  for (const name of names) {
    const intercept = interceptOf(context.falseNegatives, name);
    if (!made.has(intercept)) made.set(intercept, column(facts, context, table, name));
  }
  return made;
}

function column(facts: PoolFacts, { falseNegatives }: ProbabilityContext, table: Float64Array, source: string): Float64Array {
  const made = new Float64Array(facts.groups.length);
  for (let row = 0; row < made.length; row += 1) made[row] = probabilityAt(falseNegatives, table, row, source);
  return made;
}

function interceptOf({ sourceIntercepts }: FalseNegativeModel, source: string): number {
  return Object.hasOwn(sourceIntercepts, source) ? (sourceIntercepts[source] ?? 0) : 0;
}

function isSame(one: ProbabilityContext, other: ProbabilityContext): boolean {
  return (
    one.falseNegatives === other.falseNegatives &&
    one.collection === other.collection &&
    one.opinions === other.opinions &&
    one.groupings.article === other.groupings.article &&
    one.groupings.topic === other.groupings.topic
  );
}
