import path from "node:path";
import { detailLine } from "#core/exporting/detailLine";
import { exportNotes } from "#core/exporting/manifest";
import { mineForExport } from "#core/exporting/mineForExport";
import type { MinedSet } from "#core/exporting/mineForExport";
import { miningReport } from "#core/exporting/miningReport";
import { rowLayout } from "#core/exporting/rowLayout";
import { defaultTarget, isRowFormat } from "#core/exporting/targets";
import type { FolderFormat, TargetFormat } from "#core/exporting/targets";
import { gradientSettings } from "#core/gradients/gradientSettings";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { AtomicFile, writeAtomically } from "../runtime/store/atomicWrite";
import { noteFacts, refuseOutput, refuseScores, writeExport } from "../runtime/store/exportDataset";
import { rowContent, WritingStopped } from "../runtime/store/exportPieces";
import type { ExportSource } from "../runtime/store/exportPieces";
import type { MineArguments } from "./arguments";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { miningTables } from "./miningTables";
import { openMining } from "./openMining";
import type { OpenedMining } from "./openMining";
import { counted } from "./words";
import { inVectorsTime, stopOnCancel } from "./stopping";

/** `nearmiss mine`: prints the mined data set, or writes it; outputs of a former run are replaced. */
export async function mineCommand(args: MineArguments, host: CliHost): Promise<Result<number>> {
  const started = host.stopwatch();
  const opened = await openMining(args, host);
  if (!opened.ok) return opened;
  const stopWatching = stopOnCancel(opened.value.session, host.cancellation);
  try {
    return await mineOpened(args, host, { ...opened.value, started });
  } finally {
    stopWatching();
    await opened.value.session.dispose();
  }
}

interface Run extends OpenedMining {
  readonly started: number;
}

async function mineOpened(args: MineArguments, host: CliHost, run: Run): Promise<Result<number>> {
  const { dataset, session, started } = run;
  const format = args.format ?? defaultTarget(dataset.files[0]?.format ?? "flagembedding");
  const refused = (await refuseOutputs(args, format, dataset, host)) ?? refuseScores(session, format, args.negatives);
  if (refused !== undefined) return refused;
  const loaded = host.stopwatch();
  const ready = await inVectorsTime(session, host.cancellation);
  if (!ready.ok) return ready;
  const embedded = host.stopwatch();
  const mined = await mineWithDetail(args, host, run);
  if (!mined.ok) return mined;
  const minedAt = host.stopwatch();
  const source: ExportSource = {
    dataset,
    mined: mined.value,
    layout: rowLayout(session.config, args.negatives),
    negatives: args.negatives,
  };
  host.progress(args.out === undefined ? "" : `Writing ${args.out}`);
  const records =
    args.out === undefined ? await printRows(source, format, host) : await writeFile(source, format, path.resolve(host.cwd, args.out));
  if (!records.ok) return records;
  const now = host.stopwatch();
  if (args.report !== undefined) {
    const seconds = {
      load: loaded - started,
      embed: embedded - loaded,
      mine: minedAt - embedded,
      write: now - minedAt,
      total: now - started,
    };
    const written = await writeAtomically(path.resolve(host.cwd, args.report), [reportOf(session, mined.value, seconds)], {
      overwrite: true,
    });
    if (!written.ok) return written;
  }
  host.progress("");
  const { counts } = mined.value;
  for (const line of miningTables(mined.value)) host.tell(line);
  for (const note of exportNotes(noteFacts(source, format, records.value))) host.tell(note);
  host.tell(
    `${counted(counts.queries, "query", "queries")}, ${counted(counts.kept, "negative", "negatives")}, ${String(counts.short)} short; ${(now - started).toFixed(1)} s.`,
  );
  return ok(EXIT_OK);
}

function reportOf(session: DatasetSession, { counts, scores, collection }: MinedSet, seconds: Readonly<Record<string, number>>): string {
  const { model, index, embedded, cached } = session.status;
  return miningReport({
    counts,
    scores,
    documents: collection.documents.length,
    embedded,
    cached,
    seconds,
    seed: session.config.sampler.seed,
    configHash: session.configHash,
    model: model?.id ?? session.config.model.id,
    ...(index === undefined ? {} : { index }),
  });
}

async function mineWithDetail(args: MineArguments, host: CliHost, { session }: Run): ReturnType<typeof mineForExport> {
  const detail = args.detail === undefined ? undefined : await AtomicFile.open(path.resolve(host.cwd, args.detail), { overwrite: true });
  if (detail?.ok === false) return detail;
  const { collection, config } = session;
  const gradients = gradientSettings(config.training);
  try {
    const mined = await mineForExport(session, {
      cancellation: host.cancellation,
      negatives: args.negatives,
      wantsModel: detail !== undefined,
      onProgress: (done, total) => {
        host.progress(`Mining ${String(done)} of ${String(total)}`);
      },
      onQuery: async (query) => {
        const written = await detail?.value.write(`${detailLine(query, collection, gradients)}\n`);
        if (written?.ok === false) throw new WritingStopped(written.failure);
      },
    });
    if (!mined.ok) return mined;
    const committed = await detail?.value.commit();
    return committed?.ok === false ? committed : mined;
  } catch (error) {
    if (error instanceof WritingStopped) return err(error.failure);
    throw error;
  } finally {
    await detail?.value.close();
  }
}

async function printRows(source: ExportSource, format: TargetFormat, host: CliHost) {
  if (!isRowFormat(format)) return err(needsFolder(format));
  const content = rowContent(source, format);
  try {
    for await (const piece of content.pieces) await host.print(piece);
    return ok(content.counts);
  } catch (error) {
    if (error instanceof WritingStopped) return err(error.failure);
    throw error;
  }
}

async function writeFile(source: ExportSource, format: TargetFormat, out: string) {
  const written = await writeExport(source, { format, out, overwrite: true });
  return written.ok ? ok(written.value.content.counts) : written;
}

function needsFolder(format: FolderFormat): Failure {
  const message = `${format === "beir" ? "A BEIR data set" : "An export with margins"} is a folder and cannot be printed.`;
  return { reason: "bad-arguments", message, nextStep: "Name a new folder with --out." };
}

async function refuseOutputs(
  args: MineArguments,
  format: TargetFormat,
  dataset: LoadedDataset,
  host: CliHost,
): Promise<Result<never> | undefined> {
  if (!isRowFormat(format) && args.out === undefined) return err(needsFolder(format));
  const outputs = [
    ...(args.out === undefined ? [] : [{ out: args.out, format }]),
    ...[args.detail, args.report].flatMap((out) => (out === undefined ? [] : [{ out, format: "flagembedding" as const }])),
  ];
  const seen = new Set<string>();
  for (const { out, format: written } of outputs) {
    const absolute = path.resolve(host.cwd, out);
    if (seen.has(absolute))
      return err({ reason: "bad-arguments", message: `Two outputs have the name ${out}.`, nextStep: "Give each its own name." });
    seen.add(absolute);
    const refused = await refuseOutput({ out: absolute, format: written, overwrite: true, dataset });
    if (refused !== undefined) return refused;
  }
  return undefined;
}
