import { FileType, TabInputCustom, TabInputText, TabInputTextDiff, Uri, window, workspace } from "vscode";

/** The files that make a folder a data set in BEIR form, beside `qrels/*.tsv`. */
const beirFiles = ["corpus.jsonl", "queries.jsonl"] as const;

/** The data set that a file or folder belongs to: for the parts of a BEIR folder the folder, else the file itself. */
export async function datasetOf(uri: Uri): Promise<Uri> {
  if (uri.path.endsWith(".tsv")) return await beirFolderOr(Uri.joinPath(uri, "..", ".."), uri);
  if (beirFiles.some((name) => uri.path.endsWith(`/${name}`))) return await beirFolderOr(Uri.joinPath(uri, ".."), uri);
  return uri;
}

/** Whether a file can be one of a data set, by its name. */
export function isTrainingFile(file: Uri): boolean {
  return /\.(?:jsonl|ndjson)$/iu.test(file.path);
}

/**
 * What the person looks at. Taken from the tab, since VS Code shows files over 50 MB to the person but gives extensions no document for
 * them.
 */
export function activeFile(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText || input instanceof TabInputCustom) return input.uri;
  if (input instanceof TabInputTextDiff) return input.modified;
  return window.activeTextEditor?.document.uri;
}

async function beirFolderOr(folder: Uri, otherwise: Uri): Promise<Uri> {
  const parts = [...beirFiles.map((name) => Uri.joinPath(folder, name)), Uri.joinPath(folder, "qrels")];
  const present = await Promise.all(parts.map(exists));
  return present.every(Boolean) ? folder : otherwise;
}

/** False also for what cannot be looked at: the server says why when it is asked to open it. */
export async function exists(uri: Uri): Promise<boolean> {
  return await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

export async function isFolder(uri: Uri): Promise<boolean> {
  return await workspace.fs.stat(uri).then(
    (stat) => (stat.type & FileType.Directory) !== 0,
    () => false,
  );
}
