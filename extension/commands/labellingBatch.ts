import { ProgressLocation, Uri, window } from "vscode";
import type { CancellationToken } from "vscode";
import type { ChatModelRef } from "#protocol/chat";
import { labellingState, readLabellingBatch, writeLabellingBatch } from "#protocol/labelling";
import type { LabellingTask, ReadBatch, WrittenBatch } from "#protocol/labelling";
import { isFolder } from "../datasetUri";
import { nameProblem } from "../languageModels/modelChoices";
import { revealPlaceInEditor } from "../revealPlace";
import { valueOrShow } from "../showFailure";
import { readText, writtenText } from "./labellingBatchText";
import type { Command, Services } from "./services";
import { targetOf } from "./target";

const WRITE_TITLE = "Write Language Model Questions as a Batch File";
const READ_TITLE = "Read Answers of a Batch File";
const filters = { "JSON Lines": ["jsonl"] };

/** Writes the questions of a run as a file for a batch service. Nothing is sent anywhere. */
export const writeBatch: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const { dataset } = target;
  const task = await pickTask();
  const queries = task && (await askQueries(services, dataset));
  if (task === undefined || queries === undefined) return;
  const model = await askModelName();
  const file = model && (await pickNewFile(dataset, task));
  if (model === undefined || file === undefined) return;
  const params = { dataset: dataset.toString(), task, model, queries, file: file.toString() };
  const written = await withCancel("Writing the questions", async (token) =>
    valueOrShow(await services.client.request(writeLabellingBatch, params, token)),
  );
  if (written !== undefined) await reportWritten(written);
};

/** Takes in the answers that a batch service gave. */
export const readBatch: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const { dataset } = target;
  const options = { title: READ_TITLE, openLabel: "Read", defaultUri: await folderOf(dataset), filters };
  const [file] = (await window.showOpenDialog(options)) ?? [];
  if (file === undefined) return;
  const params = { dataset: dataset.toString(), file: file.toString() };
  const read = await withCancel("Reading the answers", async (token) =>
    valueOrShow(await services.client.request(readLabellingBatch, params, token)),
  );
  if (read !== undefined) await reportRead(services, dataset, read);
};

async function pickTask(): Promise<LabellingTask | undefined> {
  const items = [
    { label: "Judge candidates", detail: "Which candidates are relevant to their query.", task: "judge" },
    { label: "Answer and attribute", detail: "Which passages an answer rests on: the weights of a teacher.", task: "answer" },
  ] as const;
  return (await window.showQuickPick(items, { title: WRITE_TITLE, placeHolder: "What to ask", ignoreFocusOut: true }))?.task;
}

async function askQueries(services: Services, dataset: Uri): Promise<number | undefined> {
  const state = valueOrShow(await services.client.request(labellingState, { dataset: dataset.toString() }));
  if (state === undefined) return undefined;
  const typed = await window.showInputBox({
    title: WRITE_TITLE,
    prompt: "Queries to ask about, at most, in harvest order",
    value: String(state.queries),
    ignoreFocusOut: true,
    validateInput: (text) => (/^[1-9]\d{0,8}$/u.test(text.trim()) ? undefined : "Type a whole number of at least 1."),
  });
  return typed === undefined ? undefined : Number(typed.trim());
}

/** Answers are found again by the model's name: a run asks the same model for what the batch has left open. */
async function askModelName(): Promise<ChatModelRef | undefined> {
  const name = await window.showInputBox({
    title: WRITE_TITLE,
    prompt: "The model's name at the service that answers the batch. Choose a model of the same name for the run that uses the answers.",
    ignoreFocusOut: true,
    validateInput: nameProblem,
  });
  if (name === undefined) return undefined;
  return { provider: "endpoint", id: name.trim(), label: name.trim(), offeredBy: "the service that answers the batch" };
}

async function pickNewFile(dataset: Uri, task: LabellingTask): Promise<Uri | undefined> {
  const defaultUri = Uri.joinPath(await folderOf(dataset), `batch-${task}.jsonl`);
  return await window.showSaveDialog({ title: WRITE_TITLE, saveLabel: "Write", defaultUri, filters });
}

async function folderOf(dataset: Uri): Promise<Uri> {
  return (await isFolder(dataset)) ? dataset : Uri.joinPath(dataset, "..");
}

/** Undefined where the person cancelled, which the server answers by a rejection. */
async function withCancel<T>(title: string, work: (token: CancellationToken) => Promise<T>): Promise<T | undefined> {
  return await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    try {
      return await work(token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  });
}

async function reportWritten(written: WrittenBatch): Promise<void> {
  const choice = await window.showInformationMessage(writtenText(written), "Open");
  if (choice !== undefined) await revealPlaceInEditor({ file: written.file });
}

/** What was taken in becomes second opinions by a run, which the person starts. */
async function reportRead({ panels }: Services, dataset: Uri, read: ReadBatch): Promise<void> {
  const show = read.problems.length > 0 ? window.showWarningMessage : window.showInformationMessage;
  const choice = await show(readText(read), ...(read.answers > 0 ? ["Show Second Opinions"] : []));
  if (choice !== undefined) panels.carryOut(dataset, "show_opinions");
}
