import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { exportNotes } from "#core/exporting/manifest";
import type { NoteFacts } from "#core/exporting/manifest";
import type { MiningCounts } from "#core/exporting/miningTally";
import type { NegativesMode } from "#core/exporting/exportQuery";
import { mineForExport } from "#core/exporting/mineForExport";
import type { MineOptions } from "#core/exporting/mineForExport";
import type { RecordCounts } from "#core/exporting/nativeExport";
import { isMadeAnew, rowLayout } from "#core/exporting/rowLayout";
import { scoreFailure } from "#core/exporting/scoreSource";
import { exportTargets, isRowFormat } from "#core/exporting/targets";
import type { FolderFormat, TargetFormat } from "#core/exporting/targets";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { writeAtomically } from "./atomicWrite";
import type { Pieces, WrittenFile } from "./atomicWrite";
import { openCertification } from "./certifiedExport";
import type { CertificateFiles, Certification } from "./certifiedExport";
import { folderContent } from "./exportFolders";
import { writeManifest } from "./exportManifest";
import { isNative, keepsRecords, rowContent, WritingStopped } from "./exportPieces";
import type { ExportContent, ExportSource } from "./exportPieces";
import { errorCode, ioFailure } from "./ioFailure";

export interface ExportOrder extends MineOptions {
  readonly dataset: LoadedDataset;
  /** Holds the data set; vectors are made first where they are missing. */
  readonly session: DatasetSession;
  readonly format: TargetFormat;
  /** Path of the new file; of the new folder for BEIR. */
  readonly out: string;
  /** Whether a file of that name may be replaced. A folder never is. */
  readonly overwrite: boolean;
  /** Whether a certificate is written beside it: only pairs of the present audit are then emitted. */
  readonly certify: boolean;
  /** Name and version of this program. */
  readonly tool: string;
  readonly clock: () => string;
}

export interface ExportOutcome {
  readonly file: string;
  readonly manifest: string;
  readonly counts: MiningCounts;
  /** Negatives emitted: those kept by mining, less those that are not of the audit where there is a certificate, and those in rows left out. */
  readonly negatives: number;
  readonly records: RecordCounts;
  readonly certificate?: CertificateFiles;
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

/** Mines everything, then writes the data set in a format as a new file, and its manifest and certificate beside it. */
export async function exportDataset(order: ExportOrder): Promise<Result<ExportOutcome>> {
  const { dataset, session, format, negatives = "mined" } = order;
  const refused = await refuseOutput(order);
  if (refused !== undefined) return refused;
  const opened = order.certify ? await openCertification(order) : ok(undefined);
  if (!opened.ok) return opened;
  const unscored = refuseScores(session, format, negatives);
  if (unscored !== undefined) return unscored;
  const ready = await session.prepare();
  if (!ready.ok) return ready;
  const choices = { layout: rowLayout(session.config, negatives), negatives };
  const mined = await mineForExport(session, { ...order, ...(opened.value === undefined ? {} : { only: opened.value.holds }) });
  if (!mined.ok) return mined;
  return writeOutputs(order, { dataset, mined: mined.value, ...choices }, opened.value);
}

async function writeOutputs(
  order: ExportOrder,
  source: ExportSource,
  certification: Certification | undefined,
): Promise<Result<ExportOutcome>> {
  const { format, out } = order;
  const { counts, outside } = source.mined;
  const observer = certification === undefined ? ok(undefined) : await certification.observer(source);
  if (!observer.ok) return observer;
  const written = await writeExport(source, order, observer.value?.observe);
  if (!written.ok) return written;
  const { outputs, content } = written.value;
  const certificate = await observer.value?.certify(outputs[0]);
  if (certificate?.ok === false) return certificate;
  const native = keepsRecords(source, format);
  const manifest = await writeManifest(order, { outputs, content, native, counts, outside, certificate: certificate?.value });
  if (!manifest.ok) return manifest;
  return ok({
    file: out,
    manifest: manifest.value.file,
    counts,
    negatives: counts.kept - outside - content.counts.negativesLeftOut,
    records: content.counts,
    ...(certificate === undefined ? {} : { certificate: certificate.value }),
    notes: [...exportNotes(noteFacts(source, format, content.counts)), ...(certification?.notes(source) ?? [])],
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
    teacherScores: layout.teacherScores ?? false,
    madeAnew: isNative(dataset, format) && isMadeAnew(format, layout, negatives),
  };
}

/** Why an export cannot have the scores that the configuration asks for. */
export function refuseScores(session: DatasetSession, format: TargetFormat, negatives: NegativesMode): Result<never> | undefined {
  const { config, suggestions } = session;
  const failure = scoreFailure({ config, format, negatives, suggestedQueries: suggestions.queries.length });
  return failure === undefined ? undefined : err(failure);
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
  if (isRowFormat(format) && out.endsWith(".gz")) {
    return err({
      reason: "bad-arguments",
      message: "Exports are written uncompressed.",
      nextStep: "Choose a name without .gz.",
      place: { file: out },
    });
  }
  try {
    const found = await stat(out);
    if (overwrite && found.isFile() && isRowFormat(format)) return undefined;
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

/** Writes a mined data set in a format, without a manifest. `observe` sees what goes into a file, and may stop it by `WritingStopped`. */
export async function writeExport(
  source: ExportSource,
  { format, out, overwrite }: Pick<ExportOrder, "format" | "out" | "overwrite">,
  observe: (pieces: Pieces) => Pieces = (pieces) => pieces,
): Promise<Result<WrittenExport>> {
  try {
    if (!isRowFormat(format)) return await writeFolder(source, format, out);
    const content = rowContent(source, format);
    const written = await writeAtomically(out, observe(content.pieces), { overwrite });
    return written.ok ? ok({ outputs: [written.value], content }) : written;
  } catch (error) {
    if (error instanceof WritingStopped) return err(error.failure);
    throw error;
  }
}

/** The folder is filled under another name and renamed last, so that it is whole or not there. */
async function writeFolder(source: ExportSource, format: FolderFormat, out: string): Promise<Result<WrittenExport>> {
  const temporary = path.join(path.dirname(out), `.${path.basename(out)}.${String(process.pid)}.tmp`);
  try {
    const { content, files } = folderContent(source, format);
    const outputs: WrittenFile[] = [];
    for (const [name, pieces] of files) {
      await mkdir(path.dirname(path.join(temporary, name)), { recursive: true });
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
