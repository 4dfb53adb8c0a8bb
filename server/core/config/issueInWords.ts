import type * as v from "valibot";
import type { configSchema } from "./config";
import { pathText, type SettingPath } from "./settingPath";

export type ConfigIssue = v.InferIssue<typeof configSchema>;

/** A problem of a parsed value in one sentence, in whichever way the value was given. */
export function issueInWords(issue: ConfigIssue): string {
  const path = issuePath(issue);
  const name = pathText(path);
  if (isMissingKey(issue)) {
    return `${pathText(path.slice(0, -1))} lacks "${String(path.at(-1))}".`;
  }
  return name === "" ? `The configuration ${issue.message}.` : `${name} is ${shownValue(valueAt(issue))}, but ${issue.message}.`;
}

/** Of these the schema reports one in each object; `shapeFlaws` reports all. */
export function isUnknownKey(issue: ConfigIssue): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}

export function issuePath(issue: ConfigIssue): SettingPath {
  return (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
}

/** Of an object that lacks a key the schema tells the key as what it expects. */
function isMissingKey(issue: ConfigIssue): boolean {
  return issue.type === "strict_object" && issue.expected !== "never" && issue.expected !== "Object";
}

/** The value at the end of the issue's path, since a check across two settings has their object as its input. */
function valueAt(issue: ConfigIssue): unknown {
  return issue.path?.at(-1)?.value;
}

function shownValue(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
