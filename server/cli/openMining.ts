import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { readMarkFiles } from "#core/marks/readMarkFiles";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { readSuggestionFiles } from "#core/suggestions/readSuggestionFiles";
import { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { loadDataset } from "../runtime/store/loadDataset";
import { FolderFiles } from "../runtime/store/homeFiles";
import { MarkStore } from "../runtime/store/markStore";
import { SuggestionStore } from "../runtime/store/suggestionStore";
import { RowTables } from "../runtime/store/rowTable";
import type { MiningArguments } from "./arguments";
import type { CliHost, OwnVectors } from "./cliHost";
import { matchOwnVectors } from "./ownVectors";
import { shownPath } from "./shownPath";

/** A data set that is read, with its marks, ready to be mined. To be disposed of at the end. */
export interface OpenedMining {
  readonly dataset: LoadedDataset;
  readonly session: DatasetSession;
}

/**
 * Reads what `mine` and `export` work on. Embeds nothing yet.
 *
 * @param searchAdvanced told of how far a search for the candidates of the whole file is
 */
export async function openMining(args: MiningArguments, host: CliHost, searchAdvanced?: () => void): Promise<Result<OpenedMining>> {
  const at = (file: string): string => path.resolve(host.cwd, file);
  host.progress(`Reading ${args.dataset}`);
  const loaded = await loadDataset(at(args.dataset), {
    tables: new RowTables(() => nextTurn()),
    overrides: args.settings,
    ...(args.config === undefined ? {} : { configFile: at(args.config) }),
    ...(args.corpus === undefined ? {} : { corpus: at(args.corpus) }),
  });
  if (!loaded.ok) return err(correctConfig(loaded.failure));
  const dataset = loaded.value;
  tellProblems(dataset, host);
  const marks = await readMarks(dataset, host);
  if (!marks.ok) return marks;
  const suggestions = await readSuggestions(dataset, host);
  if (!suggestions.ok) return suggestions;
  const own = ownVectors(args, dataset, host);
  if (!own.ok) return own;
  const session = newSession(host, {
    dataset,
    own: own.value,
    baseFolder: args.settings.some((setting) => setting.startsWith("model.id=")) ? host.cwd : dataset.homeBase,
    ...(searchAdvanced === undefined ? {} : { searchAdvanced }),
  });
  await session.setConfig(dataset.config);
  await session.setData(dataset.input);
  session.setMarks(marks.value);
  session.setSuggestions(suggestions.value);
  tellUnresolved(session, dataset, host);
  return ok({ dataset, session });
}

/** A terminal has no last good configuration to go on with. */
export function correctConfig(failure: Failure): Failure {
  return failure.reason === "bad-config" ? { ...failure, nextStep: "Correct the configuration." } : failure;
}

/** Everyone's verdicts of a data set's project. Lines that cannot be used are told. */
export async function readMarks(dataset: LoadedDataset, host: CliHost): Promise<Result<FoldedMarks>> {
  const store = new MarkStore({ home: { folder: dataset.homeFolder, base: dataset.homeBase, exists: true }, author: "" });
  const files = await store.loadAll();
  if (!files.ok) return files;
  const { folded, problems } = readMarkFiles(files.value);
  for (const { file, line, message } of problems) host.tell(`${shownPath(file, host.cwd)}:${String(line)}: ${message}`);
  return ok(folded);
}

/** What language models said, for the false-negative model. Lines that cannot be used are told. */
async function readSuggestions(dataset: LoadedDataset, host: CliHost): Promise<Result<Suggestions>> {
  const files = await new SuggestionStore({ homeFolder: dataset.homeFolder, author: "" }).loadAll();
  if (!files.ok) return files;
  const { suggestions, problems } = readSuggestionFiles(files.value);
  for (const { place, message } of problems) host.tell(`${shownPath(place.file, host.cwd)}:${String(place.line)}: ${message}`);
  return ok(new FoldedSuggestions(suggestions));
}

interface SessionParts {
  readonly dataset: LoadedDataset;
  readonly own: OwnVectors | undefined;
  readonly baseFolder: string;
  readonly searchAdvanced?: () => void;
}

function newSession(host: CliHost, { dataset, own, baseFolder, searchAdvanced }: SessionParts): DatasetSession {
  const session: DatasetSession = new DatasetSession(
    {
      author: "",
      sha256,
      stopwatch: host.stopwatch,
      logger: (level, message) => {
        if (level === "warn" || level === "error") host.tell(message);
      },
      breathe: () => nextTurn(),
      home: new FolderFiles(dataset.homeFolder),
      createVectors: (textOf) => host.createVectors({ textOf, baseFolder, ...(own === undefined ? {} : { own }) }),
    },
    {
      revised: () => undefined,
      ...(searchAdvanced === undefined ? {} : { previewAdvanced: searchAdvanced }),
      statusChanged: () => {
        const { phase, done, total } = session.status;
        if (phase === "embedding" && total > 0) host.progress(`Embedding ${String(done)} of ${String(total)}`);
        if (phase === "indexing") host.progress("Indexing");
      },
    },
  );
  return session;
}

function ownVectors(args: MiningArguments, dataset: LoadedDataset, host: CliHost): Result<OwnVectors | undefined> {
  const { queryVectors, corpusVectors } = args;
  if (queryVectors === undefined || corpusVectors === undefined) return ok(undefined);
  return matchOwnVectors(dataset, { query: path.resolve(host.cwd, queryVectors), document: path.resolve(host.cwd, corpusVectors) });
}

function tellProblems(dataset: LoadedDataset, host: CliHost): void {
  for (const { path: file, problems } of dataset.files) {
    if (problems === 0) continue;
    const name = shownPath(file, host.cwd);
    host.tell(`${name}: ${String(problems)} ${problems === 1 ? "problem" : "problems"}; the rest is used. See "nearmiss check ${name}".`);
  }
  for (const { line, message } of dataset.qrels?.content.problems ?? [])
    host.tell(`${shownPath(dataset.qrels?.path ?? "", host.cwd)}:${String(line + 1)}: ${message}`);
}

/** Judgements that point nowhere, named by the first one. */
function tellUnresolved(session: DatasetSession, dataset: LoadedDataset, host: CliHost): void {
  const { unresolved } = session.collection;
  const [first] = unresolved;
  const judgement = first === undefined ? undefined : dataset.input.qrels?.[first.qrel];
  if (first === undefined || judgement === undefined || dataset.qrels === undefined) return;
  const what = first.missing === "document" ? `document "${judgement.document}"` : `query "${judgement.query}"`;
  const name = shownPath(dataset.qrels.path, host.cwd);
  const rows = unresolved.length === 1 ? "1 row points" : `${String(unresolved.length)} rows point`;
  host.tell(
    `${name}: ${rows} nowhere, such as the one that names ${what}; the others are used. See "nearmiss check ${shownPath(dataset.path, host.cwd)}".`,
  );
}
