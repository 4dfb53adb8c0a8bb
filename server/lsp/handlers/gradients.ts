import type { Connection } from "vscode-languageserver";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { gradientReport } from "#protocol/gradients";
import type { GradientAnswer } from "#protocol/gradients";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import type { ServerHost } from "../serverHost";
import { vectorsNotReady } from "../vectorsNotReady";
import { gradientReportView } from "../views/gradientReportView";

/** What the negatives of a whole file do to the gradient. */
export function registerGradients(connection: Connection, datasets: Datasets, host: ServerHost): void {
  handle(connection, gradientReport, async ({ dataset, temperature }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    // Whoever opens the gradients before a review wants vectors as well.
    if (opened.value.session.status.phase === "idle") datasets.startVectors(opened.value);
    return await report(opened.value, host, temperature);
  });
}

async function report({ session }: OpenDataset, host: ServerHost, temperature: number | undefined): Promise<Result<GradientAnswer>> {
  const started = host.stopwatch();
  if (session.status.phase !== "ready") return err(vectorsNotReady(session.status, "Gradients are computed"));
  const { collection } = session;
  const step = await session.gradients(temperature);
  if (!step.ok) return step;
  if (step.value.kind === "mining") return ok(step.value);
  const frame = {
    revision: session.revision,
    savedTemperature: session.config.training.temperature,
    seconds: host.stopwatch() - started,
  };
  return ok({ kind: "report", report: gradientReportView(step.value.summary, collection, frame) });
}
