import type { AttributionInput } from "../attribution/attribution";
import type { Collection, Document, Query } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { LabellingConfig } from "../config/labellingSchema";
import type { HarvestQuery } from "../curation/harvestQueries";
import type { JudgeInput, ShownPassage } from "../judging/judgement";
import { positivesInForce } from "../marks/verdictsForQuery";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { DatasetSession } from "../session/datasetSession";
import type { PairOpinion, Suggestions } from "../suggestions/pairOpinion";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** What is to be found out about one query. */
export type Question =
  | {
      readonly task: "judge";
      readonly index: number;
      /** Without candidates where all have an opinion, and only `flagged` is left to ask about. */
      readonly input: JudgeInput;
      /** What an earlier run flagged and no model has confirmed; empty where none is to. */
      readonly flagged: readonly ShownPassage[];
    }
  | {
      readonly task: "answer";
      readonly index: number;
      readonly input: AttributionInput;
      /** Text keys of the passages that are positives in force. */
      readonly positives: ReadonlySet<string>;
    };

export interface QuestionSources {
  /** Whether a second model is to confirm what is flagged. */
  readonly confirms: boolean;
  readonly session: DatasetSession;
  readonly suggestions: Suggestions;
  readonly settings: LabellingConfig;
}

/** Whether there is something to ask about a query: a pair without an opinion or with one that is to be confirmed; or no attributed answer yet. */
export function isOpen(
  { key, documents }: HarvestQuery,
  task: Question["task"],
  { suggestions, confirms }: Pick<QuestionSources, "suggestions" | "confirms">,
): boolean {
  if (task === "answer") return suggestions.attributionOf(key) === undefined;
  const opinions = suggestions.opinionsOf(key);
  return documents.some((document) => {
    const opinion = opinions.get(document);
    return opinion === undefined || (confirms && isUnconfirmed(opinion));
  });
}

function isUnconfirmed({ stage, verdict }: PairOpinion): boolean {
  return stage === "flag" && verdict !== "not_relevant";
}

/**
 * The question about a query as data, marks and suggestions are now; undefined where there is none any more: the query is gone, a person judged
 * its pairs or called the query bad meanwhile, or another window had it asked.
 */
export async function questionOf(
  task: Question["task"],
  query: HarvestQuery,
  sources: QuestionSources,
): Promise<Result<Question | undefined>> {
  return task === "judge" ? ok(judgeQuestion(query, sources)) : await answerQuestion(query, sources);
}

function judgeQuestion(
  { key, documents }: HarvestQuery,
  { session, suggestions, settings, confirms }: QuestionSources,
): Question | undefined {
  const found = openQuery(session, key);
  if (found === undefined) return undefined;
  const { collection } = session;
  const { index, query, verdicts } = found;
  const positives = positivesInForce(query, verdicts, collection).map((document) => shown(collection, document));
  const known = new Set(positives.map((positive) => positive.key));
  const opinions = suggestions.opinionsOf(key);
  const candidates: ShownPassage[] = [];
  const flagged: ShownPassage[] = [];
  for (const document of documents) {
    const group = collection.groupOfKey.get(document);
    const [first] = collection.groups[group ?? -1] ?? [];
    if (group === undefined || first === undefined || known.has(document) || isJudged(verdicts, group)) continue;
    const opinion = opinions.get(document);
    if (opinion === undefined) candidates.push(shown(collection, first));
    else if (confirms && isUnconfirmed(opinion)) flagged.push(shown(collection, first));
  }
  if (candidates.length + flagged.length === 0) return undefined;
  const most = settings.candidates;
  const input = { query: { key, text: query.text }, positives, candidates: candidates.slice(0, most) };
  return { task: "judge", index, input, flagged: flagged.slice(0, most) };
}

/** Its positives, then the hardest of what it emits. The vectors must be ready. */
async function answerQuestion(
  { key }: HarvestQuery,
  { session, suggestions, settings }: QuestionSources,
): Promise<Result<Question | undefined>> {
  const { collection } = session;
  const found = openQuery(session, key);
  if (found === undefined || suggestions.attributionOf(key) !== undefined) return ok(undefined);
  const mined = await session.mine(found.index);
  if (!mined.ok) return mined;
  if (session.collection !== collection) return superseded();
  const { pool, decision } = mined.value;
  const ranked = [...pool.positives, ...decision.kept.map((row) => pool.documents[row] ?? -1)];
  const documents = oneOfEachText(collection, ranked).slice(0, settings.passages);
  const passages = documents.map((document) => shown(collection, document));
  const similarities = new Float32Array(documents.length ** 2);
  for (const [row, document] of documents.entries()) {
    const alike = await session.similaritiesTo(document, documents);
    if (!alike.ok) return alike;
    if (session.collection !== collection) return superseded();
    similarities.set(alike.value, row * documents.length);
  }
  const positives = new Set(pool.positives.map((document) => shown(collection, document).key));
  return ok({ task: "answer", index: found.index, input: { query: { key, text: found.query.text }, passages, similarities }, positives });
}

interface OpenQuery {
  readonly index: number;
  readonly query: Query;
  readonly verdicts: QueryVerdicts;
}

function openQuery(session: DatasetSession, key: string): OpenQuery | undefined {
  const { collection } = session;
  const [index] = queriesWithKey(collection, key);
  if (index === undefined) return undefined;
  const verdicts = session.verdicts(index);
  return verdicts.badQuery ? undefined : { index, query: itemAt(collection.queries, index), verdicts };
}

/** Put off is not judged. */
function isJudged({ marksOfGroup }: QueryVerdicts, group: number): boolean {
  return (marksOfGroup.get(group) ?? []).some(({ verdict }) => verdict !== "later");
}

function oneOfEachText({ documents }: Collection, numbers: readonly number[]): readonly number[] {
  const groups = new Set<number>();
  return numbers.filter((number) => {
    const { group, minable } = itemAt<Document>(documents, number);
    if (!minable || groups.has(group)) return false;
    groups.add(group);
    return true;
  });
}

function shown(collection: Collection, number: number): ShownPassage {
  const { group, text } = itemAt(collection.documents, number);
  return { key: itemAt(collection.groupKeys, group), text };
}

function superseded(): Result<never> {
  return err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." });
}
