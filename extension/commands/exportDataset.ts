import { ProgressLocation, Uri, window } from "vscode";
import { curationState } from "#protocol/curation";
import { exportFormats, runExport } from "#protocol/exporting";
import type { ExportAnswer, ExportFormat } from "#protocol/exporting";
import { isFolder } from "../datasetUri";
import { revealPlaceInEditor } from "../revealPlace";
import { valueOrShow } from "../showFailure";
import type { Command, Services } from "./services";
import { targetOf } from "./target";

/** Picks a format, with a certificate where there is an audit, and a new file, then writes the curated set and its manifest. */
export const exportDataset: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const { dataset } = target;
  const format = await pickFormat(services, dataset);
  const certify = format && (await pickCertificate(services, dataset, format));
  if (format === undefined || certify === undefined) return;
  const out = await pickFile(dataset, format);
  if (out === undefined) return;
  const answer = await write(services, { dataset, format, certify, out });
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

/** Whether a certificate is wanted; undefined where the person wants no export after all. Without an audit, and for negatives that no audit is about, nobody is asked. */
async function pickCertificate(services: Services, dataset: Uri, format: ExportFormat): Promise<boolean | undefined> {
  if (format.negatives !== "mined") return false;
  const state = await services.client.request(curationState, { dataset: dataset.toString() });
  const audit = state.ok ? state.value.audit : undefined;
  if (audit === undefined) return false;
  const items = [
    {
      label: "With a certificate",
      detail: audit.changed?.text ?? "Only what the audit is about is written.",
      description: audit.total.text,
      certify: true,
    },
    { label: "Without a certificate", detail: "Everything that is emitted now is written.", certify: false },
  ];
  const options = { title: "Export Curated Set", placeHolder: "How many false negatives are left, as a file beside the export" };
  return (await window.showQuickPick(items, { ...options, ignoreFocusOut: true }))?.certify;
}

async function pickFile(dataset: Uri, format: ExportFormat): Promise<Uri | undefined> {
  const folder = (await isFolder(dataset)) ? dataset : Uri.joinPath(dataset, "..");
  return await window.showSaveDialog({
    title: "Export to a New File",
    saveLabel: "Export",
    defaultUri: Uri.joinPath(folder, format.suggestedName),
  });
}

interface Order {
  readonly dataset: Uri;
  readonly format: ExportFormat;
  readonly certify: boolean;
  readonly out: Uri;
}

async function write(services: Services, { dataset, format, certify, out }: Order): Promise<ExportAnswer | undefined> {
  const options = { location: ProgressLocation.Notification, title: "Exporting the curated set", cancellable: true };
  return await window.withProgress(options, async (_progress, token) => {
    const params = { dataset: dataset.toString(), format: format.id, negatives: format.negatives, certify, out: out.toString() };
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
  const { certificate } = answer;
  const text = [`${parts.filter(Boolean).join(" ")}.`, certificate?.text, ...answer.notes].filter(Boolean).join(" ");
  const files = new Map([
    ["Open", answer.file],
    ["Open Manifest", answer.manifest],
    ...(certificate === undefined ? [] : [["Open Certificate", certificate.page] as const]),
  ]);
  const file = files.get((await window.showInformationMessage(text, ...files.keys())) ?? "");
  if (file !== undefined) await revealPlaceInEditor({ file });
}

function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
