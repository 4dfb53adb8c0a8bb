import * as v from "valibot";
import { err, ok, type Result } from "../util/result";
import { type Config, configSchema } from "./config";
import { issueInWords } from "./readConfig";
import { nearestName, type Setting, settings } from "./settings";

/** The configuration with settings from a command line, each like `sampler.num_negatives=5`; later ones win. */
export function applyOverrides(config: Config, overrides: readonly string[]): Result<Config> {
  const known = new Map(settings().map((setting) => [setting.path.join("."), setting]));
  let changed: unknown = config;
  for (const override of overrides) {
    const equals = override.indexOf("=");
    if (equals === -1) {
      return err({
        reason: "bad-arguments",
        message: `"${override}" has no value.`,
        nextStep: "Write it as name=value, for example sampler.num_negatives=5.",
      });
    }
    const name = override.slice(0, equals);
    const setting = known.get(name);
    if (setting === undefined) {
      return err({ reason: "bad-arguments", message: `"${name}" is not a setting.`, nextStep: hint(name, [...known.keys()]) });
    }
    changed = withValue(changed, setting.path, valueOf(override.slice(equals + 1), setting));
  }
  const parsed = v.safeParse(configSchema, changed);
  if (parsed.success) {
    return ok(parsed.output);
  }
  const [issue] = parsed.issues;
  const path = (issue.path ?? []).map((item) => String(item.key)).join(".");
  const allowed = known.get(path)?.allowed;
  return err({
    reason: "bad-arguments",
    message: issueInWords(issue),
    nextStep: allowed === undefined ? "Correct the value." : `Allowed is ${allowed}.`,
  });
}

function hint(name: string, names: readonly string[]): string {
  // A setting may be named without the group it stands in.
  const nearest = names.find((known) => known.endsWith(`.${name}`)) ?? nearestName(name, names);
  return nearest === undefined ? `The settings are ${names.join(", ")}.` : `Did you mean ${nearest}?`;
}

/** JSON where it is JSON; a bare word where a text is expected. */
function valueOf(text: string, setting: Setting): unknown {
  if (setting.isText) {
    return text === "null" && setting.isNullable ? null : text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value;
  }
  const own: Readonly<Record<string, unknown>> = typeof target === "object" && target !== null ? { ...target } : {};
  return { ...own, [key]: withValue(own[key], rest, value) };
}
