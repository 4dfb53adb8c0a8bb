import type { Collection } from "../collection/collection";
import { gradientSettings } from "../gradients/gradientSettings";
import type { DatasetSession } from "../session/datasetSession";
import type { MinedQuery } from "../mining/miningState";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { exportQuery } from "./exportQuery";
import type { ExportQuery, NegativesMode } from "./exportQuery";
import { MiningTally } from "./miningTally";
import type { MiningCounts } from "./miningTally";
import { scoreStatistics } from "./scoreStatistics";
import type { QueryScores, ScoreStatistics } from "./scoreStatistics";
import { withTeacherScores } from "./teacherScores";

/** Every query of a data set after mining, in the order of the collection. */
export interface MinedSet {
  /** The state of the data that was mined. */
  readonly collection: Collection;
  readonly queries: readonly ExportQuery[];
  readonly counts: MiningCounts;
  /** Of similarities or second scores, over the queries that are not left out. Under sentence-transformers' rules negatives count once for each positive. */
  readonly scores: ScoreStatistics;
  /** Emitted negatives that `MineOptions.only` kept out. */
  readonly outside: number;
}

export interface MineOptions {
  /** By default "mined". */
  readonly negatives?: NegativesMode;
  readonly cancellation: Cancellation;
  /** Has the false-negative model ready for `onQuery` also where no guard asks for it. */
  readonly wantsModel?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onQuery?: (mined: MinedQuery) => void | Promise<void>;
  /** Leaves out emitted negatives that it does not hold, by the keys of query and passage. They are missing then, and not made up for. */
  readonly only?: (query: string, document: string) => boolean;
}

/**
 * Mines everything and keeps what any format needs: with the scores of mining, or where `export.scores` asks for them with those of the teacher that
 * the suggestions of this moment make. The session's vectors must be ready.
 */
export async function mineForExport(session: DatasetSession, options: MineOptions): Promise<Result<MinedSet>> {
  const { collection, config } = session;
  const teachers = { suggestions: session.suggestions, minPerplexity: config.labelling.min_perplexity };
  const queries: ExportQuery[] = [];
  const scores: QueryScores[] = [];
  const tally = new MiningTally(gradientSettings(config.training));
  let outside = 0;
  const done = await session.mineAll(
    async (mined) => {
      const emitted = exportQuery(mined, collection, options.negatives);
      const exported = options.only === undefined ? emitted : restricted(emitted, mined, { collection, only: options.only });
      outside += emitted.negatives.length - exported.negatives.length;
      if (exported.leftOut === undefined) scores.push(scoresOf(exported));
      queries.push(config.export.scores === "teacher" ? withTeacherScores(exported, mined, { collection, teachers }) : exported);
      tally.add(mined, exported);
      options.onProgress?.(queries.length, collection.queries.length);
      await options.onQuery?.(mined);
    },
    options.cancellation,
    options.wantsModel,
  );
  if (!done.ok) return done;
  const statistics = scoreStatistics(scores, { negativesPerPositive: config.sampler.compat !== null });
  return ok({ collection, queries, counts: tally.counts, scores: statistics, outside });
}

interface Restriction extends Required<Pick<MineOptions, "only">> {
  readonly collection: Collection;
}

/** A query whose emitted negatives are those that `only` holds. The exported negatives run beside the rows kept. */
function restricted(exported: ExportQuery, { query, pool, decision }: MinedQuery, { collection, only }: Restriction): ExportQuery {
  const queryKey = collection.queries[query]?.key ?? "";
  const negatives = exported.negatives.filter((_, i) => {
    const document = collection.documents[pool.documents[decision.kept[i] ?? -1] ?? -1];
    return document !== undefined && only(queryKey, collection.groupKeys[document.group] ?? "");
  });
  return { ...exported, negatives, short: exported.short + exported.negatives.length - negatives.length };
}

function scoresOf({ positives, negatives }: ExportQuery): QueryScores {
  return { positives: positives.map(({ score }) => score), negatives: negatives.map(({ score }) => score) };
}
