import type { Connection } from "vscode-languageserver";
import { alikeTo } from "#core/curation/alike";
import { fellOut } from "#core/curation/fellOut";
import type { VerdictMark } from "#core/marks/mark";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { appendMark, redoMark, undoMark } from "#protocol/marks";
import type { MarkAnswer, MarkParams, RevisionAnswer, RevisionParams } from "#protocol/marks";
import type { Datasets } from "../datasets";
import { markDrafts, markTarget } from "../markDrafts";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";

/** Verdicts that hold as well for a passage that says the same. */
const SPREADS = ["true_negative", "false_negative", "partly_relevant", "duplicate_of_positive"] as const;

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
  const { session, journal } = dataset;
  const target = markTarget(dataset, params);
  if (!target.ok) return target;
  const { index, passages } = target.value;
  const before = await session.mine(index);
  if (!before.ok) return before;
  const { drafts, twins } = markDrafts(dataset, params, target.value, before.value);
  const written = await journal.addAll(drafts);
  if (!written.ok) return written;
  session.setMarks(journal.folded);
  const after = await session.mine(index);
  if (!after.ok) return after;
  const [card] = passages;
  const isOffered = card !== undefined && SPREADS.some((verdict) => verdict === params.verdict);
  const alike = isOffered ? await alikeTo(session, after.value, card.group) : ok([]);
  const { groupKeys } = session.collection;
  const fell = fellOut(before.value, after.value, new Set(passages.map(({ group }) => group)));
  const view = await dataset.view(index);
  if (!view.ok) return view;
  return ok({
    view: view.value,
    alsoAffected: twins,
    // The mark is on disk: that nothing like it can be looked for, as while the vectors go, must not look as if it were not.
    alike: alike.ok ? alike.value : [],
    fellOut: fell.map(({ group, reason }) => ({ key: groupKeys[group] ?? "", reason })),
  });
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
