import type { Failure } from "#core/util/failure";

/** Turns an error of the file system into a failure; anything else is a bug and goes on being thrown. */
export function ioFailure(error: unknown, file: string, doing: "read" | "write"): Failure {
  const code = errorCode(error);
  if (code === undefined) throw error;
  const place = { file };
  const verb = doing === "read" ? "read" : "written";
  switch (code) {
    case "ENOENT":
      return doing === "read"
        ? { reason: "missing-file", message: "There is no such file or folder.", nextStep: "Check the path.", place }
        : { reason: "disk", message: "The folder it should be written to does not exist.", nextStep: "Create the folder first.", place };
    case "EISDIR":
      return { reason: "bad-arguments", message: "This is a folder, where a file is needed.", nextStep: "Name a file in it.", place };
    case "ENOTDIR":
      return { reason: "bad-arguments", message: "A part of this path is a file, not a folder.", nextStep: "Check the path.", place };
    case "EEXIST":
      return { reason: "disk", message: "A file stands where a folder is needed.", nextStep: "Move that file away.", place };
    case "EACCES":
    case "EPERM":
      return {
        reason: "disk",
        message: `It cannot be ${verb}: permission denied.`,
        nextStep: "Change its permissions, or use another place.",
        place,
      };
    case "EROFS":
      return { reason: "disk", message: "It cannot be written: the file system is read-only.", nextStep: "Use another place.", place };
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return { reason: "disk", message: `It cannot be written: ${fullDisk[code]}.`, nextStep: "Free some space, then try again.", place };
    default:
      return {
        reason: "disk",
        message: `It cannot be ${verb}: the system answered ${code}.`,
        nextStep: "Check the disk, then try again.",
        place,
      };
  }
}

const fullDisk = {
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than allowed",
} as const;

/** The system's code of a file system error ("ENOENT"), or undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { readonly code?: unknown };
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
