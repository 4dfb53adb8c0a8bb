import type { RetrievalJob, Retrieved, SimilarityJob, SimilarPairs } from "#core/ports";
import type { PairLists, RetrievedLists, SlotLists } from "./vectorMessages";

/** One `Retrieved` a job, as views on the flat lists. */
export function splitLists(lists: RetrievedLists, jobs: readonly RetrievalJob[]): readonly Retrieved[] {
  let hit = 0;
  let positive = 0;
  let extra = 0;
  return jobs.map((job, i) => {
    const [hits, positives, extras] = [hit, positive, extra];
    hit += lists.counts[i] ?? 0;
    positive += job.positives.length;
    extra += job.extra.length;
    return {
      documents: lists.documents.subarray(hits, hit),
      scores: lists.scores.subarray(hits, hit),
      positiveSimilarity: lists.positiveSimilarity.subarray(hits, hit),
      positiveScores: lists.positiveScores.subarray(positives, positive),
      extraScores: lists.extraScores.subarray(extras, extra),
      extraPositiveSimilarity: lists.extraPositiveSimilarity.subarray(extras, extra),
    };
  });
}

export function joinSlots(lists: readonly (readonly number[])[]): SlotLists {
  return { counts: Int32Array.from(lists, (list) => list.length), slots: Int32Array.from(lists.flat()) };
}

/** One `SimilarPairs` a list, as views on the flat lists. */
export function splitPairs({ counts, first, second, similarity }: PairLists): readonly SimilarPairs[] {
  let end = 0;
  return Array.from(counts, (count) => {
    const start = end;
    end += count;
    return { first: first.subarray(start, end), second: second.subarray(start, end), similarity: similarity.subarray(start, end) };
  });
}

/** [rows, columns] of each job, as views on the flat list. */
export function splitMatrices(similarities: Float32Array, jobs: readonly SimilarityJob[]): readonly Float32Array[] {
  let end = 0;
  return jobs.map(({ rows, columns }) => {
    const start = end;
    end += rows.length * columns.length;
    return similarities.subarray(start, end);
  });
}
