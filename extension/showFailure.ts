import { window } from "vscode";
import type { Failure, Outcome, Place } from "#protocol/outcome";
import { revealPlaceInEditor } from "./revealPlace";

/** The value of an outcome; undefined when it is a failure, which is then shown. */
export function valueOrShow<T>(outcome: Outcome<T>): T | undefined {
  if (outcome.ok) return outcome.value;
  // Not waited for: the message may stay up long after the command has ended.
  void showFailure(outcome.failure);
  return undefined;
}

export async function showFailure(failure: Failure): Promise<void> {
  const { place, message, nextStep } = failure;
  const text = [place && `${nameOf(place)}:`, message, nextStep].filter((part) => part !== undefined).join(" ");
  const choice = await window.showErrorMessage(text, ...(place === undefined ? [] : ["Show File"]));
  if (choice !== undefined && place !== undefined) await revealPlaceInEditor(place);
}

/** File name and line, as compilers write them. */
function nameOf({ file, line }: Place): string {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return line === undefined ? name : `${name}:${line}`;
}
