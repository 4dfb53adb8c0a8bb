import type { Connection } from "vscode-languageserver";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { beginAudit, curationState, nextCard } from "#protocol/curation";
import type { CurationState } from "#protocol/curation";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import { curationView } from "../views/curationView";

/** Lanes and audit: which pair to judge next, and what the marks come to. */
export function registerCuration(connection: Connection, datasets: Datasets): void {
  handle(connection, nextCard, async ({ dataset, ...wish }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? await opened.value.curation.nextCard(wish) : opened;
  });
  handle(connection, curationState, async ({ dataset, quiet }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? await state(opened.value, quiet) : opened;
  });
  handle(connection, beginAudit, async ({ dataset }, cancellation) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const begun = await opened.value.curation.beginAudit(cancellation);
    return begun.ok ? await state(opened.value) : begun;
  });
}

async function state({ curation, session }: OpenDataset, quiet = false): Promise<Result<CurationState>> {
  const standing = await curation.standing(quiet);
  return standing.ok ? ok(curationView(session, standing.value)) : standing;
}
