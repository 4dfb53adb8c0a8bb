import path from "node:path";

/** A path as a person in this folder would write it. */
export function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return !path.isAbsolute(file) || relative === "" || relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
