import type { Connection } from "vscode-languageserver";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { compareRounds, startTraining, stopTraining, trainingState } from "#protocol/training";
import type { CompareRoundsParams, RoundComparison } from "#protocol/training";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import { roundComparisonView } from "../views/roundComparisonView";
import { trainingState as stateView } from "../views/trainingStateView";

/** Training runs: begin, stop, look at, compare. Adopting an adapter is a change of the configuration like any other. */
export function registerTraining(connection: Connection, datasets: Datasets): void {
  handle(connection, trainingState, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const records = await opened.value.learning.records();
    return records.ok ? ok(stateView(opened.value, records.value, await opened.value.countNew())) : records;
  });
  handle(connection, startTraining, async ({ dataset, resume }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const started = await opened.value.learning.start(resume);
    return started.ok ? ok({ run: started.value }) : started;
  });
  handle(connection, stopTraining, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    await opened.value.learning.stop();
    return ok(null);
  });
  handle(connection, compareRounds, async (params) => {
    const opened = await datasets.open(params.dataset);
    return opened.ok ? await compare(opened.value, params) : opened;
  });
}

async function compare({ learning, session }: OpenDataset, params: CompareRoundsParams): Promise<Result<RoundComparison>> {
  const { run, from, to, query } = params;
  const compared = await learning.compare(run, from, to);
  if (!compared.ok) return compared;
  const { collection } = session;
  const verdictOf = (index: number, group: number) => session.verdicts(index).own.get(group);
  return ok(roundComparisonView(compared.value, { run, collection, query, verdictOf }));
}
