import { Range, WorkspaceEdit, workspace } from "vscode";
import type { Uri } from "vscode";
import { exists } from "./datasetUri";
import { minimalEdit } from "./minimalEdit";

/** The config file as VS Code has it, unsaved changes included; undefined where there is no file. Line ends are LF, without a BOM. */
export async function configText(uri: Uri): Promise<string | undefined> {
  if (!(await exists(uri))) return undefined;
  return withLf((await workspace.openTextDocument(uri)).getText());
}

/** Writes a config file through an edit that can be undone, and saves it. Answers whether VS Code did so. */
export async function writeConfig(uri: Uri, text: string): Promise<boolean> {
  const edit = new WorkspaceEdit();
  if (await exists(uri)) {
    const document = await workspace.openTextDocument(uri);
    const crlf = document.getText().includes("\r\n");
    const change = minimalEdit(document.getText(), crlf ? withLf(text).replaceAll("\n", "\r\n") : withLf(text));
    edit.replace(uri, new Range(document.positionAt(change.start), document.positionAt(change.end)), change.text);
    return (await workspace.applyEdit(edit)) && (await document.save());
  }
  edit.createFile(uri, { contents: Buffer.from(text, "utf8") });
  return await workspace.applyEdit(edit);
}

/** VS Code hides a byte order mark and may keep either line end; the server's texts are compared without both. */
export function withLf(text: string): string {
  return text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
}
