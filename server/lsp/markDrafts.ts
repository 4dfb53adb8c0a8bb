import type { Query } from "#core/collection/collection";
import { textIdentity } from "#core/marks/newMark";
import { isOpinionShown } from "#core/curation/opinions";
import type { Candidate } from "#core/mining/candidate";
import { explain } from "#core/mining/explain";
import { falseNegativeProbabilities } from "#core/mining/falseNegativeProbabilities";
import type { MinedQuery } from "#core/mining/miningState";
import type { MarkDraft } from "#core/session/markJournal";
import { itemAt } from "#core/util/itemAt";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import type { MarkParams } from "#protocol/marks";
import type { OpenDataset } from "./openDataset";

/** What a request to mark is about, as the data are now. */
export interface MarkTarget {
  readonly index: number;
  readonly query: Query;
  /** The passages that get the verdict, that of the card first; none for a verdict on the query. */
  readonly passages: readonly { readonly key: string; readonly group: number }[];
}

/** Fails where one of the texts is not in the data any more: then none is marked. */
export function markTarget(dataset: OpenDataset, params: MarkParams): Result<MarkTarget> {
  const { session } = dataset;
  const index = dataset.queryWithKey(params.query, params.index);
  const query = index === undefined ? undefined : session.collection.queries[index];
  const keys = params.document === undefined ? [] : [...new Set([params.document, ...(params.alsoDocuments ?? [])])];
  const passages = keys.flatMap((key) => {
    const group = session.collection.groupOfKey.get(key);
    return group === undefined ? [] : [{ key, group }];
  });
  if (index !== undefined && query !== undefined && passages.length === keys.length) return ok({ index, query, passages });
  return err({
    reason: "superseded",
    message: "The text that this verdict is about is not in the data any more.",
    nextStep: "Look at the query again and judge the new text.",
  });
}

/** The marks of a request, and how many other candidates have the text of a marked one. */
export interface DraftedMarks {
  readonly drafts: readonly MarkDraft[];
  readonly twins: number;
}

/** The marks with what the person saw at that moment. */
export function markDrafts(dataset: OpenDataset, params: MarkParams, { query, passages }: MarkTarget, mined: MinedQuery): DraftedMarks {
  const common = { ...commonParts(dataset, params, mined), query: textIdentity(query.key, query.id), line: query.lines[0] ?? 1 };
  // Only the card came from the lane: what was found to be like it did not, and must not count as drawn at random.
  const fromLane = { lane: params.lane ?? "adhoc", ...(params.salt === undefined ? {} : { salt: params.salt }) } as const;
  if (passages.length === 0) return { drafts: [{ ...common, ...fromLane }], twins: 0 };
  const { collection, suggestions, config } = dataset.session;
  const { documents, groups } = collection;
  const candidates = explain(mined);
  let twins = 0;
  /**
   * The panel knows what was on show of the card, also where that is on no record: a dry run's opinion, or why a positive is called wrong. Of passages that
   * are judged with it, what may be shown is taken to have been.
   */
  const opinionShown = (place: number): Pick<MarkDraft, "opinion_shown"> => {
    const { key, group } = itemAt(passages, place);
    const isTold = place === 0 && params.opinionShown === true;
    if (suggestions.opinionOf(query.key, key) === undefined) return isTold ? { opinion_shown: true } : {};
    const isShown = place === 0 ? isTold : isOpinionShown(config.curation, mined.verdicts.own.get(group));
    return { opinion_shown: isShown };
  };
  const drafts = passages.map(({ key, group }, place): MarkDraft => {
    const found = candidates.filter(({ document }) => documents[document]?.group === group);
    twins += Math.max(0, found.length - 1);
    const id = documents[found[0]?.document ?? groups[group]?.[0] ?? -1]?.id;
    return {
      ...common,
      ...(place === 0 ? fromLane : ({ lane: "adhoc" } as const)),
      document: id === undefined ? { key } : textIdentity(key, id),
      ...(found[0] === undefined ? {} : seenParts(mined, found[0])),
      ...opinionShown(place),
    };
  });
  return { drafts, twins };
}

function commonParts({ session, loaded }: OpenDataset, params: MarkParams, { pool, decision }: MinedQuery) {
  const { model } = session.status;
  const dense = pool.retrieval === "dense";
  return {
    verdict: params.verdict,
    ...(dense ? finite("positive_score", decision.anchor) : {}),
    config_hash: session.configHash,
    ...(dense && model !== undefined ? { model: model.fingerprint } : {}),
    file: loaded.queryFile.slice(loaded.homeBase.length + 1),
    blind: params.blind,
    suggestion_shown: params.suggestionShown,
    ...(params.note === undefined ? {} : { note: params.note }),
  };
}

/** Where a passage stood among the candidates. */
function seenParts(mined: MinedQuery, { document, source, rank, score, positiveSimilarity }: Candidate): Partial<MarkDraft> {
  const row = mined.pool.documents.indexOf(document);
  return {
    source,
    rank,
    ...finite("score", score),
    ...finite("positive_similarity", positiveSimilarity),
    ...finite("fn_probability", falseNegativeProbabilities(mined)?.[row] ?? Number.NaN),
  };
}

/** Numbers that are not known are left out: JSON has no NaN. */
function finite<K extends string>(name: K, value: number): { readonly [P in K]?: number } {
  return Number.isFinite(value) ? ({ [name]: value } as { readonly [P in K]: number }) : {};
}
