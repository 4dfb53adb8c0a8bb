import path from "node:path";
import { adapterNames, readAdapter, readAdapterFolder, requireEncoder } from "#core/adapter/adapterFiles";
import type { LoadedAdapter } from "#core/adapter/adapterFiles";
import type { Config } from "#core/config/config";
import { comparison, meanMeasures } from "#core/evaluation/comparison";
import type { RankingMeasures } from "#core/evaluation/rankingMeasures";
import { heldOut, measureHeldOut } from "#core/learning/heldOut";
import type { HeldOut } from "#core/learning/heldOut";
import { positivesOfQueries } from "#core/learning/splitOf";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { itemAt } from "#core/util/itemAt";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { FolderFiles } from "../runtime/store/homeFiles";
import type { EvaluateArguments } from "./arguments";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { evaluationJson, evaluationTable } from "./evaluateReport";
import type { Evaluation } from "./evaluateReport";
import { openMining } from "./openMining";
import type { OpenedMining } from "./openMining";
import { shownPath } from "./shownPath";
import { inVectorsTime, stopOnCancel } from "./stopping";
import { testPart, trainedNotes } from "./trainedQueries";
import { counted } from "./words";

/** `nearmiss evaluate`: how well the encoder finds the positives, and beside it how well it does with an adapter. */
export async function evaluateCommand(args: EvaluateArguments, host: CliHost): Promise<Result<number>> {
  const opened = await openMining(args, host);
  if (!opened.ok) return opened;
  const stopWatching = stopOnCancel(opened.value.session, host.cancellation);
  try {
    const evaluated = await evaluateOpened(args, host, opened.value);
    if (!evaluated.ok) return evaluated;
    host.progress("");
    if (args.json) for (const note of evaluated.value.notes) host.tell(note);
    await host.print(args.json ? evaluationJson(evaluated.value) : evaluationTable(evaluated.value));
    return ok(EXIT_OK);
  } finally {
    stopWatching();
    await opened.value.session.dispose();
  }
}

async function evaluateOpened(args: EvaluateArguments, host: CliHost, { dataset, session }: OpenedMining): Promise<Result<Evaluation>> {
  const named = await namedAdapter(args, host, dataset);
  if (!named.ok) return named;
  await session.setConfig(encoderAlone(session.config));
  const queries = queriesToMeasure(args, dataset, session, named.value);
  if (!queries.ok) return queries;
  const { held, notes } = queries.value;
  const ready = await inVectorsTime(session, host.cancellation);
  if (!ready.ok) return ready;
  const fits = named.value === undefined ? ok(null) : fitsEncoder(named.value, session);
  if (!fits.ok) return fits;
  const frozen = await measured(session, held, undefined, host);
  if (!frozen.ok) return frozen;
  const adapted = named.value === undefined ? ok(undefined) : await measuredUnder(session, held, named.value, host);
  if (!adapted.ok) return adapted;
  const { seed } = session.config.training;
  return ok({
    tool: host.tool,
    dataset: path.basename(dataset.path),
    model: session.status.encoder?.id ?? session.config.model.id,
    documents: session.collection.documents.length,
    queries: held.queries.length,
    seed,
    isHeldOut: args.heldOut,
    notes,
    frozen: meanMeasures(frozen.value),
    ...(named.value === undefined || adapted.value === undefined
      ? {}
      : { adapter: { name: named.value.name, card: named.value.card }, comparison: comparison(frozen.value, adapted.value, { seed }) }),
  });
}

interface NamedAdapter extends LoadedAdapter {
  readonly name: string;
  /** Its folder as messages name it. */
  readonly shown: string;
}

/** The adapter of `--adapter`, a folder where it has a slash in it; else the one in use; undefined where there is neither. */
async function namedAdapter(args: EvaluateArguments, host: CliHost, dataset: LoadedDataset): Promise<Result<NamedAdapter | undefined>> {
  const name = args.adapter ?? dataset.config.model.adapter;
  if (name === null) return ok(undefined);
  if (args.adapter !== undefined && /[/\\]|^\.{1,2}$/.test(name)) {
    const folder = path.resolve(host.cwd, name);
    const [base, shown] = [path.basename(folder), shownPath(folder, host.cwd)];
    const read = await readAdapterFolder({ files: new FolderFiles(path.dirname(folder)), folder: base, shown });
    return read.ok ? ok({ ...read.value, name: base, shown }) : read;
  }
  const home = new FolderFiles(dataset.homeFolder);
  const read = await readAdapter(home, name);
  if (read.ok) return ok({ ...read.value, name, shown: `.nearmiss/adapters/${name}` });
  if (args.adapter === undefined || read.failure.reason !== "missing-file") return read;
  const names = await adapterNames(home);
  if (!names.ok) return names;
  const others = names.value.length === 0 ? "" : `one of ${names.value.join(", ")}, or `;
  return err({ ...read.failure, nextStep: `Name ${others}the folder of an adapter with a slash in it, such as ./${name}.` });
}

/** Frozen and adapted vectors are searched alike, exactly where the configuration leaves the choice. */
function encoderAlone(config: Config): Config {
  const kind = config.index.kind === "auto" ? "exact" : config.index.kind;
  return { ...config, model: { ...config.model, adapter: null }, index: { ...config.index, kind } };
}

function queriesToMeasure(
  args: EvaluateArguments,
  dataset: LoadedDataset,
  session: DatasetSession,
  adapter: NamedAdapter | undefined,
): Result<{ readonly held: HeldOut; readonly notes: readonly string[] }> {
  if (args.heldOut) return testPart(dataset, session, adapter?.card);
  const { collection } = session;
  const positives = positivesOfQueries(session);
  const judged = positives.flatMap((own, query) => (own.length === 0 ? [] : [query]));
  const held = heldOut(collection, judged, (query) => itemAt(positives, query));
  const without = collection.queries.length - held.queries.length;
  if (held.queries.length === 0) {
    const message = "No query has a positive that can be found, so there is nothing to measure.";
    return err({
      reason: "bad-arguments",
      message,
      nextStep: "Add positives, or name the qrels with --split.",
      place: { file: dataset.path },
    });
  }
  const notes =
    without === 0 ? [] : [`${counted(without, "query is", "queries are")} left out: no positive that can be found, or marked bad.`];
  return ok({ held, notes: adapter === undefined ? notes : [...notes, ...trainedNotes(dataset, session, adapter.card)] });
}

function fitsEncoder({ card, shown }: NamedAdapter, { status }: DatasetSession): Result<null> {
  return status.encoder === undefined ? ok(null) : requireEncoder(card, status.encoder, shown);
}

async function measuredUnder(
  session: DatasetSession,
  held: HeldOut,
  { name, adapter }: NamedAdapter,
  host: CliHost,
): Promise<Result<readonly RankingMeasures[]>> {
  const holding = await session.trials.hold(name, adapter);
  return holding.ok ? measured(session, held, name, host) : holding;
}

function measured(
  session: DatasetSession,
  held: HeldOut,
  adapter: string | undefined,
  host: CliHost,
): Promise<Result<readonly RankingMeasures[]>> {
  const model = adapter === undefined ? "the encoder" : "the adapter";
  return measureHeldOut(session.trials, held, adapter, {
    cancellation: host.cancellation,
    onProgress: (done) => {
      host.progress(`Searching with ${model}: ${String(done)} of ${String(held.queries.length)}`);
    },
  });
}
