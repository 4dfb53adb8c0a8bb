import path from "node:path";
import type { NamedRow } from "#core/batches/checkPlan";
import { planEpoch } from "#core/batches/planEpoch";
import type { Batches } from "#core/batches/batchRow";
import { planLine } from "#core/batches/planFile";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { itemAt } from "#core/util/itemAt";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { writeAtomically } from "../runtime/store/atomicWrite";
import { refuseOutput } from "../runtime/store/exportDataset";
import type { BatchesArguments } from "./arguments";
import { batchRows } from "./batchRows";
import { checkBatches } from "./batchesCheck";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { openMining } from "./openMining";
import type { OpenedMining } from "./openMining";
import { stopOnCancel } from "./stopping";
import { counted } from "./words";

/** `nearmiss batches`: plans which queries are trained on together, and prints the plan or writes it; with `--check`, checks one. */
export async function batchesCommand(args: BatchesArguments, host: CliHost): Promise<Result<number>> {
  const opened = await openMining(args, host);
  if (!opened.ok) return opened;
  const { session } = opened.value;
  const stopWatching = stopOnCancel(session, host.cancellation);
  try {
    return await planOrCheck(args, opened.value, host);
  } finally {
    stopWatching();
    await session.dispose();
  }
}

async function planOrCheck(args: BatchesArguments, { dataset, session }: OpenedMining, host: CliHost): Promise<Result<number>> {
  const out = args.out === undefined ? undefined : path.resolve(host.cwd, args.out);
  const refused = out === undefined ? undefined : await refuseOutput({ out, format: "flagembedding", overwrite: true, dataset });
  if (refused !== undefined) return refused;
  const rows = await batchRows(args, session, host);
  if (!rows.ok) return rows;
  host.progress("");
  return args.check === undefined
    ? await writePlan(rows.value, { settings: session.config.training, epochs: args.epochs, out }, host)
    : await checkBatches(args.check, session, rows.value, host);
}

interface PlanOrder {
  readonly settings: TrainingConfig;
  readonly epochs: number;
  readonly out: string | undefined;
}

async function writePlan(rows: readonly NamedRow[], { settings, epochs, out }: PlanOrder, host: CliHost): Promise<Result<number>> {
  const usable = rows.filter(({ unusable }) => unusable === undefined);
  if (usable.length === 0) {
    return err({
      reason: "bad-arguments",
      message: "There is no query to train on: none has a positive in force.",
      nextStep: 'See what "nearmiss check" finds in the data set.',
    });
  }
  const plans = Array.from({ length: epochs }, (_, i) => planEpoch(usable, settings, settings.seed, i + 1));
  const lines = plans.flatMap((batches, i) => planLines(batches, usable, { epoch: i + 1, blended: settings.batches.blended }));
  if (out === undefined) await host.print(lines.join(""));
  const written = out === undefined ? ok(null) : await writeAtomically(out, lines, { overwrite: true });
  if (!written.ok) return written;
  tellLeftOut(rows, host);
  tellTasks(usable, settings, host);
  for (const [i, batches] of plans.entries()) host.tell(`Epoch ${String(i + 1)}: ${epochInWords(batches, usable, settings)}.`);
  return ok(EXIT_OK);
}

function planLines(
  batches: Batches,
  rows: readonly NamedRow[],
  { epoch, blended }: { readonly epoch: number; readonly blended: boolean },
): readonly string[] {
  return batches.map((batch, at) => {
    const members = batch.map((position) => itemAt(rows, position));
    const line = planLine({
      epoch,
      batch: at + 1,
      ...(blended ? {} : { task: members[0]?.task ?? "" }),
      rows: members.map(({ id }) => id),
      lines: members.map((row) => row.lines[0] ?? 0),
    });
    return `${line}\n`;
  });
}

/** Queries that are not trained on, by why. */
function tellLeftOut(rows: readonly NamedRow[], host: CliHost): void {
  const reasons = countBy(rows.flatMap(({ unusable }) => unusable ?? []));
  for (const [reason, count] of reasons) host.tell(`${counted(count, "query is", "queries are")} left out: ${reason}.`);
}

function tellTasks(rows: readonly NamedRow[], { batches }: TrainingConfig, host: CliHost): void {
  if (batches.blended) return;
  const tasks = countBy(rows.map(({ task }) => task));
  const without = tasks.get("");
  if (batches.task !== "file" && without !== undefined) {
    const theirs = without === 1 ? "its" : "their";
    host.tell(`${counted(without, "query has", "queries have")} no field ${JSON.stringify(batches.task)}; ${theirs} task is "".`);
  }
  const named = [...tasks].slice(0, MOST_TASKS).map(([task, count]) => `${JSON.stringify(task)} ${String(count)}`);
  const more = tasks.size > MOST_TASKS ? `, and ${String(tasks.size - MOST_TASKS)} more` : "";
  host.tell(`${counted(tasks.size, "task", "tasks")}, with their queries: ${named.join(", ")}${more}.`);
}

/** More names than this would not be read. */
const MOST_TASKS = 10;

function epochInWords(batches: Batches, rows: readonly NamedRow[], { batch_size: size }: TrainingConfig): string {
  const placed = batches.reduce((sum, batch) => sum + batch.length, 0);
  const full = batches.filter((batch) => batch.length === size).length;
  const alone = batches.filter((batch) => batch.length === 1).length;
  const missing = rows.length - placed;
  return [
    `${counted(batches.length, "batch", "batches")} of ${counted(placed, "query", "queries")}, ${String(full)} of them full`,
    ...(alone === 0 ? [] : [`${counted(alone, "query is", "queries are")} alone in a batch, without in-batch negatives`]),
    ...(missing === 0 ? [] : [`round_robin leaves ${counted(missing, "query", "queries")} of larger tasks out`]),
  ].join("; ");
}

/** How often each value stands in a list, in order of appearance. */
function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
