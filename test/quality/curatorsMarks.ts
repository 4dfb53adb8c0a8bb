import type { Collection } from "#core/collection/collection";
import type { VerdictMark } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import { itemAt } from "#core/util/itemAt";
import { judgedMark } from "../judged/judgedMark";
import type { Split, TrainingQuery } from "../judged/hiddenPositives";
import type { Curation } from "./methods";

/** How far a curator who promotes has looked: this many of the nearest documents that are not labelled. */
const PROMOTED_DEPTH = 20;

/**
 * Marks of a curator who knows all judgements. Every hidden positive of a training query is kept out of its negatives: marked "partly
 * relevant", which does not make it a positive; with "promoted" those among the nearest 20 are marked false negatives, which does.
 */
export function curatorsMarks(
  curation: Exclude<Curation, "none">,
  mined: readonly MinedQuery[],
  { training }: Split,
  collection: Collection,
): readonly VerdictMark[] {
  return training.flatMap((trained, i) => {
    const near = curation === "promoted" ? nearestOthers(itemAt(mined, i), trained) : new Set<number>();
    return [...trained.hidden].map((document) =>
      judgedMark(collection, {
        query: trained.query,
        document,
        verdict: near.has(document) ? "false_negative" : "partly_relevant",
      }),
    );
  });
}

function nearestOthers({ pool }: MinedQuery, { labelled }: TrainingQuery): ReadonlySet<number> {
  const nearest = [...pool.documents.subarray(0, pool.nearest)].filter((document) => !labelled.includes(document));
  return new Set(nearest.slice(0, PROMOTED_DEPTH));
}
