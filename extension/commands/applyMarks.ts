import path from "node:path";
import { Range, WorkspaceEdit, commands, window, workspace } from "vscode";
import type { TextDocument, Uri, WorkspaceEditEntryMetadata } from "vscode";
import { marksAsEdits } from "#protocol/edits";
import type { EditRange, MarksAsEdits, MarksEdit } from "#protocol/edits";
import { valueOrShow } from "../showFailure";
import { textColumn } from "../textColumn";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Shows what the marks change in the training file as edits of its text, in VS Code's preview. One undo takes back what the person applied; nothing is saved. */
export const applyMarks: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const document = await openText(target.dataset);
  const answer = document && valueOrShow(await services.client.request(marksAsEdits, { dataset: target.dataset.toString() }));
  if (document === undefined || answer === undefined) return;
  if (answer.edits.length === 0) {
    void window.showInformationMessage(answer.text);
  } else if (document.version !== answer.version) {
    void window.showWarningMessage("The text changed while its edits were made. Apply the marks again.");
  } else {
    // Refused by VS Code where the text changes while the preview is open.
    const isApplied = await workspace.applyEdit(workspaceEdit(document.uri, answer));
    if (isApplied && document.version !== answer.version) await offerUndo(document);
  }
};

/**
 * Says that the text has changed. Where VS Code (1.139) cannot open its preview, as happens now and then soon after its start, it applies edits
 * that ask for confirmation at once: a person who saw no preview must see this.
 */
async function offerUndo(document: TextDocument): Promise<void> {
  const { version } = document;
  const file = path.posix.basename(document.uri.path);
  const choice = await window.showInformationMessage(`The marks are applied to ${file}, as one step that can be undone.`, "Undo");
  if (choice === undefined) return;
  if (document.isClosed || document.version !== version) {
    void window.showWarningMessage(`${file} was changed or closed after the marks were applied. Undo in its editor, step by step.`);
  } else if ((await openText(document.uri)) !== undefined) {
    // Acts on the editor in front.
    await commands.executeCommand("undo");
  }
}

/** The training file as VS Code's text, opened in an editor, so that the server follows it and the person sees what changes. */
async function openText(dataset: Uri): Promise<TextDocument | undefined> {
  try {
    const document = await workspace.openTextDocument(dataset);
    const shown = window.visibleTextEditors.find((editor) => editor.document === document);
    await window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? textColumn() });
    return document;
  } catch (error) {
    const reason = error instanceof Error ? ` ${error.message}` : "";
    void window.showErrorMessage(`The marks are applied to a training file that is open as text.${reason} Export the curated set instead.`);
    return undefined;
  }
}

/** Every edit asks for confirmation, so that VS Code shows all of them first; each kind can be ticked as a whole. */
function workspaceEdit(uri: Uri, { edits, text }: MarksAsEdits): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { range, text: newText, kind } of edits) edit.replace(uri, rangeOf(range), newText, { ...metadata[kind], description: text });
  return edit;
}

const metadata: Readonly<Record<MarksEdit["kind"], WorkspaceEditEntryMetadata>> = {
  rewrite: { needsConfirmation: true, label: "Marks: passages of records" },
  add: { needsConfirmation: true, label: "Marks: records of promoted positives" },
  remove: { needsConfirmation: true, label: "Marks: records left out" },
};

function rangeOf({ start, end }: EditRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
