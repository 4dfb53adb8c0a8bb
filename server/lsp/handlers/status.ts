import type { Connection } from "vscode-languageserver";
import { ok } from "#core/util/result";
import { datasetStatus, resumeWork, stopWork } from "#protocol/status";
import type { Datasets } from "../datasets";
import { handle } from "../requests";
import { statusView } from "../views/statusView";

export function registerStatus(connection: Connection, datasets: Datasets): void {
  handle(connection, datasetStatus, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? ok(statusView(opened.value)) : opened;
  });
  handle(connection, stopWork, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    await opened.value.session.stop();
    return ok(null);
  });
  handle(connection, resumeWork, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    datasets.startVectors(opened.value);
    return ok(null);
  });
}
