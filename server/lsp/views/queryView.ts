import type { Collection, Document, Query } from "#core/collection/collection";
import { candidateGradients } from "#core/gradients/candidateGradients";
import type { CandidateGradients } from "#core/gradients/candidateGradients";
import type { GradientSettings } from "#core/gradients/gradientSettings";
import { fateOf, UNDECIDED } from "#core/mining/candidate";
import type { Candidate } from "#core/mining/candidate";
import { suspicionOf } from "#core/falseNegatives/suspicionOf";
import { explain } from "#core/mining/explain";
import { pairFeatures } from "#core/mining/pairFeatures";
import { NO_SOURCE } from "#core/mining/knownProbabilities";
import type { MinedQuery } from "#core/mining/miningState";
import { itemAt } from "#core/util/itemAt";
import type { CurationConfig } from "#core/config/curationSchema";
import { isOpinionShown } from "#core/curation/opinions";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { calledAmbiguous, calledWrong, opinionParts } from "./opinionView";
import type { CandidateView, PassageView, PositiveView, QueryView, ReviewCounts, Suspicion } from "#protocol/review";

/** What a view needs to know besides the mined query. */
export interface ViewContext {
  readonly dataset: string;
  readonly revision: number;
  readonly collection: Collection;
  /** At which temperature gradients are shown. */
  readonly gradients: GradientSettings;
  readonly counts: ReviewCounts;
  /** What language models say, and when a person may see it. */
  readonly suggestions: Suggestions;
  readonly curation: CurationConfig;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Whether the adapter in use brought the texts of a group, and nobody has judged them for this query. */
  readonly isNew: (group: number) => boolean;
  /** Number of queries that use a document as a positive or listed negative. */
  readonly usesOf: (document: number) => number;
}

/** One query with its candidates, as the panel shows it. */
export function queryView(mined: MinedQuery, context: ViewContext): QueryView {
  const { collection } = context;
  const query = itemAt(collection.queries, mined.query);
  const { decision, verdicts, pool } = mined;
  const gradients = candidateGradients(mined, context.gradients);
  const suspicions = suspicionsOf(mined, context);
  const views = explain(mined).map((candidate) => candidateView(candidate, { mined, query, context, gradients, suspicions }));
  return {
    revision: context.revision,
    dataset: context.dataset,
    index: mined.query,
    total: collection.queries.length,
    key: query.key,
    id: query.id,
    text: query.text,
    place: { file: itemAt(collection.files, query.file), line: query.lines[0] ?? 1 },
    otherLines: query.lines.slice(1),
    ...(verdicts.ownOnQuery === undefined ? {} : { verdict: verdicts.ownOnQuery }),
    ...calledAmbiguous({ ...context, query: query.key }, verdicts),
    retrieval: pool.retrieval,
    positives: positiveViews(mined, query, context),
    candidates: views.filter((view) => view.kept),
    dropped: views.filter((view) => !view.kept),
    short: decision.short,
    ...(Number.isFinite(decision.effectiveCandidates) ? { effectiveCandidates: decision.effectiveCandidates } : {}),
    ...(gradients.query === undefined ? {} : { gradients: gradients.query }),
    counts: context.counts,
    canUndo: context.canUndo,
    canRedo: context.canRedo,
  };
}

/** The positives in force with their scores, then those that a mark calls bad, so that the mark can be taken back. */
function positiveViews(mined: MinedQuery, query: Query, context: ViewContext): readonly PositiveView[] {
  const { pool, verdicts } = mined;
  const viewOf = (document: number) => {
    const passage = passageView(document, mined, context);
    return { ...passage, ...calledWrong({ ...context, query: query.key }, passage.key, verdicts) };
  };
  const inForce = pool.positives.map((document, i) => {
    const score = pool.positiveScores[i];
    return {
      ...viewOf(document),
      ...(score === undefined || Number.isNaN(score) ? {} : { score }),
      promoted: verdicts.promoted.includes(document),
    };
  });
  const bad = query.positives.filter((document) => !pool.positives.includes(document));
  return [...inForce, ...bad.map((document) => ({ ...viewOf(document), promoted: false }))];
}

interface CandidateContext {
  readonly mined: MinedQuery;
  readonly query: Query;
  readonly context: ViewContext;
  readonly gradients: CandidateGradients;
  readonly suspicions: ReadonlyMap<number, Suspicion>;
}

/**
 * What the model suspects of the candidates that nobody has judged and that are not known to be positives or the query, by document. An opinion that is
 * to be hidden must not show through it.
 */
function suspicionsOf({ facts, pool, decision, context, verdicts }: MinedQuery, { curation }: ViewContext): ReadonlyMap<number, Suspicion> {
  const model = context.falseNegatives;
  if (model === undefined || pool.retrieval === "lexical") return new Map();
  const rows = [...decision.fates.keys()].filter((row) => {
    const fate = decision.fates[row] ?? UNDECIDED;
    return fate !== UNDECIDED && !SETTLED.has(fate) && !verdicts.marksOfGroup.has(facts.groups[row] ?? -1);
  });
  const opinions: typeof context.opinions = isOpinionShown(curation, undefined) ? context.opinions : new Map();
  const table = pairFeatures(facts, { ...context, opinions }, rows);
  return new Map(
    rows.map((row, pair) => {
      const source = context.sources[decision.decidedBy[row] ?? -1]?.source ?? NO_SOURCE;
      return [pool.documents[row] ?? -1, suspicionOf(model, table, pair, source)] as const;
    }),
  );
}

const SETTLED: ReadonlySet<number> = new Set([fateOf("own_positive"), fateOf("query_text"), fateOf("marked")]);

function candidateView(candidate: Candidate, { mined, query, context, gradients, suspicions }: CandidateContext): CandidateView {
  const { score, positiveSimilarity, probability, rescored } = candidate;
  const margin = mined.decision.anchor - score;
  const uses = context.usesOf(candidate.document);
  const listed = query.negatives.includes(candidate.document);
  const gradient = gradients.of(candidate.document);
  const suspicion = suspicions.get(candidate.document);
  const passage = passageView(candidate.document, mined, context);
  const own = listed || query.positives.includes(candidate.document) ? 1 : 0;
  return {
    ...passage,
    rank: candidate.rank,
    ...(Number.isNaN(score) ? {} : { score }),
    ...(mined.pool.retrieval === "lexical" || Number.isNaN(margin) ? {} : { margin }),
    ...(Number.isNaN(positiveSimilarity) ? {} : { positiveSimilarity }),
    source: candidate.source,
    sources: candidate.sources,
    ...(probability === undefined ? {} : { probability }),
    ...(rescored === undefined ? {} : { rescored }),
    kept: candidate.kept,
    rule: candidate.rule,
    reason: candidate.reason,
    listed,
    otherUses: Math.max(0, uses - own),
    ...(suspicion === undefined ? {} : { suspicion }),
    ...opinionParts({ ...context, query: query.key }, passage.key, passage.verdict),
    ...(gradient === undefined ? {} : { gradient }),
    ...(candidate.kept && context.isNew(itemAt(context.collection.documents, candidate.document).group) ? { isNew: true } : {}),
  };
}

function passageView(index: number, mined: MinedQuery, context: ViewContext): PassageView {
  const { collection } = context;
  const document: Document = itemAt(collection.documents, index);
  const verdict = mined.verdicts.own.get(document.group);
  return {
    key: itemAt(collection.groupKeys, document.group),
    id: document.id,
    text: document.text,
    ...(document.title === undefined ? {} : { title: document.title }),
    place: { file: itemAt(collection.files, document.file), line: document.line },
    ...(verdict === undefined ? {} : { verdict }),
  };
}
