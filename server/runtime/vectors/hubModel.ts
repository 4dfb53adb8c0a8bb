import fs from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { ModelChoice } from "#core/ports";
import type { FailureReason } from "#core/util/failure";
import { err, ok, type Err, type Result } from "#core/util/result";
import { modelFiles, OPTIONAL_MODEL_FILES } from "./modelLayout";

const DEFAULT_HUB = "https://huggingface.co";

/**
 * The folder of a hub model, in the layout of @xenova/transformers' own cache. Files that are missing are fetched where the choice allows
 * it; $HF_ENDPOINT names another hub. `setting` is the one that holds the model's id.
 */
export async function fetchModel(
  choice: Pick<ModelChoice, "id" | "precision" | "allowDownload">,
  setting: string,
  cacheFolder: string | undefined,
): Promise<Result<string>> {
  if (cacheFolder === undefined)
    return failed(choice.id, "bad-model", "needs a cache folder to lie in.", "Set $NEARMISS_CACHE to a folder that can be written.");
  const folder = path.join(cacheFolder, "models", choice.id);
  const missing = await missingFiles(folder, choice.precision);
  if (missing.length === 0) return ok(folder);
  if (!choice.allowDownload) {
    return failed(
      choice.id,
      "bad-model",
      `is not on this machine (looked in ${folder}).`,
      `Set model.allow_download to true to fetch it, or set ${setting} to a folder that holds it.`,
    );
  }
  for (const file of [...OPTIONAL_MODEL_FILES, ...missing]) {
    const fetched = await fetchFile({ id: choice.id, setting }, file, path.join(folder, file));
    if (!fetched.ok) return fetched;
  }
  return ok(folder);
}

async function missingFiles(folder: string, precision: ModelChoice["precision"]): Promise<readonly string[]> {
  const files = modelFiles(precision);
  const there = await Promise.all(
    files.map((file) =>
      fs.stat(path.join(folder, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, i) => there[i] === false);
}

async function fetchFile(
  { id, setting }: { readonly id: string; readonly setting: string },
  file: string,
  target: string,
): Promise<Result<void>> {
  const hub = process.env["HF_ENDPOINT"] ?? DEFAULT_HUB;
  const address = `${hub.replace(/\/$/, "")}/${id}/resolve/main/${file}`;
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    return failed(
      id,
      "bad-model",
      `cannot be fetched: ${networkReason(error)} (${address}).`,
      `Check the network, or set ${setting} to a folder on this machine.`,
    );
  }
  if (response.status === 404 && OPTIONAL_MODEL_FILES.includes(file)) return ok(undefined);
  if (!response.ok || response.body === null) {
    const nextStep = `Check ${setting}; the model must have files in the Xenova layout (tokenizer.json and onnx/).`;
    return failed(id, "bad-model", `cannot be fetched: ${address} answers ${String(response.status)} ${response.statusText}.`, nextStep);
  }
  const draft = `${target}.${String(process.pid)}.tmp`;
  try {
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.writeFile(draft, Readable.fromWeb(response.body));
    await fs.rename(draft, target);
    return ok(undefined);
  } catch (error) {
    await fs.rm(draft, { force: true });
    return failed(
      id,
      "disk",
      `cannot be stored: ${(error as Error).message}.`,
      "Free some space or check the folder's rights, then try again.",
    );
  }
}

/** fetch hides the reason, "getaddrinfo ENOTFOUND ..." for one, in the cause. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

function failed(id: string, reason: FailureReason, what: string, nextStep: string): Err {
  return err({ reason, message: `The model "${id}" ${what}`, nextStep });
}
