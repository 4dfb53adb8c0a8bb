import { Range, commands, window } from "vscode";
import type { Place } from "#protocol/outcome";
import { fileUri } from "./fileUri";
import { textColumn } from "./textColumn";

/** Shows a place in the column that has its file, else in one that shows text. Goes through a command, which opens files over 50 MB too. */
export async function revealPlaceInEditor(place: Place): Promise<void> {
  const uri = fileUri(place.file);
  const shown = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const viewColumn = shown?.viewColumn ?? textColumn();
  const line = (place.line ?? 1) - 1;
  const selection = place.line === undefined ? {} : { selection: new Range(line, 0, line, 0) };
  await commands.executeCommand("vscode.open", uri, { viewColumn, preserveFocus: false, ...selection });
}
