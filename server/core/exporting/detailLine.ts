import type { Collection } from "../collection/collection";
import type { Candidate } from "../mining/candidate";
import { candidateGradients } from "../gradients/candidateGradients";
import type { CandidateGradient, QueryGradients } from "../gradients/candidateGradients";
import type { GradientSettings } from "../gradients/gradientSettings";
import { explain } from "../mining/explain";
import { falseNegativeProbabilities } from "../mining/falseNegativeProbabilities";
import type { MinedQuery } from "../mining/miningState";

/**
 * One query of `--detail` as a line of JSON without its line feed: its positives in force, and every candidate with its fate, the rule in
 * words, the probability of the first draw where one was drawn, what it does to the gradient where that is known, and P(false negative) where
 * there is a model. Scores have six decimals; one that is unknown is null, since JSON has no NaN. A second score is there where the rescorer
 * was asked.
 */
export function detailLine(mined: MinedQuery, collection: Collection, settings: GradientSettings): string {
  const { pool, decision } = mined;
  const query = collection.queries[mined.query];
  if (query === undefined) throw new RangeError(`no query ${String(mined.query)}`);
  const second = pool.rescored?.positives;
  const positives = pool.positives.map((document, i) => ({
    doc_id: collection.documents[document]?.id ?? "",
    score: rounded(decision.positiveScores[i] ?? Number.NaN),
    ...(second === undefined ? {} : { rescored: rounded(second[i] ?? Number.NaN) }),
  }));
  const gradients = candidateGradients(mined, settings);
  const probabilities = falseNegativeProbabilities(mined);
  const candidates = explain(mined).map((candidate) => {
    const probability = probabilities?.[pool.documents.indexOf(candidate.document)];
    const suspected = probability === undefined ? {} : { fn_probability: rounded(probability) };
    return { ...detailOf(candidate, gradients.of(candidate.document), collection), ...suspected };
  });
  return JSON.stringify({ query_id: query.id, query: query.text, positives, ...queryGradientsOf(gradients.query), candidates });
}

function queryGradientsOf(gradients: QueryGradients | undefined): Readonly<Record<string, unknown>> {
  if (gradients === undefined) return {};
  const { temperature, effectiveNegatives, ...counts } = gradients;
  return { gradients: { temperature, effective_negatives: rounded(effectiveNegatives), ...counts } };
}

function detailOf(
  candidate: Candidate,
  gradient: CandidateGradient | undefined,
  collection: Collection,
): Readonly<Record<string, unknown>> {
  const { rank, source, sources, kept, rule, reason, rescored, probability } = candidate;
  const { id, text } = collection.documents[candidate.document] ?? { id: "", text: "" };
  return {
    doc_id: id,
    text,
    rank,
    score: rounded(candidate.score),
    positive_similarity: rounded(candidate.positiveSimilarity),
    ...(rescored === undefined ? {} : { rescored: rounded(rescored) }),
    source,
    sources,
    ...(probability === undefined ? {} : { probability: rounded(probability) }),
    kept,
    rule,
    reason,
    ...(gradient === undefined ? {} : { gradient: roundedGradient(gradient) }),
  };
}

function roundedGradient({ weight, share, norm, push, kind }: CandidateGradient): Readonly<Record<string, unknown>> {
  return { weight: rounded(weight), share: rounded(share), norm: rounded(norm), push: rounded(push), class: kind };
}

/** Six decimals, and null for what is no number. */
export function rounded(score: number): number | null {
  return Number.isFinite(score) ? Number(score.toFixed(6)) + 0 : null;
}
