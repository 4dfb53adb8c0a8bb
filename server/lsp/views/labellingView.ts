import { opinionBy } from "#core/curation/opinions";
import type { LabelledPassage, LabelledQuery, LabellingEnd } from "#core/labelling/labellingOutcome";
import { teacherAsMarked } from "#core/softLabels/teacherInForce";
import type { Collection } from "#core/collection/collection";
import { queriesWithKey } from "#core/collection/lookups";
import type { DatasetSession } from "#core/session/datasetSession";
import { failureText } from "#core/util/failure";
import { itemAt } from "#core/util/itemAt";
import type {
  LabelledQuery as LabelledQueryView,
  LabellingOutcome,
  LabellingState,
  LabellingStatus,
  LabellingTotals,
} from "#protocol/labelling";
import type { OpinionView } from "#protocol/review";
import type { OpenDataset } from "../openDataset";

/** How asking a language model about a data set stands, as one complete picture. */
export function labellingStatus({ uri, labelling }: OpenDataset): LabellingStatus {
  const { progress, outcome } = labelling;
  if (progress !== undefined) return { dataset: uri, ...progress };
  const nothing = { done: 0, total: 0, failed: 0, calls: 0, cachedCalls: 0, inputTokens: 0, outputTokens: 0, seconds: 0 };
  return { dataset: uri, phase: "idle", task: outcome?.task ?? "judge", isDryRun: false, ...nothing };
}

/** Everything the view of second opinions shows. */
export function labellingState(dataset: OpenDataset, disagreements: number): LabellingState {
  const { session, labelling, suggestions } = dataset;
  const { outcome } = labelling;
  return {
    revision: session.revision,
    status: labellingStatus(dataset),
    queries: session.config.labelling.queries,
    ...(outcome === undefined ? {} : { outcome: outcomeView(outcome) }),
    totals: { ...totalsOf(session), disagreements },
    problems: suggestions.problems.map(failureText),
  };
}

function outcomeView({ queries, ...end }: LabellingEnd): LabellingOutcome {
  return { ...end, queries: queries.map(queryView) };
}

function queryView({ passages, ...query }: LabelledQuery): LabelledQueryView {
  return {
    ...query,
    passages: passages.map(({ opinion, ...passage }) => (opinion === undefined ? passage : { ...passage, opinion: opinionView(opinion) })),
  };
}

function opinionView(opinion: NonNullable<LabelledPassage["opinion"]>): OpinionView {
  const { verdict, reason, span } = opinion;
  return { verdict, reason, by: opinionBy(opinion), ...(span === undefined ? {} : { span }) };
}

/** Of the queries that are in the data; tokens and money of all. */
function totalsOf(session: DatasetSession): Omit<LabellingTotals, "disagreements"> {
  const { collection, suggestions, config } = session;
  const source = { suggestions, minPerplexity: config.labelling.min_perplexity };
  const totals = { queries: 0, pairs: 0, flagged: 0, ambiguousQueries: 0, wrongPositives: 0 };
  const teachers = { ranking: 0, flat: 0, oneHot: 0 };
  for (const key of suggestions.queries) {
    const [index] = queriesWithKey(collection, key);
    if (index === undefined) continue;
    const opinions = [...suggestions.opinionsOf(key)].filter(([document]) => collection.groupOfKey.has(document));
    totals.queries += 1;
    totals.pairs += opinions.length;
    totals.flagged += opinions.filter(([, { verdict }]) => verdict !== "not_relevant").length;
    totals.ambiguousQueries += Number(suggestions.ambiguityOf(key) !== undefined);
    totals.wrongPositives += positiveKeys(collection, index).filter(
      (positive) => suggestions.wrongPositive(key, positive) !== undefined,
    ).length;
    const teacher = teacherAsMarked(collection, index, session.verdicts(index), source);
    if (teacher !== undefined) teachers[teacher.carries === "one_hot" ? "oneHot" : teacher.carries] += 1;
  }
  const { inputTokens, outputTokens, cost } = suggestions.totals;
  return { ...totals, teachers, inputTokens, outputTokens, ...(cost === undefined ? {} : { cost }) };
}

function positiveKeys({ queries, documents, groupKeys }: Collection, index: number): readonly string[] {
  const keys = itemAt(queries, index).positives.map((document) => itemAt(groupKeys, itemAt(documents, document).group));
  return [...new Set(keys)];
}
