import { normaliseText } from "../collection/textKey";
import type { Collection } from "../collection/collection";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { teacherInForce } from "../softLabels/teacherInForce";
import type { TeacherSource } from "../softLabels/teacherInForce";
import { itemAt } from "../util/itemAt";
import type { ExportPassage, ExportQuery } from "./exportQuery";

/** A query after mining, with what people say of it. */
interface MarkedQuery {
  readonly query: number;
  readonly verdicts: QueryVerdicts;
}

/**
 * The same export of a query with the teacher's scores u / t_T in place of the others: the teacher is their softmax. NaN for passages that the
 * teacher does not range over, and for all where the query has none. A passage has its score wherever its text stands.
 */
export function withTeacherScores(
  exported: ExportQuery,
  { query, verdicts }: MarkedQuery,
  { collection, teachers }: { readonly collection: Collection; readonly teachers: TeacherSource },
): ExportQuery {
  const teacher = verdicts.badQuery ? undefined : teacherInForce(collection, query, verdicts, teachers);
  const scores = new Map(
    teacher?.groups.map((group, i) => {
      const document = itemAt(collection.documents, itemAt(itemAt(collection.groups, group), 0));
      return [normaliseText(document.text), itemAt(teacher.scores, i)] as const;
    }),
  );
  const scored = (passage: ExportPassage): ExportPassage => ({ ...passage, score: scores.get(normaliseText(passage.text)) ?? Number.NaN });
  return {
    ...exported,
    positives: exported.positives.map(scored),
    promoted: exported.promoted.map(scored),
    negatives: exported.negatives.map(scored),
  };
}
