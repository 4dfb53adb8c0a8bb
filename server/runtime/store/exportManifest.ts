import { createHash } from "node:crypto";
import path from "node:path";
import { manifestText } from "#core/exporting/manifest";
import type { ManifestInput, ManifestMarks, ManifestOutput } from "#core/exporting/manifest";
import type { MiningCounts } from "#core/exporting/miningTally";
import { scoreSource } from "#core/exporting/scoreSource";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { writeAtomically } from "./atomicWrite";
import type { WrittenFile } from "./atomicWrite";
import type { CertificateFiles } from "./certifiedExport";
import type { ExportOrder } from "./exportDataset";
import type { ExportContent } from "./exportPieces";
import { MarkStore } from "./markStore";
import { SuggestionStore } from "./suggestionStore";

/** What is known of an export once it is written. */
export interface ManifestFacts {
  readonly outputs: readonly WrittenFile[];
  readonly content: ExportContent;
  readonly native: boolean;
  readonly counts: MiningCounts;
  /** Emitted negatives that were left out, since they are not of the audit. */
  readonly outside: number;
  readonly certificate: CertificateFiles | undefined;
}

/** Writes the manifest beside an export. */
export async function writeManifest(order: ExportOrder, facts: ManifestFacts): Promise<Result<WrittenFile>> {
  const { outputs, content, native, counts, outside, certificate } = facts;
  const { dataset, session, format, out, tool, clock } = order;
  const file = `${out}.manifest.json`;
  const marks = await marksOf(dataset);
  if (!marks.ok) return marks;
  const suggestions = await suggestionsOf(dataset);
  if (!suggestions.ok) return suggestions;
  const negatives = order.negatives ?? "mined";
  const scores = scoreSource(session.config, format, negatives);
  const named = (target: string): string => nameBeside(file, target);
  const { model } = session.status;
  const text = manifestText({
    tool,
    created: clock(),
    inputs: inputsOf(dataset, content).map((input) => ({ ...input, file: named(input.file) })),
    config: session.config,
    configHash: session.configHash,
    model: { id: model?.id ?? session.config.model.id, fingerprint: model?.fingerprint ?? "" },
    marks: marks.value.map((mark) => ({ ...mark, file: named(mark.file) })),
    suggestions: suggestions.value.map((written) => ({ ...written, file: named(written.file) })),
    counts,
    records: content.counts,
    format,
    native,
    negatives,
    ...(scores === undefined ? {} : { scores }),
    outputs: outputs.map((output): ManifestOutput => ({ ...output, file: named(output.file) })),
    ...(certificate === undefined
      ? {}
      : { certificate: { file: named(certificate.file), page: named(certificate.page), sha256: certificate.sha256, outside } }),
  });
  return writeAtomically(file, [text], { overwrite: true });
}

/** A file as another that lies beside an export names it: relative where that is possible, with "/" between folders. */
export function nameBeside(file: string, target: string): string {
  return path
    .relative(path.dirname(path.resolve(file)), path.resolve(target))
    .split(path.sep)
    .join("/");
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

async function marksOf(dataset: LoadedDataset): Promise<Result<readonly ManifestMarks[]>> {
  const loaded = await new MarkStore({ home: { folder: dataset.homeFolder, base: dataset.homeBase, exists: true }, author: "" }).loadAll();
  return loaded.ok ? ok(loaded.value.map(({ file, sha256, lines }) => ({ file, sha256, lines }))) : loaded;
}

async function suggestionsOf({ homeFolder }: LoadedDataset): Promise<Result<readonly ManifestMarks[]>> {
  const loaded = await new SuggestionStore({ homeFolder, author: "" }).loadAll();
  if (!loaded.ok) return loaded;
  return ok(
    loaded.value.map(({ file, text }) => ({
      file,
      sha256: createHash("sha256").update(text, "utf8").digest("hex"),
      lines: text.split("\n").filter((line) => line.trim() !== "").length,
    })),
  );
}
