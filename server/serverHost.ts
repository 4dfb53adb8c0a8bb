import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import { parseConfig } from "#core/config/parseConfig";
import { isTarget } from "#core/exporting/targets";
import type { Logger } from "#core/ports";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import type { ExportAnswer } from "#protocol/exporting";
import type { ExportRequest, LoadRequest, ServerHost } from "./lsp/serverHost";
import type { ServerStart } from "./lsp/server";
import { EndpointChat } from "./runtime/chat/endpointChat";
import { FileAnswerCache } from "./runtime/chat/fileAnswerCache";
import { sha256 } from "./runtime/hash";
import { writeAtomically } from "./runtime/store/atomicWrite";
import { findAuthor } from "./runtime/store/author";
import { loadConfigText } from "./runtime/store/configStore";
import { exportChoices, exportDataset } from "./runtime/store/exportDataset";
import { readAllLines } from "./runtime/store/fileSource";
import { loadDataset } from "./runtime/store/loadDataset";
import { FolderFiles } from "./runtime/store/homeFiles";
import { MarkStore } from "./runtime/store/markStore";
import { SuggestionStore } from "./runtime/store/suggestionStore";
import { findHome } from "./runtime/store/projectHome";
import { RowTables } from "./runtime/store/rowTable";
import { defaultCacheFolder } from "./runtime/vectors/cacheFolder";
import { TrainerClient } from "./runtime/training/trainerClient";
import { VectorClient } from "./runtime/vectors/vectorClient";

export interface ServerHostInput extends ServerStart {
  /** Folder of the bundles, with the vector process and the models. */
  readonly distFolder: string;
  readonly tool: string;
  readonly logger: Logger;
}

/** Gives the language server this machine: its files, its clock, its processes. */
export async function makeServerHost(input: ServerHostInput): Promise<ServerHost> {
  const { options, tool, logger } = input;
  const breathe = (): Promise<void> => nextTurn();
  const tables = new RowTables(breathe);
  const permit = options.trusted ? ok : onlyEmbeddedModel;
  const folders = input.workspaceFolders.flatMap((uri) => toPath(uri) ?? []);
  const author = await findAuthor({
    folder: folders[0] ?? process.cwd(),
    env: process.env,
    ...(options.author === null ? {} : { given: options.author }),
  });
  return {
    author,
    sha256,
    clock: now,
    stopwatch: () => performance.now() / 1000,
    breathe,
    logger,
    tool,
    newMarkId: randomUUID,
    newSalt: () => randomBytes(16).toString("hex"),
    later,
    toPath,
    toUri: (file) => pathToFileURL(file).href,
    createVectors: (textOf) =>
      new VectorClient({
        processFile: path.join(input.distFolder, "vectorProcess.cjs"),
        log: logger,
        settings: processSettings(input, folders),
        source: { kind: "texts", text: textOf },
      }),
    createTrainer: () =>
      new TrainerClient({ processFile: path.join(input.distFolder, "trainerProcess.cjs"), log: logger, background: true }),
    createEndpointChat: (access, timeout) => new EndpointChat({ ...access, timeout, logger }),
    openAnswerCache: () => new FileAnswerCache(options.cacheFolder ?? defaultCacheFolder(), logger),
    openHome: (homeFolder) => new FolderFiles(homeFolder),
    load: (request) => load(request, { tables, folders, permit }),
    permit,
    configFor,
    hasHome: async (file) => (await findHome(file)).exists,
    openMarkLog: (homeFolder) => new MarkStore({ home: { folder: homeFolder, base: path.dirname(homeFolder), exists: true }, author }),
    openSuggestionLog: (homeFolder) => new SuggestionStore({ homeFolder, author }),
    readLines: async (file) => {
      const read = await readAllLines(file);
      if (!read.ok) return read;
      const texts = read.value.lines.map(({ text }) => text.replace(/\r$/, ""));
      return ok(read.value.facts.finalNewline ? [...texts, ""] : texts);
    },
    writeNew: async (file, lines) => {
      const pieces = lines.map((line) => `${line}\n`);
      const written = await writeAtomically(file, pieces, { overwrite: false });
      return written.ok ? ok(null) : written;
    },
    exportFormats: exportChoices,
    runExport: (request) => runExport(request, tool),
  };
}

const now = (): string => new Date().toISOString();

function later(milliseconds: number, task: () => void): () => void {
  const timer = setTimeout(task, milliseconds);
  return () => {
    clearTimeout(timer);
  };
}

function toPath(uri: string): string | undefined {
  return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
}

function processSettings({ options, distFolder }: ServerHostInput, folders: readonly string[]) {
  return {
    modelsFolder: path.join(distFolder, "models"),
    cacheFolder: options.cacheFolder ?? defaultCacheFolder(),
    baseFolder: folders[0] ?? process.cwd(),
    background: true,
    ...(options.threads === null ? {} : { threads: options.threads }),
  };
}

interface LoadContext {
  readonly tables: RowTables;
  readonly folders: readonly string[];
  readonly permit: ServerHost["permit"];
}

async function load(request: LoadRequest, { tables, folders, permit }: LoadContext): Promise<Result<LoadedDataset>> {
  const folder = folders.find((candidate) => request.path === candidate || request.path.startsWith(candidate + path.sep));
  const { fallback, openRows } = request;
  return await loadDataset(request.path, {
    tables,
    fallback,
    openRows,
    ...(folder === undefined ? {} : { workspaceFolder: folder }),
    adjust: permit,
  });
}

/** A config file that came with somebody else's folder may not make this machine run or fetch a model. */
function onlyEmbeddedModel(config: Config): Result<Config> {
  const { model, sampler } = config;
  if (model.id !== defaultConfig.model.id) return err(untrusted("model", model.id, "use the embedded model"));
  const { kind, model: crossEncoder } = sampler.rescore;
  return kind === "cross_encoder"
    ? err(untrusted("cross-encoder", crossEncoder, 'set sampler.rescore.kind to "maxsim" or "none"'))
    : ok(config);
}

function untrusted(what: string, id: string, instead: string): Failure {
  return {
    reason: "unsupported",
    message: `The config file asks for the ${what} ${JSON.stringify(id)}, which is not loaded in a workspace that is not trusted.`,
    nextStep: `Trust the workspace, or ${instead}.`,
  };
}

async function configFor(file: string | undefined): Promise<Config> {
  if (file === undefined) return defaultConfig;
  const text = await loadConfigText(await findHome(file));
  const parsed = text.ok ? parseConfig(text.value ?? "{}") : text;
  return parsed.ok ? parsed.value : defaultConfig;
}

async function runExport(request: ExportRequest, tool: string): Promise<Result<ExportAnswer>> {
  const { format, out } = request;
  if (!isTarget(format)) {
    return err({
      reason: "bad-arguments",
      message: `${JSON.stringify(format)} is not a format to export.`,
      nextStep: "Choose one from the list.",
    });
  }
  const exported = await exportDataset({ ...request, format, out, overwrite: false, tool, clock: now });
  if (!exported.ok) return exported;
  const { file, manifest, counts, negatives, records, certificate, notes } = exported.value;
  return ok({
    file,
    manifest,
    records: records.records,
    unchanged: records.unchanged,
    negatives,
    promoted: counts.promoted,
    short: counts.short,
    ...(certificate === undefined ? {} : { certificate: { file: certificate.file, page: certificate.page, text: certificate.text } }),
    notes,
  });
}
