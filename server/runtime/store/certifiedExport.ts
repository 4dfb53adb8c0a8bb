import path from "node:path";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { pairName } from "#core/audit/auditPair";
import { currentAudit, datasetName, loadAudits } from "#core/audit/auditFiles";
import type { LoadedAudits } from "#core/audit/auditFiles";
import { certificateText } from "#core/audit/certificate";
import { certificatePage } from "#core/audit/certificatePage";
import { ExportedPairs } from "#core/audit/exportedPairs";
import { certificationRefused, makeCertificate } from "#core/audit/makeCertificate";
import { textKey } from "#core/collection/textKey";
import { MINED_FORMATS } from "#core/exporting/rowLayout";
import { isRowFormat } from "#core/exporting/targets";
import type { TargetFormat } from "#core/exporting/targets";
import { formatById } from "#core/formats/registry";
import { foldMarks } from "#core/marks/foldMarks";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { parseMarks } from "#core/marks/parseMarks";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { failureText } from "#core/util/failure";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../hash";
import { writeAtomically } from "./atomicWrite";
import type { Pieces, WrittenFile } from "./atomicWrite";
import type { ExportOrder } from "./exportDataset";
import { nameBeside } from "./exportManifest";
import { WritingStopped } from "./exportPieces";
import type { ExportSource } from "./exportPieces";
import { FolderFiles } from "./homeFiles";
import { MarkStore } from "./markStore";

/** A certificate on disk. */
export interface CertificateFiles {
  readonly file: string;
  readonly page: string;
  readonly sha256: string;
  /** What it states, as one sentence. */
  readonly text: string;
}

/** Watches an export while it is written, and certifies it afterwards. */
export interface ExportObserver {
  /** Passes everything on, and stops the writing where what is written cannot be certified. */
  readonly observe: (pieces: Pieces) => Pieces;
  readonly certify: (written: WrittenFile | undefined) => Promise<Result<CertificateFiles>>;
}

/** An audit that an export is to be certified by. */
export interface Certification {
  /** Whether a pair is of the audit, by the keys of query and passage. Only such pairs may be emitted. */
  readonly holds: (query: string, document: string) => boolean;
  /** Reads the marks as they are on disk now, after mining. */
  readonly observer: (source: ExportSource) => Promise<Result<ExportObserver>>;
  /** What the person should know about it. */
  readonly notes: (source: ExportSource) => readonly string[];
}

/** Finds the audit of a data set; refuses what cannot be certified, before the work of mining. */
export async function openCertification(order: ExportOrder): Promise<Result<Certification>> {
  const { dataset, session, format, negatives = "mined" } = order;
  const refused = refusal(format, negatives, session.config.export.output_scores);
  if (refused !== undefined) return err(refused);
  const loaded = await loadAudits(new FolderFiles(dataset.homeFolder), sha256);
  if (!loaded.ok) return loaded;
  const { audits, problems } = loaded.value;
  const name = datasetName(dataset.path);
  const population = currentAudit(audits, name);
  if (population === undefined) return err(noAudit(name, loaded.value));
  const pairs = new Set(population.pairs.map(pairName));
  const parts = { order, population, auditsBegun: audits.filter((audit) => audit.dataset === name).length };
  return ok({
    holds: (query, document) => pairs.has(pairName({ query, document })),
    observer: async (source) => {
      const marks = await marksOnDisk(dataset);
      return marks.ok ? ok(newObserver({ ...parts, source, marks: marks.value })) : marks;
    },
    notes: (source) => [...problems.map(failureText), ...emissionNotes(population, source)],
  });
}

function refusal(format: TargetFormat, negatives: "mined" | "listed", outputScores: boolean): Failure | undefined {
  if (negatives === "listed") {
    return {
      reason: "unsupported",
      message: "An audit is about the negatives that mining emits; those that the file lists are others, and cannot be certified by it.",
      nextStep: "Export mined negatives, or leave out the certificate.",
    };
  }
  if (format === "st-pair" || !isRowFormat(format)) {
    const why =
      format === "st-pair"
        ? "it holds none"
        : format === "beir"
          ? "its judgements stand beside those that the folder had"
          : "it names them by ids alone";
    return {
      reason: "unsupported",
      message: `The negatives of an export as ${format} cannot be certified: ${why}.`,
      nextStep: "Choose another format, such as flagembedding or st-triplet.",
    };
  }
  if (outputScores && (format === "st-labeled-pair" || format === "st-labeled-list")) {
    return {
      reason: "unsupported",
      message: `With scores in place of labels the negatives of an export as ${format} cannot be told from its positives.`,
      nextStep: "Switch export.output_scores off, or choose another format.",
    };
  }
  return undefined;
}

/** That there is no audit of a data set, which others there are, and which file of one is damaged. */
export function noAudit(name: string, { audits, problems }: LoadedAudits): Failure {
  const others = [...new Set(audits.map(({ dataset }) => dataset))];
  const why =
    others.length > 0
      ? ` There ${others.length === 1 ? "is one" : "are some"} of ${others.map((other) => JSON.stringify(other)).join(", ")}.`
      : "";
  return {
    reason: "not-ready",
    message: `There is no audit of ${JSON.stringify(name)}.${why}${problems.map((problem) => ` ${failureText(problem)}`).join("")}`,
    nextStep: "Open the audit lane in the panel, which begins one, and mark its pairs.",
  };
}

/** What of the emission is not covered, said and never hidden. */
function emissionNotes({ name }: AuditPopulation, { mined }: ExportSource): readonly string[] {
  const { outside } = mined;
  if (outside === 0) return [];
  return [
    `${String(outside)} ${outside === 1 ? "negative that is emitted now is" : "negatives that are emitted now are"} not of the audit ${name} and left out: configuration, data, encoder or marks have changed since it began. To cover them, begin a fresh audit; whether a changed setting is safe, a proposal tells.`,
  ];
}

async function marksOnDisk(dataset: LoadedDataset): Promise<Result<FoldedMarks>> {
  const store = new MarkStore({ home: { folder: dataset.homeFolder, base: dataset.homeBase, exists: true }, author: "" });
  const files = await store.loadAll();
  return files.ok ? ok(foldMarks(files.value.flatMap(({ text }) => parseMarks(text).marks))) : files;
}

interface ObserverParts {
  readonly order: ExportOrder;
  readonly population: AuditPopulation;
  readonly auditsBegun: number;
  readonly source: ExportSource;
  readonly marks: FoldedMarks;
}

function newObserver(parts: ObserverParts): ExportObserver {
  const { order, population, marks, source } = parts;
  if (!isRowFormat(order.format)) throw new Error("a certificate of a folder, which is refused before");
  const exported = new ExportedPairs(formatById(order.format), sha256);
  const check = (): void => {
    const place = path.resolve(order.out);
    const missing = notReadBack(source, order.format, exported);
    const refused = missing ?? certificationRefused({ population, marks, pairs: [...exported.pairs.values()], file: place });
    if (refused !== undefined) throw new WritingStopped(refused);
  };
  return {
    observe: (pieces) => readOnTheWay(pieces, exported, check),
    certify: (written) => {
      if (written === undefined) throw new Error("an export without a file");
      return writeCertificate(parts, exported, written);
    },
  };
}

/** Lines are read from the very bytes that go to the disk, so that the certificate is about what others will read. */
async function* readOnTheWay(pieces: Pieces, exported: ExportedPairs, check: () => void): AsyncGenerator<string | Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of pieces) {
    rest += typeof piece === "string" ? piece : decoder.decode(piece);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) exported.add(line);
    yield piece;
  }
  if (rest !== "") exported.add(rest);
  check();
}

/** Where a negative that was emitted is not read as one from the record of its query, as in lists with scores in place of labels. */
function notReadBack({ mined, layout }: ExportSource, format: TargetFormat, exported: ExportedPairs): Failure | undefined {
  // Rows of n columns hold n of a query's negatives.
  if (format === "st-n-tuple") return undefined;
  const leavesOutUnscored = layout.outputScores === true && layout.teacherScores === true && format !== "flagembedding";
  const lost = mined.queries
    .filter(({ leftOut, positives }) => leftOut === undefined && positives.length > 0)
    .flatMap(({ text, negatives }) => {
      const query = textKey(text, sha256);
      return exported.queries.has(query)
        ? negatives
            .filter(({ score }) => !leavesOutUnscored || Number.isFinite(score))
            .filter((negative) => !exported.pairs.has(pairName({ query, document: textKey(negative.text, sha256) })))
        : [];
    }).length;
  if (lost === 0) return undefined;
  const formats = MINED_FORMATS.filter((name) => name !== "st-n-tuple" && name !== format);
  return {
    reason: "unsupported",
    message: `${String(lost)} exported ${lost === 1 ? "negative cannot be read back as one" : "negatives cannot be read back as such"} from the records that they stand in.`,
    nextStep: `Choose another format, such as ${formats[0] ?? "flagembedding"}.`,
  };
}

async function writeCertificate(parts: ObserverParts, exported: ExportedPairs, written: WrittenFile): Promise<Result<CertificateFiles>> {
  const { order, population, auditsBegun, marks } = parts;
  const { dataset, session, format, out, tool, clock } = order;
  const file = `${out}.certificate.json`;
  const page = `${out}.certificate.md`;
  const { config, configHash, status } = session;
  const made = makeCertificate(
    {
      tool,
      created: clock(),
      population,
      auditsBegun,
      marks,
      marksFolder: nameBeside(file, path.join(dataset.homeFolder, "marks")),
      target: { maxFalseNegatives: config.curation.max_false_negatives, confidence: config.curation.confidence },
      exported: {
        file: nameBeside(file, out),
        format,
        bytes: written.bytes,
        sha256: written.sha256,
        unread_lines: exported.unread,
        config_hash: configHash,
        model: status.model?.fingerprint ?? "",
      },
      pairs: [...exported.pairs.values()],
    },
    sha256,
  );
  if (!made.ok) return made;
  const json = await writeAtomically(file, [certificateText(made.value)], { overwrite: true });
  if (!json.ok) return json;
  const text = certificatePage(made.value, { certificate: path.basename(file) });
  const readable = await writeAtomically(page, [text], { overwrite: true });
  return readable.ok ? ok({ file, page, sha256: json.value.sha256, text: made.value.statement }) : readable;
}
