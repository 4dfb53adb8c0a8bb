import { Uri, window, workspace } from "vscode";
import type { SaveImageParams } from "#protocol/host";
import { isFolder } from "../datasetUri";

const kinds: Readonly<Record<SaveImageParams["type"], string>> = { svg: "SVG picture", png: "PNG picture" };

/** Writes a picture of the panel to a file that the person chooses; answers whether it was written. */
export async function saveImageFile({ dataset, name, type, data }: SaveImageParams): Promise<boolean> {
  const file = await pickFile(Uri.parse(dataset, true), `${name}.${type}`, type);
  if (file === undefined) return false;
  const bytes = Buffer.from(data, type === "png" ? "base64" : "utf8");
  try {
    await workspace.fs.writeFile(file, bytes);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(`${file.fsPath} could not be written: ${why} Choose another folder, then save the picture again.`);
    return false;
  }
}

async function pickFile(dataset: Uri, suggested: string, type: SaveImageParams["type"]): Promise<Uri | undefined> {
  const folder = (await isFolder(dataset)) ? dataset : Uri.joinPath(dataset, "..");
  return await window.showSaveDialog({
    title: "Save Picture",
    saveLabel: "Save",
    defaultUri: Uri.joinPath(folder, suggested),
    filters: { [kinds[type]]: [type] },
  });
}
