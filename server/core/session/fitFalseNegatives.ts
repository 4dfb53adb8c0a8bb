import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { FalseNegativeModel, LabelledPair } from "../falseNegatives/falseNegativeModel";
import { FEATURES, FeatureScaler } from "../falseNegatives/features";
import type { FeatureTable } from "../falseNegatives/features";
import { FEWEST_PAIRS, fitSteps } from "../falseNegatives/fitModel";
import type { FoldedMarks } from "../marks/foldMarks";
import { labelledMarks } from "../marks/labelledMarks";
import { NO_SOURCE } from "../mining/knownProbabilities";
import { marksAt } from "../mining/miningState";
import type { MinedQuery, MiningState } from "../mining/miningState";
import { pairFeatures } from "../mining/pairFeatures";
import type { Breathe } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { minedAhead } from "./minedAhead";
import type { Decide } from "./candidateSearch";

/** What is known of a query's pairs while its marks stay as they are. */
export interface QueryPairs {
  /** Names the marks in force on the query. */
  readonly marks: string;
  /** What language models say of its passages, the same map as long as it holds. */
  readonly opinions: MinedQuery["context"]["opinions"];
  /** Features of each passage that somebody judged, by its group. */
  readonly judged: ReadonlyMap<number, FeatureTable>;
  /** Features of its candidates, where the query is one that the scale is taken from. */
  readonly sample: FeatureTable | undefined;
}

export interface FittingTask {
  /** With marks that do not change any more. */
  readonly state: MiningState;
  readonly mine: (state: MiningState, queries: readonly number[]) => Promise<Result<readonly Decide[]>>;
  readonly breathe: Breathe;
  /** Pairs by query, from the same data, search and sources; what is found is added. */
  readonly known: Map<number, QueryPairs>;
  readonly cancellation: Cancellation;
}

/** So many queries say how features are spread. */
const SCALED_QUERIES = 200;

/** Whether marks may be enough to be learnt from; with fewer the model is the prior. */
export function areEnough(marks: FoldedMarks): boolean {
  return labelledMarks(marks).length >= FEWEST_PAIRS;
}

/** Mines the queries that are needed and not known, and fits the model to the marks of the state. Same data, marks and search, same model. */
export async function fitFalseNegatives(task: FittingTask): Promise<Result<FalseNegativeModel>> {
  const { collection, marks, suggestions } = task.state;
  const labelled = labelledMarks(marks).flatMap((mark) => {
    const [query] = queriesWithKey(collection, mark.query);
    const group = collection.groupOfKey.get(mark.document);
    return query === undefined || group === undefined ? [] : [{ ...mark, position: query, group }];
  });
  const sample = scaledQueries(collection);
  const queries = [...new Set([...sample, ...labelled.map(({ position }) => position)])].sort((a, b) => a - b);
  const found = await findPairs(task, queries, new Set(sample));
  if (!found.ok) return found;
  const scaler = new FeatureScaler();
  for (const query of sample) {
    const table = task.known.get(query)?.sample ?? new Float64Array(0);
    for (let pair = 0; pair < table.length / FEATURES.length; pair += 1) scaler.add(table, pair);
  }
  const pairs = labelled.flatMap(({ position, group, source = NO_SOURCE, hasSeenOpinion, ...mark }): LabelledPair[] => {
    const values = task.known.get(position)?.judged.get(group);
    return values === undefined ? [] : [{ ...mark, source, values: hasSeenOpinion ? withoutVerdict(values) : values }];
  });
  const hasVerdicts = suggestions.queries.some(
    (query) => suggestions.opinionsOf(query).size > 0 && queriesWithKey(collection, query).length > 0,
  );
  const fitting = fitSteps(pairs, scaler.scale(hasVerdicts));
  for (let step = fitting.next(); ; step = fitting.next()) {
    if (step.done === true) return ok(step.value);
    await task.breathe();
    if (task.cancellation.requested) return stopped();
  }
}

/** Mines those of the queries that are not known as they are now. */
async function findPairs(task: FittingTask, queries: readonly number[], sample: ReadonlySet<number>): Promise<Result<null>> {
  const { known, breathe, cancellation } = task;
  const state = { ...task.state, falseNegatives: undefined };
  const missing = queries.filter((query) => {
    const pairs = known.get(query);
    return pairs?.marks !== marksAt(state, query) || pairs.opinions !== opinionsAt(state, query);
  });
  for await (const mined of minedAhead(missing, (batch) => task.mine(state, batch))) {
    if (!mined.ok) return mined;
    for (const decide of mined.value) {
      const query = decide();
      known.set(query.query, pairsOf(query, marksAt(state, query.query), sample.has(query.query)));
    }
    await breathe();
    if (cancellation.requested) return stopped();
  }
  return ok(null);
}

function opinionsAt({ collection, suggestions }: MiningState, query: number): QueryPairs["opinions"] {
  return suggestions.opinionsOf(collection.queries[query]?.key ?? "");
}

/** A person who saw the verdict may have followed it, and learning from that would make it better than it is. */
function withoutVerdict(values: FeatureTable): FeatureTable {
  return values.with(FEATURES.indexOf("llm_verdict"), Number.NaN);
}

function stopped(): Result<never> {
  return err({ reason: "cancelled", message: "Learning from the marks was stopped." });
}

function pairsOf(mined: MinedQuery, marks: string, isSample: boolean): QueryPairs {
  const { facts, context, verdicts } = mined;
  const judged = [...verdicts.marksOfGroup.keys()].flatMap((group) => {
    const row = facts.groups.indexOf(group);
    return row === -1 ? [] : [{ group, row }];
  });
  const table = pairFeatures(
    facts,
    context,
    judged.map(({ row }) => row),
  );
  const ofGroup = judged.map(({ group }, pair) => [group, table.slice(pair * FEATURES.length, (pair + 1) * FEATURES.length)] as const);
  return {
    marks,
    opinions: context.opinions,
    judged: new Map(ofGroup),
    sample: isSample ? pairFeatures(facts, context, scaledRows(mined)) : undefined,
  };
}

/**
 * Rows that the sources look at, listed positives and the query's own text left out: whatever marks say of them, and however much more deeply the
 * pool was searched.
 */
function scaledRows({ facts, context, pool, query }: MinedQuery): readonly number[] {
  const { documents, queries } = context.collection;
  const { positives = [], twinPositives = [], group = -1 } = queries[query] ?? {};
  const own = new Set([...positives, ...twinPositives].map((document) => documents[document]?.group ?? -1)).add(group);
  const rows = new Set<number>();
  for (const [position, { depth }] of context.sources.entries()) {
    for (const row of pool.lists[position]?.rows.subarray(0, depth) ?? []) rows.add(row);
  }
  return [...rows].filter((row) => !own.has(facts.groups[row] ?? -1)).sort((a, b) => a - b);
}

const sampled = new WeakMap<Collection, readonly number[]>();

/** Queries by the order of their keys, which are hashes of their texts: a sample that stays the same when others come and go. */
function scaledQueries(collection: Collection): readonly number[] {
  const known = sampled.get(collection);
  if (known !== undefined) return known;
  const { queries } = collection;
  const keyOf = (query: number): string => queries[query]?.key ?? "";
  const byKey = [...queries.keys()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a - b));
  const made = byKey.slice(0, SCALED_QUERIES).sort((a, b) => a - b);
  sampled.set(collection, made);
  return made;
}
