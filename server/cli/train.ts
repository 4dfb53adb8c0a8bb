import path from "node:path";
import { Learning } from "#core/learning/learning";
import type { RunProgress } from "#core/learning/runProgress";
import type { RoundRecord, RunRecord, RunState } from "#core/learning/runRecord";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { FolderFiles } from "../runtime/store/homeFiles";
import type { TrainArguments } from "./arguments";
import { EXIT_BAD_INPUT, EXIT_OK, EXIT_STOPPED } from "./cliHost";
import type { CliHost } from "./cliHost";
import { comparisonTable } from "./evaluateReport";
import { aligned } from "./miningTables";
import { openMining } from "./openMining";
import type { OpenedMining } from "./openMining";
import { shownPath } from "./shownPath";
import { printable } from "./words";

const POLL_MS = 100;

/** A run that failed in the middle has kept what it had learnt, and yet a script must know. */
const EXITS: Readonly<Record<RunState, number>> = {
  running: EXIT_STOPPED,
  finished: EXIT_OK,
  stopped: EXIT_STOPPED,
  failed: EXIT_BAD_INPUT,
};

/** `nearmiss train`: a training run with its rounds, its adapter, and the comparison with the frozen encoder. */
export async function trainCommand(args: TrainArguments, host: CliHost): Promise<Result<number>> {
  const opened = await openMining(args, host);
  if (!opened.ok) return opened;
  const learning = newLearning(opened.value, host);
  const stopWatching = stopOnInterrupt(learning, host);
  try {
    await withoutAdapter(opened.value);
    const started = await learning.start(args.resume);
    if (!started.ok) return started;
    const ended = await learning.ended();
    if (ended?.ok !== true) return ended ?? ok(EXIT_OK);
    host.progress("");
    await host.print(args.json ? `${JSON.stringify(ended.value, undefined, 2)}\n` : report(ended.value, opened.value, host));
    return ok(EXITS[ended.value.state]);
  } finally {
    stopWatching();
    await learning.dispose();
    await opened.value.session.dispose();
  }
}

function newLearning({ session, dataset }: OpenedMining, host: CliHost): Learning {
  const learning: Learning = new Learning({
    session,
    home: new FolderFiles(dataset.homeFolder),
    createTrainer: host.createTrainer,
    clock: host.clock,
    stopwatch: host.stopwatch,
    sha256,
    logger: (level, message) => {
      if (level === "warn" || level === "error") host.tell(message);
    },
    tool: host.tool,
    dataset: path.basename(dataset.path),
    changed: () => {
      const { progress } = learning;
      if (progress !== undefined) host.progress(inWords(progress));
    },
  });
  return learning;
}

/** A run begins from the encoder as it is. So one whose adapter in use is broken or gone can be trained anew. */
async function withoutAdapter({ session }: OpenedMining): Promise<void> {
  const { config } = session;
  await session.setConfig({ ...config, model: { ...config.model, adapter: null } });
}

/** Ctrl+C ends the run as the panel's button does: what was learnt is measured and kept. */
function stopOnInterrupt(learning: Learning, host: CliHost): () => void {
  const timer = setInterval(() => {
    if (!host.cancellation.requested) return;
    clearInterval(timer);
    host.tell("Stopping after this batch; press Ctrl+C again to end at once.");
    void learning.stop();
  }, POLL_MS);
  return () => {
    clearInterval(timer);
  };
}

function inWords({ phase, round, epoch, step, totalSteps, done, total, losses, validations }: RunProgress): string {
  const parts = [
    `Round ${String(round)}`,
    phase === "training"
      ? `epoch ${String(epoch)}, step ${String(step)} of ${String(totalSteps)}`
      : `${phase}${total > 0 ? ` ${String(done)} of ${String(total)}` : ""}`,
    ...(losses.length === 0 ? [] : [`loss ${(losses.at(-1)?.loss ?? 0).toFixed(3)}`]),
    ...(validations.length === 0 ? [] : [`validation nDCG@10 ${(validations.at(-1)?.ndcg ?? 0).toFixed(4)}`]),
  ];
  return parts.join(", ");
}

function report(record: RunRecord, { dataset }: OpenedMining, host: CliHost): string {
  const { name, state, checkpoint, ending, trainQueries, validationQueries, testQueries, comparison, adapter, seconds } = record;
  const { taughtQueries = 0 } = record;
  const lines = [
    `Run ${name}: ${ending ?? ""} ${String(seconds)} s.`,
    `Queries: ${String(trainQueries)} to learn from, ${String(validationQueries)} to stop by, ${String(testQueries)} to compare on.`,
    ...(taughtQueries === 0 ? [] : [`Of those to learn from, ${String(taughtQueries)} with a teacher made of what language models said.`]),
    "",
    ...roundTable(record.rounds),
    ...(comparison === undefined ? [] : ["", ...comparisonTable(comparison)]),
    "",
    ...(adapter === undefined
      ? ["No adapter was made."]
      : [
          `Adapter: ${shownPath(path.join(dataset.homeFolder, "adapters", adapter), host.cwd)}`,
          `It is not in use. To use it: "model": { "adapter": ${JSON.stringify(adapter)} } in ${shownPath(dataset.configFile, host.cwd)}.`,
        ]),
    ...(state === "finished" || checkpoint === undefined
      ? []
      : [`It can go on: add --resume ${name} to the same command, with the data and the settings as they are.`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function roundTable(rounds: readonly RoundRecord[]): readonly string[] {
  const cells = rounds.map(({ round, steps, added, dropped, kept, hardness, overlap, markedShare, falseNegatives, loss, ndcg }) => [
    steps === 0 ? "after" : String(round),
    ...[steps, added, dropped, kept].map(String),
    ...[hardness, overlap, markedShare, falseNegatives].map((value) => decimal(value, 3)),
    decimal(loss, 3),
    decimal(ndcg, 4),
  ]);
  return aligned([["Round", "Steps", "Added", "Dropped", "Kept", "Hardness", "Overlap", "Marked", "FN est.", "Loss", "nDCG@10"], ...cells]);
}

function decimal(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}
