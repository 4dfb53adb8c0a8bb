import path from "node:path";
import { checkPlan } from "#core/batches/checkPlan";
import type { NamedRow } from "#core/batches/checkPlan";
import type { Collection } from "#core/collection/collection";
import { idFromKey } from "#core/collection/textKey";
import type { DatasetSession } from "#core/session/datasetSession";
import { itemAt } from "#core/util/itemAt";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { readAllLines } from "../runtime/store/fileSource";
import { EXIT_FINDINGS, EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { shownPath } from "./shownPath";
import { counted } from "./words";

/** `nearmiss batches --check`: what breaks the rules on standard output, one a line. Answers 1 where there is any. */
export async function checkBatches(
  plan: string,
  { collection, config }: DatasetSession,
  rows: readonly NamedRow[],
  host: CliHost,
): Promise<Result<number>> {
  const file = path.resolve(host.cwd, plan);
  const read = await readAllLines(file, { cancellation: host.cancellation });
  if (!read.ok) return read;
  const nameOf = (group: number): string => documentName(collection, group);
  const texts = read.value.lines.map(({ text }) => text);
  const { violations, batches, epochs } = checkPlan(texts, rows, config.training, nameOf);
  const name = shownPath(file, host.cwd);
  if (batches === 0 && violations.length === 0) {
    return err({
      reason: "bad-arguments",
      message: "The plan has no batches.",
      nextStep: 'Make one with "nearmiss batches".',
      place: { file },
    });
  }
  await host.print(violations.map(({ line, message }) => `${name}:${String(line)}: ${message}\n`).join(""));
  for (const { epoch, leftOut } of epochs) {
    if (leftOut > 0) host.tell(`Epoch ${String(epoch)} leaves out ${counted(leftOut, "query", "queries")} of the data.`);
  }
  host.tell(
    `${counted(batches, "batch", "batches")} in ${counted(epochs.length, "epoch", "epochs")} checked, ${counted(violations.length, "violation", "violations")}.`,
  );
  return ok(violations.length > 0 ? EXIT_FINDINGS : EXIT_OK);
}

/** The id that the data give a document, or where they give none the beginning of its text. */
function documentName({ documents, groups, groupKeys }: Collection, group: number): string {
  const { id, text } = itemAt(documents, groups[group]?.[0] ?? -1);
  return id === idFromKey(groupKeys[group] ?? "") ? text.slice(0, LONGEST_NAME) : id;
}

/** In UTF-16 units: enough to know a passage by. */
const LONGEST_NAME = 60;
