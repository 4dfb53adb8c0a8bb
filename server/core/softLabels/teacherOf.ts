import { relevanceOf, type Suggestions } from "../suggestions/pairOpinion";
import { makeTeacher } from "./makeTeacher";
import type { Teacher } from "./teacher";

/** What data and people say of a query's passages. All are text keys. */
export interface TeacherQuery {
  readonly key: string;
  /** The positives in force: those of the record, less those that a person marked wrong, and promoted passages. */
  readonly positives: readonly string[];
  /** Passages that persons mark as true negatives, none of them otherwise. */
  readonly trueNegatives: ReadonlySet<string>;
  /** Passages that persons mark as false negatives or as duplicates of a positive, none of them otherwise. */
  readonly falseNegatives: ReadonlySet<string>;
  /** Whether the collection still has the text. Absent: all are there. */
  readonly has?: (key: string) => boolean;
}

/** Weight of a positive among opinions, and of what a person calls relevant where no model gave any weight: that of "relevant". */
const RELEVANT = 1;

/**
 * The teacher of a query: the contributions of its passages to a model's answer where an answer rests on them, else the model's opinions
 * ("relevant" and positives 1, "partly relevant" 0.5, "not relevant" 0). It ranges over the passages that a model said something of, and over the
 * positives beside opinions. Persons go before models: a true negative weighs 0, a false negative as much as the best passage. A positive that a
 * model calls wrong keeps its weight, for that is a person's to say. Undefined where models said nothing of the query, and below three passages.
 */
export function teacherOf(query: TeacherQuery, suggestions: Suggestions, minPerplexity: number): Teacher | undefined {
  const said = weightsOf(query, suggestions);
  const weights = [...said].filter(([key]) => query.has?.(key) ?? true);
  const most = weights.reduce((largest, [, weight]) => Math.max(largest, weight), 0) || RELEVANT;
  const corrected = weights.map(([key, weight]) => ({
    key,
    weight: query.trueNegatives.has(key) ? 0 : query.falseNegatives.has(key) ? most : weight,
  }));
  return makeTeacher(corrected, minPerplexity);
}

/** An answer that rests on none of its passages says nothing of them: then opinions, where there are any. */
function weightsOf(query: TeacherQuery, suggestions: Suggestions): ReadonlyMap<string, number> {
  const contributions = suggestions.attributionOf(query.key)?.weights ?? new Map<string, number>();
  if ([...contributions.values()].some((weight) => weight > 0)) return contributions;
  const opinions = weightsOfOpinions(query, suggestions);
  return opinions.size > 0 ? opinions : contributions;
}

/** Positives first, then the candidates in the order of their opinions. Empty where there are no opinions. */
function weightsOfOpinions({ key, positives }: TeacherQuery, suggestions: Suggestions): ReadonlyMap<string, number> {
  const opinions = suggestions.opinionsOf(key);
  if (opinions.size === 0) return new Map();
  const weights = new Map(positives.map((positive) => [positive, RELEVANT]));
  for (const [document, opinion] of opinions) {
    if (!weights.has(document)) weights.set(document, relevanceOf(opinion));
  }
  return weights;
}
