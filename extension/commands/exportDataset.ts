import { ProgressLocation, Uri, window } from "vscode";
import { exportFormats, runExport } from "#protocol/exporting";
import type { ExportAnswer, ExportFormat } from "#protocol/exporting";
import { isFolder } from "../datasetUri";
import { revealPlaceInEditor } from "../revealPlace";
import { valueOrShow } from "../showFailure";
import type { Command, Services } from "./services";
import { targetOf } from "./target";

/** Picks a format and a new file, then writes the curated set and its manifest. */
export const exportDataset: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const format = await pickFormat(services, target.dataset);
  const out = format && (await pickFile(target.dataset, format));
  if (format === undefined || out === undefined) return;
  const answer = await write(services, target.dataset, format, out);
  if (answer !== undefined) await report(answer);
};

async function pickFormat(services: Services, dataset: Uri): Promise<ExportFormat | undefined> {
  const formats = valueOrShow(await services.client.request(exportFormats, { dataset: dataset.toString() }));
  if (formats === undefined) return undefined;
  const items = formats.map((format) => ({ label: format.label, detail: format.detail, format }));
  const options = { title: "Export Curated Set", placeHolder: "Format of the new file", matchOnDetail: true };
  // A panel gets the focus back a moment after the palette closes, which would take the list away again before anybody has read it.
  return (await window.showQuickPick(items, { ...options, ignoreFocusOut: true }))?.format;
}

async function pickFile(dataset: Uri, format: ExportFormat): Promise<Uri | undefined> {
  const folder = (await isFolder(dataset)) ? dataset : Uri.joinPath(dataset, "..");
  return await window.showSaveDialog({
    title: "Export to a New File",
    saveLabel: "Export",
    defaultUri: Uri.joinPath(folder, format.suggestedName),
  });
}

async function write(services: Services, dataset: Uri, format: ExportFormat, out: Uri): Promise<ExportAnswer | undefined> {
  const options = { location: ProgressLocation.Notification, title: "Exporting the curated set", cancellable: true };
  return await window.withProgress(options, async (_progress, token) => {
    const params = { dataset: dataset.toString(), format: format.id, negatives: format.negatives, out: out.toString() };
    try {
      return valueOrShow(await services.client.request(runExport, params, token));
    } catch (error) {
      // The server rejects what the person cancelled.
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  });
}

async function report(answer: ExportAnswer): Promise<void> {
  const parts = [
    `Exported ${counted(answer.records, "record")}, ${count(answer.unchanged)} unchanged, with ${counted(answer.negatives, "negative")}`,
    answer.promoted > 0 && `and ${counted(answer.promoted, "promoted positive")}`,
    answer.short > 0 && `(${counted(answer.short, "negative")} short of what the config asks for)`,
  ];
  const text = `${parts.filter(Boolean).join(" ")}.`;
  const choice = await window.showInformationMessage([text, ...answer.notes].join(" "), "Open", "Open Manifest");
  if (choice !== undefined) await revealPlaceInEditor({ file: choice === "Open" ? answer.file : answer.manifest });
}

function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
