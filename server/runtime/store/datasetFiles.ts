import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { ioFailure } from "./ioFailure";
import { isFile, isFolder } from "./projectHome";
import type { ProjectHome } from "./projectHome";

/** A training set in one file, with the corpus to mine from where there is one. All paths are absolute. */
export interface FileDataset {
  readonly kind: "file";
  /** What names the data set: the file. */
  readonly path: string;
  readonly file: string;
  readonly corpus?: string;
}

/** A training set as a folder in BEIR form. All paths are absolute. */
export interface BeirDataset {
  readonly kind: "beir";
  /** What names the data set: the folder. */
  readonly path: string;
  readonly queries: string;
  readonly corpus: string;
  readonly qrels: string;
  readonly split: string;
  /** All splits there are, sorted. */
  readonly splits: readonly string[];
}

export type DatasetFiles = FileDataset | BeirDataset;

export interface DatasetChoice {
  readonly home: ProjectHome;
  /** `data.corpus` of the configuration, relative to the folder that holds `.nearmiss`. */
  readonly configCorpus?: string | null;
  /** `data.split` of the configuration, or the split asked for on the command line. */
  readonly split?: string | null;
  /** A corpus file asked for by path; goes before everything else. */
  readonly corpus?: string;
}

/** Order in which a split is chosen where nobody named one. */
const PREFERRED_SPLITS = ["train", "dev", "test"] as const;

/** Finds the files of a data set from the path a person named: a data file, a BEIR folder, or any file of a BEIR folder. */
export async function findDataset(named: string, choice: DatasetChoice): Promise<Result<DatasetFiles>> {
  const absolute = path.resolve(named);
  let folder: boolean;
  try {
    folder = (await stat(absolute)).isDirectory();
  } catch (error) {
    return err(ioFailure(error, named, "read"));
  }
  if (folder) return findBeir(absolute, named, choice);
  const inside = await beirFolderAround(absolute);
  if (inside !== undefined) {
    const split = splitOf(absolute);
    return findBeir(inside, named, split === undefined || typeof choice.split === "string" ? choice : { ...choice, split });
  }
  return findFileDataset(absolute, named, choice);
}

async function findFileDataset(file: string, named: string, choice: DatasetChoice): Promise<Result<FileDataset>> {
  if (/\.tsv(\.gz)?$/i.test(file)) {
    return err({
      reason: "unknown-format",
      message: "This is a tab-separated file, where JSON Lines are needed.",
      nextStep: "Name a .jsonl file, or the folder in BEIR form that the qrels belong to.",
      place: { file: named },
    });
  }
  const corpus = await corpusFor(file, path.dirname(file), choice);
  if (!corpus.ok) return corpus;
  return ok({ kind: "file", path: file, file, ...(corpus.value === undefined ? {} : { corpus: corpus.value }) });
}

async function findBeir(folder: string, named: string, choice: DatasetChoice): Promise<Result<BeirDataset>> {
  const queries = await plainOrGzip(path.join(folder, "queries.jsonl"));
  const corpus = await corpusFor(undefined, folder, choice);
  if (!corpus.ok) return corpus;
  const splits = await listSplits(folder);
  const missing = [
    ...(queries === undefined ? ["queries.jsonl"] : []),
    ...(corpus.value === undefined ? ["corpus.jsonl"] : []),
    ...(splits.size === 0 ? ["qrels/*.tsv"] : []),
  ];
  if (queries === undefined || corpus.value === undefined || splits.size === 0) {
    return err({
      reason: "unknown-format",
      message: `The folder is not a data set in BEIR form: it lacks ${missing.join(" and ")}.`,
      nextStep: "Name a .jsonl file, or a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv.",
      place: { file: named },
    });
  }
  const split = chooseSplit([...splits.keys()], choice.split, named);
  if (!split.ok) return split;
  return ok({
    kind: "beir",
    path: folder,
    queries,
    corpus: corpus.value,
    qrels: splits.get(split.value) ?? "",
    split: split.value,
    splits: [...splits.keys()],
  });
}

function chooseSplit(splits: readonly string[], wanted: string | null | undefined, named: string): Result<string> {
  const place = { file: named };
  const choices = `The splits are ${splits.map((name) => `"${name}"`).join(", ")}.`;
  if (typeof wanted === "string") {
    if (splits.includes(wanted)) return ok(wanted);
    return err({
      reason: "bad-arguments",
      message: `There is no split "${wanted}" (qrels/${wanted}.tsv). ${choices}`,
      nextStep: 'Choose one with "data.split" or --split.',
      place,
    });
  }
  const preferred = preferredSplit(splits);
  if (preferred !== undefined) return ok(preferred);
  return err({
    reason: "bad-arguments",
    message: `The folder has several splits and none is called train, dev or test. ${choices}`,
    nextStep: 'Choose one with "data.split" or --split.',
    place,
  });
}

/** The split that is read where none is named; undefined where one has to be. */
export function preferredSplit(splits: readonly string[]): string | undefined {
  return PREFERRED_SPLITS.find((name) => splits.includes(name)) ?? (splits.length === 1 ? splits[0] : undefined);
}

/** Splits of a BEIR folder by name, sorted; `train.tsv` goes before `train.tsv.gz`. */
async function listSplits(folder: string): Promise<ReadonlyMap<string, string>> {
  const qrels = path.join(folder, "qrels");
  if (!(await isFolder(qrels))) return new Map();
  const splits = new Map<string, string>();
  for (const name of (await readdir(qrels)).sort()) {
    const split = splitOf(path.join(qrels, name));
    if (split !== undefined && !splits.has(split)) splits.set(split, path.join(qrels, name));
  }
  return splits;
}

function splitOf(file: string): string | undefined {
  const match = /^(.+?)\.tsv(\.gz)?$/i.exec(path.basename(file));
  return path.basename(path.dirname(file)) === "qrels" ? match?.[1] : undefined;
}

/** The BEIR folder that a file is a part of: as its corpus, its queries or one of its qrels. */
async function beirFolderAround(file: string): Promise<string | undefined> {
  const folder = splitOf(file) !== undefined ? path.dirname(path.dirname(file)) : path.dirname(file);
  const part = splitOf(file) !== undefined || /^(corpus|queries)\.jsonl(\.gz)?$/.test(path.basename(file));
  if (!part) return undefined;
  const whole = await Promise.all([plainOrGzip(path.join(folder, "queries.jsonl")), plainOrGzip(path.join(folder, "corpus.jsonl"))]);
  return whole.every((found) => found !== undefined) && (await listSplits(folder)).size > 0 ? folder : undefined;
}

/** By path if asked for, else as configured, else `corpus.jsonl` beside the data. The training file itself is never its corpus. */
async function corpusFor(file: string | undefined, folder: string, choice: DatasetChoice): Promise<Result<string | undefined>> {
  if (choice.corpus !== undefined) return presentCorpus(path.resolve(choice.corpus), choice.corpus, "--corpus");
  if (typeof choice.configCorpus === "string") {
    return presentCorpus(path.resolve(choice.home.base, choice.configCorpus), choice.configCorpus, '"data.corpus" of the configuration');
  }
  const beside = await plainOrGzip(path.join(folder, "corpus.jsonl"));
  return ok(beside === file ? undefined : beside);
}

async function presentCorpus(file: string, named: string, by: string): Promise<Result<string>> {
  if (await isFile(file)) return ok(file);
  return err({
    reason: "missing-file",
    message: `There is no corpus file "${named}", which ${by} names.`,
    nextStep: "Correct the path.",
    place: { file },
  });
}

async function plainOrGzip(file: string): Promise<string | undefined> {
  if (await isFile(file)) return file;
  return (await isFile(`${file}.gz`)) ? `${file}.gz` : undefined;
}
