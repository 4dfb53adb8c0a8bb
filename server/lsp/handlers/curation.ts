import type { Connection } from "vscode-languageserver";
import type { CardWish } from "#core/curation/curation";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { beginAudit, curationState, nextCard } from "#protocol/curation";
import type { CurationState, NextCardAnswer } from "#protocol/curation";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import { curationView, laneCardView } from "../views/curationView";

/** Lanes and audit: which pair to judge next, and what the marks come to. */
export function registerCuration(connection: Connection, datasets: Datasets): void {
  handle(connection, nextCard, async ({ dataset, ...wish }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? await card(opened.value, wish) : opened;
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

async function card({ curation, session }: OpenDataset, wish: CardWish): Promise<Result<NextCardAnswer>> {
  const answer = await curation.nextCard(wish);
  if (!answer.ok || answer.value.kind !== "card") return answer;
  return ok({ kind: "card", card: laneCardView(session.collection, answer.value.card) });
}

async function state({ curation, session }: OpenDataset, quiet = false): Promise<Result<CurationState>> {
  const standing = await curation.standing(quiet);
  return standing.ok ? ok(curationView(session, standing.value)) : standing;
}
