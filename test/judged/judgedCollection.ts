import fs from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CollectionFile, Qrel } from "#core/collection/buildCollection";
import { buildCollection } from "#core/collection/buildCollection";
import type { Collection } from "#core/collection/collection";
import { parseQrels } from "#core/formats/qrels";
import { relevanceOf } from "#core/formats/relevance";
import { itemAt } from "#core/util/itemAt";
import { sha256 } from "../../server/runtime/hash";
import { readAllLines } from "../../server/runtime/store/fileSource";
import { loadDataset } from "../../server/runtime/store/loadDataset";
import { RowTables } from "../../server/runtime/store/rowTable";
import { repoRoot } from "../support/repoRoot";
import { valueOf } from "./valueOf";

/** Where the collections are, beside the repository; their licences keep them out of it. */
export const dataFolder = path.resolve(repoRoot, "../shared/data");

/** A collection with judgements that people made, or in rlhn-sample a language model. */
export interface JudgedCollection {
  readonly name: string;
  /** Queries and corpus as the product reads them. */
  readonly files: readonly CollectionFile[];
  /** With all relevant documents as positives. Queries without one are left out. */
  readonly whole: Collection;
  /**
   * For each query of `whole` the documents that somebody judged, where only a pool of them was: nothing is known of the others. Undefined where
   * what is not named relevant counts as not relevant.
   */
  readonly judged?: readonly ReadonlySet<number>[];
  /** For each query of `whole` the positives that its training set has, where it has been published. Otherwise a part of all is drawn. */
  readonly published?: readonly (readonly number[])[];
  /** For each query of `whole` what language models said of its listed negatives, in each stage: relevant or not. Only where they judged. */
  readonly stages?: readonly ReadonlyMap<number, StageVerdicts>[];
}

/** The second stage looked at queries in which the first had found something. */
export type StageVerdicts = readonly [first: boolean, second?: boolean];

/** How judgements are read. */
export interface Reading {
  readonly split?: string;
  /** The lowest grade that counts as relevant, 1 unless it is said otherwise. */
  readonly relevantFrom?: number;
  /** Whether a pool was judged, so that a pair without a judgement is unknown. */
  readonly isPooled?: boolean;
}

interface Source extends Reading {
  readonly split: string;
  /** Another file of judgements, whose pairs count as relevant whatever their codes. */
  readonly alsoRelevant?: string;
  /** A file of verdicts of language models on listed negatives; the judgements of `split` are the positives that were published. */
  readonly verdicts?: string;
}

/**
 * Of nfcorpus only the queries of the split named. Cranfield's pairs coded -1 look like the papers that the questions came from: they count as
 * relevant. In TREC's passage task grade 1 is "related, but does not answer".
 */
const sources: Readonly<Record<string, Source>> = {
  cranfield: { split: "test", alsoRelevant: "qrels/code_minus1.tsv" },
  csfcube: { split: "test", relevantFrom: 2, isPooled: true },
  "trec-dl-2019": { split: "test", relevantFrom: 2, isPooled: true },
  "trec-dl-2021": { split: "test", relevantFrom: 2, isPooled: true },
  "rlhn-sample": { split: "original", isPooled: true, verdicts: "llm_labels.tsv.gz" },
};

/**
 * Undefined where there is no such folder.
 *
 * @param name of a folder of the data folder, or the path of another folder
 * @param change of how the judgements are read
 */
export async function loadJudged(name: string, change: Reading = {}): Promise<JudgedCollection | undefined> {
  const folder = path.resolve(dataFolder, name);
  const source: Source = { split: "test", ...sources[name], ...change };
  if (!fs.existsSync(folder)) return undefined;
  const { input } = valueOf(
    await loadDataset(folder, { tables: new RowTables(() => nextTurn()), overrides: [`data.split=${source.split}`] }),
  );
  const listed = (input.qrels ?? []).map((row) => ({ ...row, isRelevant: isRelevant(row.score, source) }));
  const verdicts = source.verdicts === undefined ? [] : await modelVerdicts(path.join(folder, source.verdicts));
  const judgements = [
    ...listed,
    ...(source.alsoRelevant === undefined ? [] : await relevantPairs(path.join(folder, source.alsoRelevant))),
    ...verdicts,
  ];
  const whole = collectionOf(input.files, judgements);
  return {
    name,
    files: input.files,
    whole,
    ...(source.isPooled === true ? { judged: judgedOf(whole, judgements) } : {}),
    ...(source.verdicts === undefined ? {} : { published: positivesOf(whole, listed), stages: stagesOf(whole, verdicts) }),
  };
}

interface Judgement {
  readonly query: string;
  readonly document: string;
  readonly isRelevant: boolean;
}

interface ModelJudgement extends Judgement {
  readonly stages: StageVerdicts;
}

function isRelevant(score: number, { relevantFrom = 1 }: Source): boolean {
  return relevanceOf(score) === "positive" && score >= relevantFrom;
}

function collectionOf(files: readonly CollectionFile[], judgements: readonly Judgement[]): Collection {
  const qrels = judgements.filter((one) => one.isRelevant).map(({ query, document }) => ({ query, document, score: 1 }));
  const built = buildCollection({ files, qrels }, sha256);
  // Judgements may name documents that the corpus does not hold.
  return { ...built, queries: built.queries.filter(({ positives }) => positives.length > 0) };
}

function judgedOf(whole: Collection, judgements: readonly Judgement[]): readonly ReadonlySet<number>[] {
  const documentOf = new Map(whole.documents.map(({ id }, document) => [id, document]));
  const queryOf = new Map(whole.queries.map(({ id }, query) => [id, query]));
  const judged = whole.queries.map(({ positives }) => new Set(positives));
  for (const { query, document } of judgements) {
    const known = documentOf.get(document);
    if (known !== undefined) judged[queryOf.get(query) ?? -1]?.add(known);
  }
  return judged;
}

function stagesOf(whole: Collection, verdicts: readonly ModelJudgement[]): NonNullable<JudgedCollection["stages"]> {
  const documentOf = new Map(whole.documents.map(({ id }, document) => [id, document]));
  const stages = new Map(whole.queries.map(({ id }) => [id, new Map<number, StageVerdicts>()]));
  for (const { query, document, stages: said } of verdicts) {
    const known = documentOf.get(document);
    if (known !== undefined) stages.get(query)?.set(known, said);
  }
  return [...stages.values()];
}

/** Those of each query's relevant documents that these judgements name. */
function positivesOf(whole: Collection, judgements: readonly Judgement[]): readonly (readonly number[])[] {
  const named = new Set(judgements.map(({ query, document }) => JSON.stringify([query, document])));
  return whole.queries.map(({ id, positives }) =>
    positives.filter((document) => named.has(JSON.stringify([id, itemAt(whole.documents, document).id]))),
  );
}

/** Judgements that name so much of each query's positives. */
export function qrelsOf({ whole }: JudgedCollection, positives: readonly (readonly number[])[]): readonly Qrel[] {
  return whole.queries.flatMap(({ id }, query) =>
    itemAt(positives, query).map((document) => ({ query: id, document: itemAt(whole.documents, document).id, score: 1 })),
  );
}

async function relevantPairs(file: string): Promise<readonly Judgement[]> {
  const { lines } = valueOf(await readAllLines(file));
  return parseQrels(lines.map(({ text }) => text)).rows.map(({ queryId, docId }) => ({
    query: queryId,
    document: docId,
    isRelevant: true,
  }));
}

/** Lines of query, document, stage and verdict. A later stage looked again at what an earlier one had found, and has the last word. */
async function modelVerdicts(file: string): Promise<readonly ModelJudgement[]> {
  const { lines } = valueOf(await readAllLines(file));
  const pairs = new Map<string, { readonly query: string; readonly document: string; readonly stages: boolean[] }>();
  for (const { text } of lines.slice(1)) {
    const [query = "", document = "", stage = "", verdict = ""] = text.trimEnd().split("\t");
    const name = JSON.stringify([query, document]);
    const pair = pairs.get(name) ?? { query, document, stages: [] };
    pairs.set(name, pair);
    pair.stages[Number(stage) - 1] = verdict === "better" || verdict === "worse";
  }
  return [...pairs.values()].map(({ query, document, stages: [first = false, second] }) => ({
    query,
    document,
    isRelevant: second ?? first,
    stages: second === undefined ? [first] : [first, second],
  }));
}
