import { Uri, window } from "vscode";
import { activeFile, datasetOf } from "../datasetUri";
import type { Services } from "./services";

/** What a command is about. */
export interface Target {
  readonly dataset: Uri;
  /** 1-based line of the training file. */
  readonly line?: number;
}

/**
 * The data set that a command was called for: named by a CodeLens or status item, the resource of a menu, the panel in front, or the file
 * in front with its cursor. Undefined, after telling the person, where there is none.
 */
export async function targetOf(services: Services, argument: unknown): Promise<Target | undefined> {
  if (argument instanceof Uri) return await withCursor(argument);
  const named = await namedTarget(argument);
  if (named !== undefined) return named;
  const panel = services.panels.active;
  if (panel !== undefined) return { dataset: panel.dataset };
  const file = activeFile();
  if (file !== undefined && /\.(?:jsonl|ndjson|tsv)$/iu.test(file.path)) return await withCursor(file);
  void window.showInformationMessage("Open a .jsonl training set first, or choose one in the Explorer's context menu.");
  return undefined;
}

/** The server's lenses name the file they stand in, which may be a part of a folder in BEIR form. */
async function namedTarget(argument: unknown): Promise<Target | undefined> {
  if (typeof argument !== "object" || argument === null || !("dataset" in argument) || typeof argument.dataset !== "string")
    return undefined;
  const dataset = await datasetOf(Uri.parse(argument.dataset, true));
  return "line" in argument && typeof argument.line === "number" ? { dataset, line: argument.line } : { dataset };
}

async function withCursor(file: Uri): Promise<Target> {
  const dataset = await datasetOf(file);
  const editor = window.activeTextEditor;
  return editor?.document.uri.toString() === file.toString() ? { dataset, line: editor.selection.active.line + 1 } : { dataset };
}
