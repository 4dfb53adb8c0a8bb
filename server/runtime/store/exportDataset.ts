import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { beirCorpusLines, beirQueryLine } from "#core/exporting/beirFiles";
import { exportNotes, manifestText } from "#core/exporting/manifest";
import type { ManifestInput, ManifestOutput, NoteFacts } from "#core/exporting/manifest";
import type { MiningCounts } from "#core/exporting/miningTally";
import type { NegativesMode } from "#core/exporting/exportQuery";
import { mineForExport } from "#core/exporting/mineForExport";
import type { MineOptions } from "#core/exporting/mineForExport";
import type { RecordCounts } from "#core/exporting/nativeExport";
import { isMadeAnew, rowLayout } from "#core/exporting/rowLayout";
import { exportTargets } from "#core/exporting/targets";
import type { TargetFormat } from "#core/exporting/targets";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { writeAtomically } from "./atomicWrite";
import type { WrittenFile } from "./atomicWrite";
import { isNative, keepsRecords, qrelsContent, rowContent, WritingStopped } from "./exportPieces";
import type { ExportContent, ExportSource } from "./exportPieces";
import { errorCode, ioFailure } from "./ioFailure";
import { MarkStore } from "./markStore";

export interface ExportOrder extends MineOptions {
  readonly dataset: LoadedDataset;
  /** Holds the data set; vectors are made first where they are missing. */
  readonly session: DatasetSession;
  readonly format: TargetFormat;
  /** Path of the new file; of the new folder for BEIR. */
  readonly out: string;
  /** Whether a file of that name may be replaced. A folder never is. */
  readonly overwrite: boolean;
  /** Name and version of this program. */
  readonly tool: string;
  readonly clock: () => string;
}

export interface ExportOutcome {
  readonly file: string;
  readonly manifest: string;
  readonly counts: MiningCounts;
  readonly records: RecordCounts;
  readonly notes: readonly string[];
}

/** A format that a data set can be exported in, as people choose it. */
export interface ExportChoice {
  readonly id: TargetFormat;
  readonly label: string;
  readonly detail: string;
  readonly native: boolean;
  readonly negatives: NegativesMode;
  readonly suggestedName: string;
}

/** All formats, the data set's own first: with mined negatives, and with its own negatives and nothing changed but by marks. */
export function exportChoices(dataset: LoadedDataset): readonly ExportChoice[] {
  const stem = path.basename(dataset.path).replace(/(\.jsonl|\.ndjson|\.json)?(\.gz)?$/i, "");
  const choices = exportTargets.flatMap(({ id, label, detail, extension }): readonly ExportChoice[] => {
    const native = isNative(dataset, id);
    const mined: ExportChoice = {
      id,
      label,
      detail,
      native,
      negatives: "mined",
      suggestedName: `${stem}.${native ? "mined" : id}${extension}`,
    };
    if (!native) return [mined];
    const listed: ExportChoice = {
      id,
      label: `${label}, with the negatives that the file lists`,
      detail: "Only what marks change is rewritten; every other record stays byte for byte.",
      native,
      negatives: "listed",
      suggestedName: `${stem}.curated${extension}`,
    };
    return [{ ...mined, label: `${label}, with mined negatives` }, listed];
  });
  return [...choices.filter(({ native }) => native), ...choices.filter(({ native }) => !native)];
}

/** Mines everything, then writes the data set in a format as a new file, and its manifest beside it. */
export async function exportDataset(order: ExportOrder): Promise<Result<ExportOutcome>> {
  const { dataset, session, format, out, negatives = "mined" } = order;
  const refused = await refuseOutput(order);
  if (refused !== undefined) return refused;
  const ready = await session.prepare();
  if (!ready.ok) return ready;
  const choices = { layout: rowLayout(session.config, negatives), negatives };
  const mined = await mineForExport(session, order);
  if (!mined.ok) return mined;
  const source: ExportSource = { dataset, mined: mined.value, ...choices };
  const written = await writeExport(source, order);
  if (!written.ok) return written;
  const { outputs, content } = written.value;
  const native = keepsRecords(source, format);
  const manifest = await writeManifest(order, { outputs, content, native, counts: mined.value.counts });
  if (!manifest.ok) return manifest;
  const { counts } = mined.value;
  return ok({
    file: out,
    manifest: manifest.value.file,
    counts,
    records: content.counts,
    notes: exportNotes(noteFacts(source, format, content.counts)),
  });
}

/** What an export's notes are made from. */
export function noteFacts(source: ExportSource, format: TargetFormat, records: RecordCounts): NoteFacts {
  const { dataset, mined, layout, negatives } = source;
  return {
    format,
    counts: mined.counts,
    records,
    outputScores: layout.outputScores ?? false,
    madeAnew: isNative(dataset, format) && isMadeAnew(format, layout, negatives),
  };
}

export interface WrittenExport {
  readonly outputs: readonly WrittenFile[];
  readonly content: ExportContent;
}

/** Why an output cannot be written, found out before the work of mining. */
export async function refuseOutput({
  out,
  format,
  overwrite,
  dataset,
}: Pick<ExportOrder, "out" | "format" | "overwrite" | "dataset">): Promise<Result<never> | undefined> {
  const inputs = [
    dataset.path,
    dataset.configFile,
    ...dataset.files.map((file) => file.path),
    ...(dataset.qrels === undefined ? [] : [dataset.qrels.path]),
  ];
  if (inputs.includes(path.resolve(out))) {
    return err({
      reason: "bad-arguments",
      message: "This is a file that the export is made from.",
      nextStep: "Choose another name.",
      place: { file: out },
    });
  }
  if (format !== "beir" && out.endsWith(".gz")) {
    return err({
      reason: "bad-arguments",
      message: "Exports are written uncompressed.",
      nextStep: "Choose a name without .gz.",
      place: { file: out },
    });
  }
  try {
    const found = await stat(out);
    if (overwrite && found.isFile() && format !== "beir") return undefined;
    const what = found.isDirectory() ? "folder" : "file";
    return err({
      reason: "bad-arguments",
      message: `The ${what} exists already and is left as it is.`,
      nextStep: "Choose another name, or remove it first.",
      place: { file: out },
    });
  } catch (error) {
    return errorCode(error) === "ENOENT" ? undefined : err(ioFailure(error, out, "write"));
  }
}

/** Writes a mined data set in a format, without a manifest. */
export async function writeExport(
  source: ExportSource,
  { format, out, overwrite }: Pick<ExportOrder, "format" | "out" | "overwrite">,
): Promise<Result<WrittenExport>> {
  try {
    if (format === "beir") return await writeFolder(source, out);
    const content = rowContent(source, format);
    const written = await writeAtomically(out, content.pieces, { overwrite });
    return written.ok ? ok({ outputs: [written.value], content }) : written;
  } catch (error) {
    if (error instanceof WritingStopped) return err(error.failure);
    throw error;
  }
}

/** The folder is filled under another name and renamed last, so that it is whole or not there. */
async function writeFolder(source: ExportSource, out: string): Promise<Result<WrittenExport>> {
  const temporary = path.join(path.dirname(out), `.${path.basename(out)}.${String(process.pid)}.tmp`);
  try {
    await mkdir(path.join(temporary, "qrels"), { recursive: true });
    const content = qrelsContent(source);
    const outputs: WrittenFile[] = [];
    for (const [name, pieces] of folderFiles(source, content)) {
      const written = await writeAtomically(path.join(temporary, name), pieces, { overwrite: true });
      if (!written.ok) return written;
      outputs.push({ ...written.value, file: path.join(out, name) });
    }
    await rename(temporary, out);
    return ok({ outputs, content });
  } catch (error) {
    if (error instanceof WritingStopped) throw error;
    return err(ioFailure(error, out, "write"));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Corpus and queries of a BEIR folder are copied as they are; those of another data set are made. */
function folderFiles({ dataset, mined }: ExportSource, content: ExportContent): readonly (readonly [string, Pieces])[] {
  const corpus = dataset.files.find(({ role }) => role === "corpus");
  if (dataset.kind === "beir" && corpus !== undefined) {
    const qrels = path.basename(dataset.qrels?.path ?? "").replace(/\.gz$/i, "");
    return [
      [path.basename(corpus.path), createReadStream(corpus.path)],
      [path.basename(dataset.queryFile), createReadStream(dataset.queryFile)],
      [path.join("qrels", qrels), content.pieces],
    ];
  }
  const kept = mined.queries.filter(({ leftOut }) => leftOut === undefined);
  return [
    ["corpus.jsonl", withLineFeeds(beirCorpusLines(mined.collection))],
    ["queries.jsonl", withLineFeeds(kept.map(beirQueryLine))],
    [path.join("qrels", "train.tsv"), content.pieces],
  ];
}

function* withLineFeeds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

interface ManifestFacts {
  readonly outputs: readonly WrittenFile[];
  readonly content: ExportContent;
  readonly native: boolean;
  readonly counts: MiningCounts;
}

async function writeManifest(order: ExportOrder, { outputs, content, native, counts }: ManifestFacts): Promise<Result<WrittenFile>> {
  const { dataset, session, format, out, tool, clock } = order;
  const file = `${out}.manifest.json`;
  const marks = await marksOf(dataset);
  if (!marks.ok) return marks;
  const named = (target: string): string =>
    path
      .relative(path.dirname(path.resolve(file)), path.resolve(target))
      .split(path.sep)
      .join("/");
  const { model } = session.status;
  const text = manifestText({
    tool,
    created: clock(),
    inputs: inputsOf(dataset, content).map((input) => ({ ...input, file: named(input.file) })),
    config: session.config,
    configHash: session.configHash,
    model: { id: model?.id ?? session.config.model.id, fingerprint: model?.fingerprint ?? "" },
    marks: marks.value.map((mark) => ({ ...mark, file: named(mark.file) })),
    counts,
    records: content.counts,
    format,
    native,
    negatives: order.negatives ?? "mined",
    outputs: outputs.map((output): ManifestOutput => ({ ...output, file: named(output.file) })),
  });
  return writeAtomically(file, [text], { overwrite: true });
}

function inputsOf(dataset: LoadedDataset, { facts }: ExportContent): readonly ManifestInput[] {
  const files = dataset.files.map(({ path: file, role, bytes, sha256 }): ManifestInput => {
    // A file that is open in an editor may have been saved since it was loaded.
    const read = facts?.file === file ? facts : { bytes, sha256 };
    return { file, role, bytes: read.bytes, sha256: read.sha256 };
  });
  const { qrels, configText, configFile } = dataset;
  const config = configText === undefined ? undefined : Buffer.from(configText, "utf8");
  return [
    ...files,
    ...(qrels === undefined ? [] : [{ file: qrels.path, role: "qrels", bytes: qrels.bytes, sha256: qrels.sha256 }]),
    ...(config === undefined
      ? []
      : [{ file: configFile, role: "config", bytes: config.length, sha256: createHash("sha256").update(config).digest("hex") }]),
  ];
}

async function marksOf(
  dataset: LoadedDataset,
): Promise<Result<readonly { readonly file: string; readonly sha256: string; readonly lines: number }[]>> {
  const loaded = await new MarkStore({ home: { folder: dataset.homeFolder, base: dataset.homeBase, exists: true }, author: "" }).loadAll();
  return loaded.ok ? ok(loaded.value.map(({ file, sha256, lines }) => ({ file, sha256, lines }))) : loaded;
}
