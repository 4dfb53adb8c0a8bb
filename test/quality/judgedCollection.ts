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

/** A collection with judgements that people made. */
export interface JudgedCollection {
  readonly name: string;
  /** Queries and corpus as the product reads them. */
  readonly files: readonly CollectionFile[];
  /** With all relevant documents as positives. Queries without one are left out. */
  readonly whole: Collection;
}

interface Source {
  readonly split: string;
  /** Another file of judgements, whose pairs count as relevant whatever their codes. */
  readonly alsoRelevant?: string;
}

/**
 * Of nfcorpus only the queries of the split named. Cranfield's pairs coded -1 look like the papers that the questions came from: they count as
 * relevant.
 */
const sources: Readonly<Record<string, Source>> = {
  cranfield: { split: "test", alsoRelevant: "qrels/code_minus1.tsv" },
};

/** Undefined where the data folder does not have it. */
export async function loadJudged(name: string): Promise<JudgedCollection | undefined> {
  const { split, alsoRelevant }: Source = sources[name] ?? { split: "test" };
  const folder = path.join(dataFolder, name);
  if (!fs.existsSync(folder)) return undefined;
  const { input } = valueOf(await loadDataset(folder, { tables: new RowTables(() => nextTurn()), overrides: [`data.split=${split}`] }));
  const extra = alsoRelevant === undefined ? [] : await relevantPairs(path.join(folder, alsoRelevant));
  const qrels = [...(input.qrels ?? []).filter(({ score }) => relevanceOf(score) === "positive"), ...extra];
  const judged = buildCollection({ files: input.files, qrels }, sha256);
  // Judgements may name documents that the corpus does not hold.
  const whole = { ...judged, queries: judged.queries.filter(({ positives }) => positives.length > 0) };
  return { name, files: input.files, whole };
}

/** Judgements that name so much of each query's positives. */
export function qrelsOf({ whole }: JudgedCollection, positives: readonly (readonly number[])[]): readonly Qrel[] {
  return whole.queries.flatMap(({ id }, query) =>
    itemAt(positives, query).map((document) => ({ query: id, document: itemAt(whole.documents, document).id, score: 1 })),
  );
}

async function relevantPairs(file: string): Promise<readonly Qrel[]> {
  const { lines } = valueOf(await readAllLines(file));
  return parseQrels(lines.map(({ text }) => text)).rows.map(({ queryId, docId }) => ({ query: queryId, document: docId, score: 1 }));
}
