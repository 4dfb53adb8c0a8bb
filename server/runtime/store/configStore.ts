import { readFile } from "node:fs/promises";
import path from "node:path";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { errorCode, ioFailure } from "./ioFailure";
import type { ProjectHome } from "./projectHome";

export function configFile(home: ProjectHome): string {
  return path.join(home.folder, "config.json");
}

/** The text of `.nearmiss/config.json`, or undefined where there is none. Nothing here ever writes it. */
export async function loadConfigText(home: ProjectHome): Promise<Result<string | undefined>> {
  const loaded = await loadText(configFile(home));
  return !loaded.ok && loaded.failure.reason === "missing-file" ? ok(undefined) : loaded;
}

/** A small text file in UTF-8, whole, without a byte order mark. */
export async function loadText(file: string): Promise<Result<string>> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)));
  } catch (error) {
    if (error instanceof TypeError && errorCode(error) === undefined) {
      return err({ reason: "bad-encoding", message: "The file is not UTF-8.", nextStep: "Save it as UTF-8.", place: { file } });
    }
    return err(ioFailure(error, file, "read"));
  }
}
