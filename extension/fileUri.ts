import { Uri } from "vscode";

/** The server names files by URI or by path; a one-letter scheme is a drive. */
export function fileUri(file: string): Uri {
  return /^[a-z][a-z0-9+.-]+:/iu.test(file) ? Uri.parse(file, true) : Uri.file(file);
}
