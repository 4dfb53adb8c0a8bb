import type { Collection } from "#core/collection/collection";
import type { MinedQuery } from "#core/mining/miningState";
import type { RoundSnapshot } from "#core/rounds/roundSnapshot";
import { SnapshotBuilder } from "#core/rounds/snapshotBuilder";
import type { FinishedRound } from "#core/rounds/snapshotBuilder";
import { training } from "../../support/smallCollection";
import { decideScene } from "../mining/miningFixture";
import type { Scene } from "../mining/miningFixture";

/** Two queries, each with a positive, over passages that are called by a letter. */
export const collection: Collection = training([
  { id: "q1", query: "first", pos: ["p1"], neg: ["a", "b", "c", "d", "e", "f"] },
  { id: "q2", query: "second", pos: ["p2"] },
]);

/** The text behind a key of the collection above. */
export function textOf(key: string): string {
  const group = collection.groupOfKey.get(key) ?? -1;
  return collection.documents[collection.groups[group]?.[0] ?? -1]?.text ?? "?";
}

export type RoundScene = Omit<Scene, "collection">;

export function mine(scene: RoundScene): MinedQuery {
  const { pool, facts, context, ...decision } = decideScene({ collection, positiveScores: { p1: 0.9, p2: 0.9 }, ...scene });
  return { query: pool.query, verdicts: context.verdicts, pool, facts, context, decision };
}

export function roundOf(round: number, scenes: readonly RoundScene[], previous?: RoundSnapshot): FinishedRound {
  const builder = new SnapshotBuilder(round, collection, previous);
  for (const scene of scenes) builder.add(mine(scene));
  return builder.finish();
}

/** Two negatives a query, from the nearest three. */
const sampler = { num_negatives: 2, range_max: 4 } as const;

export const firstRound: readonly RoundScene[] = [
  {
    query: 0,
    sampler,
    hits: [
      ["p1", 0.9],
      ["a", 0.8, 0.5],
      ["b", 0.7, 0.4],
      ["c", 0.6, 0.3],
      ["d", 0.5, 0.2],
    ],
  },
  {
    query: 1,
    sampler,
    hits: [
      ["a", 0.4, 0.1],
      ["b", 0.3, 0.1],
      ["p2", 0.2],
    ],
  },
];
