import type { Connection } from "vscode-languageserver";
import type { Cancellation } from "#core/util/cancellation";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { exportFormats, runExport } from "#protocol/exporting";
import type { ExportAnswer, ExportParams } from "#protocol/exporting";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import type { OpenDocuments } from "../openDocuments";
import { handle } from "../requests";
import type { ServerHost } from "../serverHost";

export interface ExportParts {
  readonly datasets: Datasets;
  readonly documents: OpenDocuments;
  readonly host: ServerHost;
}

/** Writing what the present configuration and marks emit, with progress that can be cancelled. */
export function registerExporting(connection: Connection, parts: ExportParts): void {
  const { datasets, host } = parts;
  handle(connection, exportFormats, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? ok(host.exportFormats(opened.value.loaded)) : opened;
  });
  handle(connection, runExport, (params, cancellation) => exportDataset(connection, parts, params, cancellation));
}

async function exportDataset(
  connection: Connection,
  parts: ExportParts,
  params: ExportParams,
  cancellation: Cancellation,
): Promise<Result<ExportAnswer>> {
  const { datasets, host } = parts;
  const opened = await datasets.open(params.dataset);
  if (!opened.ok) return opened;
  const out = host.toPath(params.out);
  if (out === undefined)
    return err({
      reason: "unsupported",
      message: `${params.out} is not a file on this machine.`,
      nextStep: "Choose a folder on this machine.",
    });
  const { session, loaded } = opened.value;
  const unsaved = await firstUnsaved(opened.value, parts);
  if (unsaved !== undefined) {
    return err({
      reason: "not-ready",
      message: "The file has changes that are not saved.",
      nextStep: "Save it, then export again.",
      place: { file: unsaved },
    });
  }
  const progress = await connection.window.createWorkDoneProgress();
  progress.begin("Nearmiss: exporting", 0, "making embeddings", true);
  const either = {
    get requested(): boolean {
      return cancellation.requested || progress.token.isCancellationRequested;
    },
  };
  try {
    const ready = await session.prepare();
    if (!ready.ok) return ready;
    const onProgress = (done: number, total: number): void => {
      progress.report(total === 0 ? 100 : (100 * done) / total, `${String(done)} of ${String(total)} queries`);
    };
    return await host.runExport({
      dataset: loaded,
      session,
      format: params.format,
      negatives: params.negatives,
      certify: params.certify,
      out,
      cancellation: either,
      onProgress,
    });
  } finally {
    progress.done();
  }
}

/** The first file whose text in the editor is not the one on disk: exports are made from what is on disk. */
async function firstUnsaved({ loaded }: OpenDataset, { documents, host }: ExportParts): Promise<string | undefined> {
  for (const { path, open } of loaded.files) {
    if (open && !(await isSaved(path, { documents, host }))) return path;
  }
  return undefined;
}

async function isSaved(path: string, { documents, host }: Pick<ExportParts, "documents" | "host">): Promise<boolean> {
  const document = documents.get(host.toUri(path));
  const disk = await host.readLines(path);
  if (document === undefined || !disk.ok) return document === undefined;
  const lines = [...document.rows.lines()];
  return lines.length === disk.value.length && lines.every((line, i) => line === disk.value[i]);
}
