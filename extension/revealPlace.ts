import { Range, Uri, ViewColumn, commands, window } from "vscode";
import type { Place } from "#protocol/outcome";

/** Shows a place in the column that has its file, else in the first one. Goes through a command, which opens files over 50 MB too. */
export async function revealPlaceInEditor(place: Place): Promise<void> {
  const uri = placeUri(place);
  const shown = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const viewColumn = shown?.viewColumn ?? ViewColumn.One;
  const line = (place.line ?? 1) - 1;
  const selection = place.line === undefined ? {} : { selection: new Range(line, 0, line, 0) };
  await commands.executeCommand("vscode.open", uri, { viewColumn, preserveFocus: false, ...selection });
}

/** A place names its file by URI or by path; a one-letter scheme is a drive. */
function placeUri(place: Place): Uri {
  return /^[a-z][a-z0-9+.-]+:/iu.test(place.file) ? Uri.parse(place.file, true) : Uri.file(place.file);
}
