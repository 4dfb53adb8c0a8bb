import { agreement } from "../audit/agreement";
import type { Agreement, PersonVerdict } from "../audit/agreement";
import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { FoldedMarks } from "../marks/foldMarks";
import type { VerdictMark } from "../marks/mark";
import type { PairOpinion, Suggestions } from "../suggestions/pairOpinion";
import { isCleanVerdict, isFlagged } from "./opinions";

/** What language models said of a data set, and how far persons agree. */
export interface OpinionStanding {
  /** Queries with an opinion, and pairs. */
  readonly queries: number;
  readonly pairs: number;
  /** Pairs that are called relevant, in part or a duplicate. */
  readonly flagged: number;
  /** Absent where nobody judged such a pair without having seen what the model says. */
  readonly agreement?: Agreement;
}

export interface OpinionState {
  readonly marks: FoldedMarks;
  readonly suggestions: Suggestions;
  readonly collection: Collection;
}

/** A pair of the data with an opinion. */
interface JudgedPair {
  readonly opinion: PairOpinion;
  /** Each person's verdicts on it that were not taken back, in the order in which they were made. */
  readonly histories: ReadonlyMap<string, readonly VerdictMark[]>;
}

/** @returns undefined where no model has said anything of the data */
export function opinionStanding(state: OpinionState): OpinionStanding | undefined {
  const pairs = judgedPairs(state);
  if (pairs.length === 0) return undefined;
  const queries = new Set(pairs.map(({ query }) => query)).size;
  const flagged = pairs.filter(({ opinion }) => isFlagged(opinion)).length;
  const judged = pairs.map(comparisons);
  const compared = agreement(judged.flat(), undefined, "A person and the model");
  return {
    queries,
    pairs: pairs.length,
    flagged,
    ...(compared === undefined
      ? {}
      : { agreement: { ...compared, pairs: judged.filter(({ length }) => length > 0).length, text: `${compared.text} ${WHAT_COUNTS}` } }),
  };
}

const WHAT_COUNTS =
  "Only verdicts count that were given without sight of the model's. RLHN's judges agreed with people at a kappa of 0.32 to 0.39: a low value alone does not say who is wrong.";

function judgedPairs({ marks, suggestions, collection }: OpinionState): readonly (JudgedPair & { readonly query: string })[] {
  const histories = historiesOf(marks);
  return suggestions.queries.flatMap((query) => {
    if (queriesWithKey(collection, query).length === 0) return [];
    return [...suggestions.opinionsOf(query)]
      .filter(([document]) => collection.groupOfKey.has(document))
      .map(([document, opinion]) => ({ query, opinion, histories: histories.get(pairKey(query, document)) ?? nobodys }));
  });
}

const nobodys: JudgedPair["histories"] = new Map();

function historiesOf(marks: FoldedMarks): ReadonlyMap<string, Map<string, VerdictMark[]>> {
  const made = new Map<string, Map<string, VerdictMark[]>>();
  const authors = new Set(marks.inForce().map(({ author }) => author));
  for (const author of authors) {
    for (const mark of marks.historyOf(author)) {
      if (mark.document === undefined) continue;
      const key = pairKey(mark.query.key, mark.document.key);
      const ofPair = made.get(key) ?? new Map<string, VerdictMark[]>();
      made.set(key, ofPair);
      ofPair.set(author, [...(ofPair.get(author) ?? []), mark]);
    }
  }
  return made;
}

function pairKey(query: string, document: string): string {
  return JSON.stringify([query, document]);
}

/** The model beside each person who judged the pair unseen; it has no name, so that it comes first. */
function comparisons({ opinion, histories }: JudgedPair): readonly (readonly PersonVerdict[])[] {
  const model: PersonVerdict = { author: "", verdict: isFlagged(opinion) ? "false_negative" : "true_negative" };
  return [...histories].flatMap(([author, history]) => {
    const mark = unseenVerdict(history, opinion);
    return mark === undefined || isCleanVerdict(mark.verdict) === undefined
      ? []
      : [[model, { author: `of ${author}`, verdict: mark.verdict }]];
  });
}

/**
 * What a person said of a pair without having seen what a model says. Not the verdict in force, which may have been given, or given again, with the
 * opinion in sight: whoever changes it then agrees, and counting that would make the model look better; nor may a verdict be left out because the person
 * looked at it again. A verdict counts that records that an opinion was hidden, and is the last to count, since the opinion is shown after it; so does
 * one that records nothing and is older than the opinion. One that records nothing and is younger, as an edit by hand is, may have been given
 * with the opinion in sight.
 */
function unseenVerdict(history: readonly VerdictMark[], opinion: PairOpinion): VerdictMark | undefined {
  let found: VerdictMark | undefined;
  for (const mark of history) {
    if (mark.verdict === "later") continue;
    if (mark.opinion_shown === false) return mark;
    if (mark.opinion_shown === true || !(Date.parse(mark.time) < Date.parse(opinion.time))) return found;
    found = mark;
  }
  return found;
}
