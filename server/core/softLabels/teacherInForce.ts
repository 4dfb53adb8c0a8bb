import type { Collection } from "../collection/collection";
import { positivesInForce } from "../marks/verdictsForQuery";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { Verdict } from "../marks/mark";
import type { Suggestions } from "../suggestions/pairOpinion";
import { itemAt } from "../util/itemAt";
import type { Teacher } from "./teacher";
import { teacherOf } from "./teacherOf";

/** What teachers are made of. */
export interface TeacherSource {
  readonly suggestions: Suggestions;
  /** `labelling.min_perplexity`. */
  readonly minPerplexity: number;
}

/** A teacher over passages of the present data. */
export interface TeacherInForce extends Teacher {
  /** Groups of equal texts, in the order of the keys. */
  readonly groups: readonly number[];
}

/** Neither pulled nor pushed: a person said that it is no negative, and not that it is a positive. */
const UNDECIDED: ReadonlySet<Verdict> = new Set(["partly_relevant", "cant_tell"]);

/** The teacher of a query as marks and data of this moment leave it, where it carries a ranking; undefined where there is none that does. */
export function teacherInForce(
  collection: Collection,
  query: number,
  verdicts: QueryVerdicts,
  source: TeacherSource,
): TeacherInForce | undefined {
  const teacher = teacherAsMarked(collection, query, verdicts, source);
  if (teacher?.carries !== "ranking") return undefined;
  return { ...teacher, groups: teacher.keys.map((key) => collection.groupOfKey.get(key) ?? -1) };
}

/**
 * The teacher of a query as marks and data of this moment leave it, whatever it carries. Left out, so that T is made of the others alone:
 * passages that are not in the data any more, positives that a person marked bad, passages that persons call partly relevant or cannot tell of,
 * passages that persons disagree on, and the query's own text. Undefined where fewer than three passages are left, and where models said nothing
 * of the query.
 */
export function teacherAsMarked(
  collection: Collection,
  query: number,
  verdicts: QueryVerdicts,
  { suggestions, minPerplexity }: TeacherSource,
): Teacher | undefined {
  const asked = itemAt(collection.queries, query);
  const disputed = new Set(verdicts.conflicts.map(({ group }) => group));
  const keyOf = (document: number): string => itemAt(collection.groupKeys, itemAt(collection.documents, document).group);
  const has = (key: string): boolean => {
    const group = collection.groupOfKey.get(key);
    if (group === undefined || group === asked.group || disputed.has(group) || verdicts.badPositives.has(group)) return false;
    const excluded = verdicts.excluded.get(group);
    return excluded === undefined || !UNDECIDED.has(excluded.verdict);
  };
  const relevant = [...verdicts.excluded].filter(([, { verdict }]) => verdict === "false_negative" || verdict === "duplicate_of_positive");
  return teacherOf(
    {
      key: asked.key,
      positives: positivesInForce(asked, verdicts, collection).map(keyOf),
      trueNegatives: new Set(verdicts.pinned.map(keyOf)),
      falseNegatives: new Set(relevant.map(([group]) => itemAt(collection.groupKeys, group))),
      has,
    },
    suggestions,
    minPerplexity,
  );
}
