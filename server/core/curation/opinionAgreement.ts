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

/** @returns undefined where no model has said anything of the data */
export function opinionStanding(state: OpinionState): OpinionStanding | undefined {
  const counts = countsOf(state);
  if (counts.pairs === 0) return undefined;
  const compared = comparisons(state);
  const found = agreement(
    compared.map(({ verdicts }) => verdicts),
    undefined,
    "A person and the model",
  );
  if (found === undefined) return counts;
  const pairs = new Set(compared.map(({ pair }) => pair)).size;
  return { ...counts, agreement: { ...found, pairs, text: `${found.text} ${WHAT_COUNTS}` } };
}

const WHAT_COUNTS =
  "Only verdicts count that were given without sight of the model's. RLHN's judges agreed with people at a kappa of 0.32 to 0.39: a low value alone does not say who is wrong.";

type Counts = Omit<OpinionStanding, "agreement">;

/** Suggestions never change in place, and this is asked after every mark. */
const known = new WeakMap<Suggestions, { readonly collection: Collection; readonly counts: Counts }>();

function countsOf({ suggestions, collection }: OpinionState): Counts {
  const made = known.get(suggestions);
  if (made?.collection === collection) return made.counts;
  const counts = { queries: 0, pairs: 0, flagged: 0 };
  for (const query of suggestions.queries) {
    if (queriesWithKey(collection, query).length === 0) continue;
    const opinions = [...suggestions.opinionsOf(query)].filter(([document]) => collection.groupOfKey.has(document));
    counts.queries += Number(opinions.length > 0);
    counts.pairs += opinions.length;
    counts.flagged += opinions.filter(([, opinion]) => isFlagged(opinion)).length;
  }
  known.set(suggestions, { collection, counts });
  return counts;
}

interface Comparison {
  /** Names the pair. */
  readonly pair: string;
  /** What the model says, and a person. */
  readonly verdicts: readonly PersonVerdict[];
}

/** The model beside each person who judged a pair unseen; it has no name, so that it comes first. */
function comparisons(state: OpinionState): readonly Comparison[] {
  return judgedPairs(state).flatMap(({ pair, author, opinion, history }) => {
    const mark = unseenVerdict(history, opinion);
    if (mark === undefined || isCleanVerdict(mark.verdict) === undefined) return [];
    const model: PersonVerdict = { author: "", verdict: isFlagged(opinion) ? "false_negative" : "true_negative" };
    return [{ pair, verdicts: [model, { author: `of ${author}`, verdict: mark.verdict }] }];
  });
}

/** A person's verdicts on a pair of the data with an opinion that were not taken back, in the order in which they were made. */
interface JudgedPair {
  readonly pair: string;
  readonly author: string;
  readonly opinion: PairOpinion;
  readonly history: VerdictMark[];
}

function judgedPairs({ marks, suggestions, collection }: OpinionState): readonly JudgedPair[] {
  const authors = new Set(marks.inForce().map(({ author }) => author));
  return [...authors].flatMap((author) => {
    const ofAuthor = new Map<string, JudgedPair>();
    for (const mark of marks.historyOf(author)) {
      const { query, document } = mark;
      const opinion = document === undefined ? undefined : suggestions.opinionOf(query.key, document.key);
      if (document === undefined || opinion === undefined) continue;
      if (!collection.groupOfKey.has(document.key) || queriesWithKey(collection, query.key).length === 0) continue;
      const pair = JSON.stringify([query.key, document.key]);
      const found = ofAuthor.get(pair);
      if (found === undefined) ofAuthor.set(pair, { pair, author, opinion, history: [mark] });
      else found.history.push(mark);
    }
    return [...ofAuthor.values()];
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
