import type { Connection } from "vscode-languageserver";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { openReview, showQuery, stepQuery } from "#protocol/review";
import type { QueryView, StepParams } from "#protocol/review";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";

/** Opening a review, and going from query to query. */
export function registerReview(connection: Connection, datasets: Datasets): void {
  handle(connection, openReview, async ({ dataset, line }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const index = line === undefined ? 0 : queryNearLine(opened.value, line);
    datasets.startVectors(opened.value, index);
    return await opened.value.view(index);
  });
  handle(connection, showQuery, async ({ dataset, index, key }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const byKey = key === undefined ? undefined : opened.value.queryWithKey(key, index);
    return await opened.value.view(byKey ?? index ?? 0);
  });
  handle(connection, stepQuery, async (params) => {
    const opened = await datasets.open(params.dataset);
    return opened.ok ? await step(opened.value, params) : opened;
  });
}

/** The query on the line, else the nearest one above it, else the first. */
function queryNearLine(dataset: OpenDataset, line: number): number {
  for (let above = line; above >= 1; above -= 1) {
    const index = dataset.queryAtLine(above);
    if (index !== undefined) return index;
  }
  return 0;
}

async function step(dataset: OpenDataset, { index, direction, onlyOpen, onlyNew = false }: StepParams): Promise<Result<QueryView>> {
  const total = dataset.session.collection.queries.length;
  if (onlyNew) return await stepToNew(dataset, index, direction);
  for (let next = index + direction; next >= 0 && next < total; next += direction) {
    if (!onlyOpen) return await dataset.view(next);
    const open = await hasOpenWork(dataset, next);
    if (!open.ok) return open;
    if (open.value) return await dataset.view(next);
  }
  return await dataset.view(index);
}

/** The next query with a new candidate that nobody has judged, from the end on to the beginning; the same query where there is no other. */
async function stepToNew(dataset: OpenDataset, index: number, direction: number): Promise<Result<QueryView>> {
  const total = dataset.session.collection.queries.length;
  for (let steps = 1; steps < total; steps += 1) {
    const next = (index + direction * steps + total * steps) % total;
    if ((await dataset.newNegatives(next)).size === 0) continue;
    const view = await dataset.view(next);
    if (!view.ok || view.value.candidates.some(({ isNew }) => isNew === true)) return view;
  }
  return await dataset.view(index);
}

/** Whether a kept candidate of the query has no verdict yet, or was put off. Only queries with marks need a look at their candidates. */
async function hasOpenWork(dataset: OpenDataset, index: number): Promise<Result<boolean>> {
  const query = dataset.session.collection.queries[index];
  if (query === undefined) return ok(false);
  const verdicts = dataset.session.verdicts(index);
  if (verdicts.ownOnQuery !== undefined) return ok(false);
  if (verdicts.own.size === 0) return ok(true);
  const mined = await dataset.session.mine(index);
  if (!mined.ok) return mined;
  const { documents } = dataset.session.collection;
  const isOpen = (document: number): boolean => (verdicts.own.get(documents[document]?.group ?? -1) ?? "later") === "later";
  const { decision, pool } = mined.value;
  return ok(decision.kept.some((row) => isOpen(pool.documents[row] ?? -1)));
}
