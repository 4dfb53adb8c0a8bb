import type { BatchKeys } from "../batches/makeBatchRow";
import type { Collection } from "../collection/collection";
import type { RoundSnapshot } from "../rounds/roundSnapshot";
import { SnapshotBuilder } from "../rounds/snapshotBuilder";
import type { RoundFigures } from "../rounds/snapshotBuilder";
import type { DatasetSession } from "../session/datasetSession";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { RoundRecord } from "./runRecord";
import { TrainingDataBuilder } from "./trainingData";
import type { DataSettings, TrainingData } from "./trainingData";

export interface RoundMiningRequest {
  /** From 1. */
  readonly round: number;
  /** Name of the held adapter that searches; undefined: the encoder alone. */
  readonly adapter: string | undefined;
  /** Queries to mine, and those of them to learn from. */
  readonly queries: readonly number[];
  readonly trained: ReadonlySet<number>;
  readonly keysOf: BatchKeys;
  readonly settings: DataSettings;
  readonly previous: RoundSnapshot | undefined;
  readonly cancellation: Cancellation;
  readonly onProgress: (done: number, total: number) => void;
}

/** What a round learns from. */
export interface MinedRound {
  /** The state of the data that it was mined from. */
  readonly collection: Collection;
  readonly data: TrainingData;
  readonly snapshot: RoundSnapshot;
  readonly figures: RoundFigures;
}

/** Mines the negatives of one round, with the marks and the suggestions of this moment. */
export async function mineRound(session: DatasetSession, request: RoundMiningRequest): Promise<Result<MinedRound>> {
  const { round, adapter, queries, trained, keysOf, settings, previous, cancellation, onProgress } = request;
  const { collection } = session;
  const teachers = { suggestions: session.suggestions, minPerplexity: session.config.labelling.min_perplexity };
  const builder = new TrainingDataBuilder(collection, keysOf, settings, teachers);
  const snapshot = new SnapshotBuilder(round, collection, previous);
  let done = 0;
  const mined = await session.trials.mine(adapter, {
    queries,
    cancellation,
    wantsModel: true,
    onQuery: (query) => {
      snapshot.add(query);
      if (trained.has(query.query)) builder.add(query);
      done += 1;
      if (done % PROGRESS_STEP === 0) onProgress(done, queries.length);
    },
  });
  if (!mined.ok) return mined;
  return ok({ collection, data: builder.data(), ...snapshot.finish() });
}

const PROGRESS_STEP = 64;

/** How many of the queries that a round learns from have a teacher. */
export function taughtQueries({ data }: MinedRound): number {
  return data.examples.filter(({ teacher }) => teacher !== undefined).length;
}

/** What is kept of a round's mining, besides its training. */
export function roundFigures({ snapshot, figures }: MinedRound, steps: number): RoundRecord {
  const { added, dropped, kept, hardness, overlap, markedShare, falseNegatives } = figures;
  return {
    round: snapshot.round,
    steps,
    added,
    dropped,
    kept,
    ...known({ hardness, overlap, markedShare, falseNegatives }),
  };
}

/** JSON has no NaN: what is not known is left out. */
function known<Name extends string>(figures: Readonly<Record<Name, number | undefined>>): { readonly [key in Name]?: number } {
  return Object.fromEntries(Object.entries<number | undefined>(figures).filter(([, value]) => Number.isFinite(value))) as {
    readonly [key in Name]?: number;
  };
}
