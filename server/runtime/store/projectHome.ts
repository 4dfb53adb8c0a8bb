import { stat } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "./ioFailure";

export const HOME_NAME = ".nearmiss";

/** The folder `.nearmiss`, with the configuration and the marks of the data sets at or below its parent. */
export interface ProjectHome {
  /** Absolute path of `.nearmiss` itself. */
  readonly folder: string;
  /** Absolute path of the folder that holds it: what relative paths in the configuration start from. */
  readonly base: string;
  /** False where it would be made with the first mark. */
  readonly exists: boolean;
}

/**
 * The nearest `.nearmiss` at or above the data set. Where there is none, the place where it would be made: the workspace folder if
 * one is given and holds the data set, else the data set's own folder. Makes nothing.
 */
export async function findHome(dataset: string, workspaceFolder?: string): Promise<ProjectHome> {
  const start = await folderOf(path.resolve(dataset));
  for (let base = start; ; base = path.dirname(base)) {
    if (await isFolder(path.join(base, HOME_NAME))) return { folder: path.join(base, HOME_NAME), base, exists: true };
    if (path.dirname(base) === base) break;
  }
  const base = workspaceFolder !== undefined && holds(workspaceFolder, start) ? path.resolve(workspaceFolder) : start;
  return { folder: path.join(base, HOME_NAME), base, exists: false };
}

/** A BEIR folder is its own folder; the `qrels` folder of one belongs to the folder above. */
async function folderOf(dataset: string): Promise<string> {
  const folder = (await isFolder(dataset)) ? dataset : path.dirname(dataset);
  return path.basename(folder) === "qrels" ? path.dirname(folder) : folder;
}

function holds(folder: string, inner: string): boolean {
  const way = path.relative(path.resolve(folder), inner);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
}

/** False also for what cannot be looked at; whoever opens it will say why. */
export async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

export async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
