import type { CurationConfig } from "../config/curationSchema";
import type { Suggestions } from "../suggestions/pairOpinion";
import { itemAt } from "../util/itemAt";
import type { EmittedPair } from "./emission";
import { isFlagged } from "./opinions";

/** Cards between two looks at the whole file: one of each query at most. */
export const PAGE = 20;
/** Pages that are set out; behind them pairs follow by harm alone, since the order is made anew long before. */
const PAGES = 10;

/**
 * How much a pair would spoil training if nobody looked at it, as an expected value: P(false negative) times its softmax weight, which is the length
 * of the wrong gradient up to the positive's distance. 0 where either is not known.
 */
export function harmOf({ probability, weight }: Pick<EmittedPair, "probability" | "weight">): number {
  const harm = probability * weight;
  return Number.isFinite(harm) ? harm : 0;
}

/**
 * As `config.curation.harvest_order` has it: by harm alone, or with the pairs first that a language model calls relevant, in part or a duplicate, and
 * by harm among them and among the others.
 */
export function orderedHarvest(
  pairs: readonly EmittedPair[],
  { harvest_order: order }: CurationConfig,
  suggestions: Suggestions,
): readonly EmittedPair[] {
  if (order === "harm") return harvestOrder(pairs);
  const called = pairs.map(({ query, document }) => {
    const opinion = suggestions.opinionOf(query, document);
    return opinion !== undefined && isFlagged(opinion);
  });
  return [true, false].flatMap((isCalled) => harvestOrder(pairs.filter((_, at) => called[at] === isCalled)));
}

/** Most harmful first, in pages that take one pair of a query at most; pairs that would do the same harm stay in their order. */
export function harvestOrder(pairs: readonly EmittedPair[]): readonly EmittedPair[] {
  const harms = Float64Array.from(pairs, harmOf);
  const byHarm = Uint32Array.from(pairs.keys()).sort((a, b) => (harms[b] ?? 0) - (harms[a] ?? 0) || a - b);
  let rest: readonly EmittedPair[] = Array.from(byHarm, (at) => itemAt(pairs, at));
  const order: EmittedPair[] = [];
  for (let page = 0; page < PAGES && rest.length > 0; page += 1) {
    const queries = new Set<string>();
    const left: EmittedPair[] = [];
    for (const [place, pair] of rest.entries()) {
      if (queries.size === PAGE) {
        for (const other of rest.slice(place)) left.push(other);
        break;
      }
      if (queries.has(pair.query)) {
        left.push(pair);
        continue;
      }
      queries.add(pair.query);
      order.push(pair);
    }
    rest = left;
  }
  return [...order, ...rest];
}
