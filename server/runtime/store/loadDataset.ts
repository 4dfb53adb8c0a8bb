import type { CollectionInput, CollectionRow, FileRole, Qrel } from "#core/collection/buildCollection";
import { applyOverrides } from "#core/config/applyOverrides";
import { parseConfig } from "#core/config/parseConfig";
import { readConfig } from "#core/config/readConfig";
import type { Config } from "#core/config/config";
import { parseQrels } from "#core/formats/qrels";
import type { LoadedDataset, LoadedFile, QrelsFile } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { configFile, loadConfigText, loadText } from "./configStore";
import { findDataset } from "./datasetFiles";
import type { DatasetFiles } from "./datasetFiles";
import { readAllLines } from "./fileSource";
import { findHome } from "./projectHome";
import type { ProjectHome } from "./projectHome";
import type { ReadTableOptions, RowTables } from "./rowTable";

export interface LoadOptions {
  readonly tables: RowTables;
  /** In force where the config file is broken; without it a broken config file is a failure. */
  readonly fallback?: Config;
  /** Settings of a command line, which go before those of the config file: see `applyOverrides`. */
  readonly overrides?: readonly string[];
  /** Has the last word on the configuration after it was read, and may refuse it. */
  readonly adjust?: (config: Config) => Result<Config>;
  /** A config file to use instead of the project's. */
  readonly configFile?: string;
  /** A corpus file asked for by path; goes before the configuration. */
  readonly corpus?: string;
  readonly workspaceFolder?: string;
  /** Rows of files that are open in an editor, whose texts go before those on disk. */
  readonly openRows?: (file: string) => { readonly rows: Iterable<CollectionRow>; readonly problems: number } | undefined;
}

/** Finds and reads a data set: its configuration, its records, its corpus and its judgements. */
export async function loadDataset(named: string, options: LoadOptions): Promise<Result<LoadedDataset>> {
  const home = await findHome(named, options.workspaceFolder);
  const configured = await configuration(home, options);
  if (!configured.ok) return configured;
  const { config } = configured.value;
  const files = await findDataset(named, {
    home,
    configCorpus: config.data.corpus,
    split: config.data.split,
    ...(options.corpus === undefined ? {} : { corpus: options.corpus }),
  });
  if (!files.ok) return files;
  const loaded = await loadFiles(files.value, config, options);
  if (!loaded.ok) return loaded;
  const { qrels, judgements } = loaded.value;
  const input: CollectionInput = {
    files: loaded.value.files.map(({ path, role, rows }) => ({ name: path, role, rows })),
    ...(judgements === undefined ? {} : { qrels: judgements }),
  };
  return ok({
    path: files.value.path,
    kind: files.value.kind,
    queryFile: files.value.kind === "beir" ? files.value.queries : files.value.file,
    files: loaded.value.files,
    ...(qrels === undefined ? {} : { qrels }),
    input,
    ...configured.value,
    homeFolder: home.folder,
    homeBase: home.base,
  });
}

type Configured = Pick<LoadedDataset, "config" | "configFile" | "configText" | "configFailure">;

async function configuration(home: ProjectHome, options: LoadOptions): Promise<Result<Configured>> {
  const file = options.configFile ?? configFile(home);
  const text = options.configFile === undefined ? await loadConfigText(home) : await loadText(options.configFile);
  if (!text.ok) return text;
  const parsed = parseConfig(text.value ?? "{}");
  const readable = parsed.ok ? ok(parsed.value) : options.fallback === undefined ? parsed : ok(options.fallback);
  if (!readable.ok) return err(placed(readable.failure, file));
  const { overrides = [] } = options;
  const chosen = parsed.ok && overrides.length > 0 ? applyOverrides(readConfig(text.value ?? "{}").written, overrides) : readable;
  if (!chosen.ok) return chosen;
  const adjusted = options.adjust === undefined ? chosen : options.adjust(chosen.value);
  if (!adjusted.ok) return adjusted;
  return ok({
    config: adjusted.value,
    configFile: file,
    ...(text.value === undefined ? {} : { configText: text.value }),
    ...(parsed.ok ? {} : { configFailure: placed(parsed.failure, file) }),
  });
}

interface LoadedFiles {
  readonly files: readonly LoadedFile[];
  readonly qrels?: QrelsFile;
  readonly judgements?: readonly Qrel[];
}

async function loadFiles(files: DatasetFiles, config: Config, options: LoadOptions): Promise<Result<LoadedFiles>> {
  if (files.kind === "file") {
    const training = await loadFile(files.file, "training", { format: config.data.format }, options);
    if (!training.ok) return training;
    if (training.value.format === "corpus" && config.data.format === "auto") return err(noQueries(files.file));
    if (files.corpus === undefined) return ok({ files: [training.value] });
    const corpus = await loadFile(files.corpus, "corpus", { format: "auto", joinTitles: training.value.format === "tevatron" }, options);
    return corpus.ok ? ok({ files: [training.value, corpus.value] }) : corpus;
  }
  const queries = await loadFile(files.queries, "queries", { format: "queries" }, options);
  if (!queries.ok) return queries;
  const corpus = await loadFile(files.corpus, "corpus", { format: "beir" }, options);
  if (!corpus.ok) return corpus;
  const qrels = await readAllLines(files.qrels);
  if (!qrels.ok) return qrels;
  const content = parseQrels(qrels.value.lines.map(({ text }) => text));
  return ok({
    files: [queries.value, corpus.value],
    qrels: {
      path: files.qrels,
      split: files.split,
      splits: files.splits,
      content,
      bytes: qrels.value.facts.bytes,
      sha256: qrels.value.facts.sha256,
    },
    judgements: content.rows.map(({ queryId, docId, score }) => ({ query: queryId, document: docId, score })),
  });
}

async function loadFile(file: string, role: FileRole, reading: ReadTableOptions, options: LoadOptions): Promise<Result<LoadedFile>> {
  const table = await options.tables.read(file, reading);
  if (!table.ok) return table;
  const { format: found, facts } = table.value;
  const open = options.openRows?.(file);
  return ok({
    path: file,
    role,
    format: found.id,
    formatLabel: found.label,
    rows: open?.rows ?? table.value.rows,
    problems: open?.problems ?? table.value.problems,
    open: open !== undefined,
    bytes: facts.bytes,
    sha256: facts.sha256,
  });
}

function noQueries(file: string): Failure {
  return {
    reason: "unknown-format",
    message: "This file is a corpus: its records are passages without queries.",
    nextStep:
      'Open the training set that mines from it, or the folder if it is part of a data set in BEIR form, and name this file under "data.corpus".',
    place: { file },
  };
}

function placed(failure: Failure, file: string): Failure {
  return failure.place === undefined ? { ...failure, place: { file } } : { ...failure, place: { ...failure.place, file } };
}
