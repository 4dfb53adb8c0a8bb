import { err, ok, type Result } from "../util/result";
import type { Config } from "./config";
import { readConfig } from "./readConfig";

/** How the file is named in failures, until its reader puts in its path. */
const fileName = ".nearmiss/config.json";

/**
 * The configuration with every default filled in, or a failure that names the first problem and its place. A configuration is in force as
 * a whole or not at all: the caller goes on with the last good one. All problems: `readConfig`.
 */
export function parseConfig(text: string): Result<Config> {
  const { config, problems } = readConfig(text);
  if (config !== undefined) {
    return ok(config);
  }
  const [first] = problems;
  const others = problems.length > 1 ? ` (${String(problems.length - 1)} more in the file)` : "";
  return err({
    reason: "bad-config",
    message: `${first?.message ?? "The configuration cannot be read."}${others}`,
    nextStep: "Correct the configuration; until then the last good one stays in force.",
    ...(first === undefined ? {} : { place: { file: fileName, line: first.line } }),
  });
}
