import type { Connection } from "vscode-languageserver";
import type { TextIdentity, VerdictMark } from "#core/marks/mark";
import { textIdentity } from "#core/marks/newMark";
import { explain } from "#core/mining/explain";
import type { MarkDraft } from "#core/session/markJournal";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { appendMark, redoMark, undoMark } from "#protocol/marks";
import type { MarkAnswer, MarkParams, RevisionAnswer, RevisionParams } from "#protocol/marks";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";

/** Verdicts, undo and redo. Each is answered after it is on disk. */
export function registerMarks(connection: Connection, datasets: Datasets): void {
  handle(connection, appendMark, async (params) => {
    const opened = await datasets.open(params.dataset);
    return opened.ok ? await mark(opened.value, params) : opened;
  });
  handle(connection, undoMark, async (params) => {
    const opened = await datasets.open(params.dataset);
    return opened.ok ? await revise(opened.value, params, () => opened.value.journal.undo()) : opened;
  });
  handle(connection, redoMark, async (params) => {
    const opened = await datasets.open(params.dataset);
    return opened.ok ? await revise(opened.value, params, () => opened.value.journal.redo()) : opened;
  });
}

async function mark(dataset: OpenDataset, params: MarkParams): Promise<Result<MarkAnswer>> {
  const index = dataset.queryWithKey(params.query, params.index);
  const group = params.document === undefined ? undefined : dataset.session.collection.groupOfKey.get(params.document);
  if (index === undefined || (params.document !== undefined && group === undefined)) {
    return err({
      reason: "superseded",
      message: "The text that this verdict is about is not in the data any more.",
      nextStep: "Look at the query again and judge the new text.",
    });
  }
  const draft = await draftMark(dataset, params, { index, ...(group === undefined ? {} : { group }) });
  if (!draft.ok) return draft;
  const { alsoAffected, ...mark } = draft.value;
  const written = await dataset.journal.add(mark);
  if (!written.ok) return written;
  dataset.session.setMarks(dataset.journal.folded);
  const view = await dataset.view(index);
  return view.ok ? ok({ view: view.value, alsoAffected, alike: [], fellOut: [] }) : view;
}

/** The mark with what the person saw at that moment. */
async function draftMark(
  dataset: OpenDataset,
  params: MarkParams,
  at: { readonly index: number; readonly group?: number },
): Promise<Result<MarkDraft & { readonly alsoAffected: number }>> {
  const { session, loaded } = dataset;
  const mined = await session.mine(at.index);
  if (!mined.ok) return mined;
  const { documents, queries } = session.collection;
  const query = queries[at.index];
  if (query === undefined) throw new RangeError("the query was there a moment ago");
  const twins = at.group === undefined ? [] : explain(mined.value).filter(({ document }) => documents[document]?.group === at.group);
  const [seen] = twins;
  const named = seen?.document ?? (at.group === undefined ? undefined : session.collection.groups[at.group]?.[0]);
  const { anchor } = mined.value.decision;
  const { model } = session.status;
  const dense = mined.value.pool.retrieval === "dense";
  return ok({
    verdict: params.verdict,
    query: textIdentity(query.key, query.id),
    ...(params.document === undefined ? {} : { document: identityOf(params.document, named, dataset) }),
    ...(seen === undefined
      ? {}
      : {
          source: seen.source,
          rank: seen.rank,
          ...finite("score", seen.score),
          ...finite("positive_similarity", seen.positiveSimilarity),
        }),
    ...(dense ? finite("positive_score", anchor) : {}),
    config_hash: session.configHash,
    ...(dense && model !== undefined ? { model: model.fingerprint } : {}),
    file: loaded.queryFile.slice(loaded.homeBase.length + 1),
    line: query.lines[0] ?? 1,
    blind: params.blind,
    suggestion_shown: false,
    ...(params.note === undefined ? {} : { note: params.note }),
    alsoAffected: Math.max(0, twins.length - 1),
  });
}

function identityOf(key: string, document: number | undefined, dataset: OpenDataset): TextIdentity {
  const id = document === undefined ? undefined : dataset.session.collection.documents[document]?.id;
  return id === undefined ? { key } : textIdentity(key, id);
}

/** Numbers that are not known are left out: JSON has no NaN. */
function finite<K extends string>(name: K, value: number): { readonly [P in K]?: number } {
  return Number.isFinite(value) ? ({ [name]: value } as { readonly [P in K]: number }) : {};
}

async function revise(
  dataset: OpenDataset,
  params: RevisionParams,
  act: () => Promise<Result<readonly VerdictMark[]>>,
): Promise<Result<RevisionAnswer>> {
  const revised = await act();
  if (!revised.ok) return revised;
  // The one that a group began with is the one that the person judged.
  const mark = revised.value.find(({ mark: name, group }) => group === undefined || group === name) ?? revised.value[0];
  if (mark !== undefined) dataset.session.setMarks(dataset.journal.folded);
  const index = mark === undefined ? undefined : dataset.queryWithKey(mark.query.key, params.index);
  const view = await dataset.view(index ?? params.index);
  if (!view.ok) return view;
  if (mark === undefined) return ok({ view: view.value });
  const done = {
    verdict: mark.verdict,
    query: mark.query.key,
    ...(mark.document === undefined ? {} : { document: mark.document.key }),
    marks: revised.value.length,
    ...(mark.origin === undefined ? {} : { origin: mark.origin }),
  };
  return ok({ done, view: view.value });
}
