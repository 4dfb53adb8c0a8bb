import type { Collection, Query } from "../collection/collection";
import { meets } from "../collection/fieldPredicate";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { seededRandom, shuffledRange } from "../util/random";
import type { SourceSettings } from "./sourceSettings";

export interface CorpusDraw {
  readonly collection: Collection;
  readonly query: Query;
  readonly settings: SourceSettings;
  readonly verdicts: QueryVerdicts;
  /** Names the draw: same name, same order of the corpus. */
  readonly name: string;
}

/**
 * Documents drawn evenly from the whole corpus, in the order of the draw and without repetition: of those that have text, that `where` allows and
 * that are surely no negatives (positives, the query, what marks keep out). Twice as many as are wanted and ten more, since rules
 * may still drop some.
 */
export function drawFromCorpus({ collection, query, settings, verdicts, name }: CorpusDraw): readonly number[] {
  const groupOf = (document: number): number => collection.documents[document]?.group ?? -1;
  const barred = new Set([query.group, ...[...query.positives, ...query.twinPositives].map(groupOf), ...verdicts.excluded.keys()]);
  const wanted = 2 * settings.n + 10;
  const drawn: number[] = [];
  for (const index of shuffledRange(collection.documents.length, seededRandom(name))) {
    if (drawn.length === wanted) {
      break;
    }
    const document = collection.documents[index];
    if (document?.minable === true && !barred.has(document.group) && meets(document, settings.where)) {
      drawn.push(index);
    }
  }
  return drawn;
}
