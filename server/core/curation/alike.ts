import { isRival } from "../gradients/rowGradients";
import type { MinedQuery } from "../mining/miningState";
import type { DatasetSession } from "../session/datasetSession";
import { ok } from "../util/result";
import type { Result } from "../util/result";

/** A passage that says nearly the same as another one. */
export interface Alike {
  /** Text key. */
  readonly key: string;
  /** Cosine similarity or shared part of the shingles, in [0, 1]. */
  readonly similarity: number;
  readonly by: "vectors" | "words";
}

/** From these on two passages say nearly the same. */
const NEAR_COSINE = 0.98;
const NEAR_SHINGLES = 0.8;

/**
 * The candidates of a query that say nearly the same as a passage and that nobody has judged, nearest first: what could get its verdict too.
 *
 * @param group group of equal texts of the passage
 */
export async function alikeTo(session: DatasetSession, mined: MinedQuery, group: number): Promise<Result<readonly Alike[]>> {
  const { collection } = session;
  const rows = unjudgedRows(mined, group);
  const document = collection.groups[group]?.[0];
  if (rows.length === 0 || document === undefined) return ok([]);
  const documents = rows.map((row) => mined.pool.documents[row] ?? -1);
  // Without vectors the words alone tell.
  const cosines = mined.pool.retrieval === "dense" ? await session.similaritiesTo(document, documents) : ok(new Float32Array(0));
  if (!cosines.ok) return cosines;
  const reference = mined.facts.groups.indexOf(group);
  const found = rows.flatMap((row, i): readonly Alike[] => {
    const key = collection.groupKeys[mined.facts.groups[row] ?? -1] ?? "";
    const cosine = cosines.value[i] ?? Number.NaN;
    const shared = reference === -1 ? -1 : mined.facts.overlap(row, reference, NEAR_SHINGLES);
    if (shared >= NEAR_SHINGLES && !(cosine > shared)) return [{ key, similarity: shared, by: "words" }];
    // Rounding can bring a cosine above 1.
    return cosine >= NEAR_COSINE ? [{ key, similarity: Math.min(1, cosine), by: "vectors" }] : [];
  });
  return ok(found.sort((a, b) => b.similarity - a.similarity));
}

/** Rows of candidates that no mark names, each text once. */
function unjudgedRows({ decision, facts, verdicts }: MinedQuery, group: number): readonly number[] {
  const seen = new Set([group]);
  return [...facts.groups.keys()].filter((row) => {
    const own = facts.groups[row] ?? -1;
    if (!isRival(decision.fates[row]) || verdicts.marksOfGroup.has(own) || seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}
