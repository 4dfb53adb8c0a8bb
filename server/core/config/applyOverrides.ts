import { getNodeValue } from "jsonc-parser";
import * as v from "valibot";
import type { Failure } from "../util/failure";
import { err, ok, type Result } from "../util/result";
import { withCompatDefaults } from "./compatDefaults";
import { type Config, configSchema } from "./config";
import { type ConfigIssue, issueInWords, issuePath } from "./issueInWords";
import { jsonTree } from "./jsonTree";
import { nearestName, type Setting, settings, slotAt } from "./settings";
import { parsePath, pathText, type SettingPath } from "./settingPath";
import { shapeFlaws } from "./shapeFlaws";

/**
 * The configuration with settings from a command line, each like `sampler.num_negatives=5`; later ones win. `written` is what the
 * configuration file holds (see `ConfigReading`), since what is neither there nor here takes its default only then: with
 * `sampler.compat` the defaults are others.
 */
export function applyOverrides(written: unknown, overrides: readonly string[]): Result<Config> {
  let changed: unknown = written;
  for (const override of overrides) {
    const next = applyOverride(changed, override);
    if (!next.ok) return next;
    changed = next.value;
  }
  const parsed = v.safeParse(configSchema, withCompatDefaults(changed));
  return parsed.success ? ok(parsed.output) : err(wrongValue(parsed.issues[0]));
}

function applyOverride(written: unknown, override: string): Result<unknown> {
  const equals = override.indexOf("=");
  if (equals === -1) {
    return refused(`"${override}" has no value.`, "Write it as name=value, for example sampler.num_negatives=5.");
  }
  const found = findSetting(override.slice(0, equals), written);
  if (!found.ok) return found;
  const value = valueOf(override.slice(equals + 1), found.value);
  return value.ok ? ok(withValue(written, found.value.path, value.value)) : value;
}

/** The setting of a name such as `sampler.seed`, or `sampler.mix[0].n` for an entry that is there. */
function findSetting(name: string, written: unknown): Result<Setting> {
  const names = settings().map(({ path }) => pathText(path));
  let path: SettingPath = [];
  let at: unknown = written;
  for (const part of parsePath(name)) {
    const slot = slotAt(path);
    if (slot?.kind === "setting" && slot.setting.isList) {
      if (!/^\d+$/u.test(part)) return refused(`${pathText(path)} is a list.`, `Name an entry by its place: ${pathText(path)}[0].`);
      const items: readonly unknown[] = Array.isArray(at) ? at : [];
      if (Number(part) >= items.length) return err(noSuchEntry(path, Number(part), items.length));
      path = [...path, Number(part)];
    } else {
      path = [...path, part];
    }
    at = typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[part] : undefined;
    if (slotAt(path) === undefined) return refused(`"${name}" is not a setting.`, hint(path, name, names));
  }
  const slot = slotAt(path);
  if (slot?.kind === "setting") return ok(slot.setting);
  const within = (slot?.names ?? []).map((key) => pathText([...path, key]));
  return refused(`"${name}" is a group of settings.`, `Set one of them: ${within.join(", ")}.`);
}

function noSuchEntry(path: SettingPath, index: number, length: number): Failure {
  const name = pathText(path);
  return {
    reason: "bad-arguments",
    message: `${name} has ${length === 0 ? "no entries" : length === 1 ? "one entry, [0]" : `entries [0] to [${String(length - 1)}]`}, so ${name}[${String(index)}] cannot be set.`,
    nextStep: `Set the whole list first, as JSON: ${name}=[...].`,
  };
}

function hint(path: SettingPath, name: string, names: readonly string[]): string {
  const within = path.slice(0, -1);
  const slot = slotAt(within);
  if (slot?.kind === "group" && within.some((part) => typeof part === "number")) {
    const nearest = nearestName(String(path.at(-1)), slot.names);
    return nearest === undefined ? `${pathText(within)} has ${slot.names.join(", ")}.` : `Did you mean ${pathText([...within, nearest])}?`;
  }
  // A setting may be named without the group it stands in.
  const nearest = names.find((known) => known.endsWith(`.${name}`)) ?? nearestName(name, names);
  return nearest === undefined ? `The settings are ${names.join(", ")}.` : `Did you mean ${nearest}?`;
}

/** JSON where it is JSON; a bare word where a text is expected. */
function valueOf(text: string, setting: Setting): Result<unknown> {
  if (setting.isList) return listOf(text, setting);
  if (setting.isText) return ok(text === "null" && setting.isNullable ? null : text);
  try {
    return ok(JSON.parse(text));
  } catch {
    return ok(text);
  }
}

/** Lists are read as the configuration file is, so that a key that is unknown or there twice is told as well. */
function listOf(text: string, setting: Setting): Result<unknown> {
  const name = pathText(setting.path);
  const parsed = jsonTree(text, `The value of ${name}`);
  if (!("tree" in parsed)) return refused(`${name} is ${JSON.stringify(text)}: ${parsed.message}`, `Write it as JSON: ${name}=[...].`);
  const [flaw] = shapeFlaws(parsed.tree, setting.path);
  return flaw === undefined ? ok(getNodeValue(parsed.tree)) : err({ reason: "bad-arguments", message: flaw.message });
}

function withValue(target: unknown, path: SettingPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === "number") {
    const items: readonly unknown[] = Array.isArray(target) ? target : [];
    return items.map((item, i) => (i === key ? withValue(item, rest, value) : item));
  }
  const own: Readonly<Record<string, unknown>> = typeof target === "object" && target !== null ? { ...target } : {};
  return { ...own, [key]: withValue(own[key], rest, value) };
}

function wrongValue(issue: ConfigIssue): Failure {
  const slot = slotAt(issuePath(issue));
  return {
    reason: "bad-arguments",
    message: issueInWords(issue),
    // What an entry of a list may hold is too much for a message.
    nextStep: slot?.kind === "setting" && !slot.setting.isList ? `Allowed is ${slot.setting.allowed}.` : "Correct the value.",
  };
}

function refused(message: string, nextStep: string): Result<never> {
  return err({ reason: "bad-arguments", message, nextStep });
}
