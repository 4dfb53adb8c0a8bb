import type { Connection } from "vscode-languageserver";
import { listedExportQuery } from "#core/exporting/exportQuery";
import { marksAsLineEdits } from "#core/exporting/marksAsLineEdits";
import type { MarkedLineEdit, MarksAsLineEdits } from "#core/exporting/marksAsLineEdits";
import { formatById } from "#core/formats/registry";
import type { RowDocument } from "#core/jsonl/rowDocument";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { marksAsEdits } from "#protocol/edits";
import type { MarksAsEdits, MarksEdit } from "#protocol/edits";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import type { OpenDocument, OpenDocuments } from "../openDocuments";
import { handle } from "../requests";
import type { ServerHost } from "../serverHost";
import { toTextEdit } from "../toLsp";
import { counted } from "../words";

export interface MarksAsEditsParts {
  readonly datasets: Datasets;
  readonly documents: OpenDocuments;
  readonly host: ServerHost;
}

/** The marks as edits of the open training file. Nothing is changed here: the editor shows the edits, and a person applies them. */
export function registerMarksAsEdits(connection: Connection, { datasets, documents, host }: MarksAsEditsParts): void {
  handle(connection, marksAsEdits, async ({ dataset }) => {
    const opened = await datasets.open(dataset, { forReview: false });
    if (!opened.ok) return opened;
    const document = documents.get(host.toUri(opened.value.loaded.queryFile));
    const refused = refusal(opened.value, document);
    if (refused !== undefined || document === undefined) return refused ?? notOpen(opened.value);
    const { version } = document;
    // The data are read again a while after the last key, and the edits have to fit the text as it is now.
    const reloaded = await opened.value.reload();
    if (!reloaded.ok) return reloaded;
    return documents.get(document.uri)?.version === version ? editsOf(opened.value, document) : superseded();
  });
}

function refusal({ loaded }: OpenDataset, document: OpenDocument | undefined): Result<never> | undefined {
  if (loaded.kind === "beir") {
    return err({
      reason: "unsupported",
      message: "The positives and negatives of a BEIR folder stand in its qrels, which are not edited here.",
      nextStep: "Export the curated set instead.",
      place: { file: loaded.path },
    });
  }
  if (document?.rows.format === undefined || loaded.queryFile.endsWith(".gz")) return notOpen({ loaded });
  return undefined;
}

function notOpen({ loaded }: Pick<OpenDataset, "loaded">): Result<never> {
  return err({
    reason: "not-ready",
    message: "The training file is not open in an editor that Nearmiss follows.",
    nextStep: "Open it, then apply the marks again. Files over 50 MB are not followed: export the curated set instead.",
    place: { file: loaded.queryFile },
  });
}

function superseded(): Result<never> {
  return err({
    reason: "superseded",
    message: "The text changed while its edits were made.",
    nextStep: "Apply the marks again.",
  });
}

function editsOf(dataset: OpenDataset, { rows, version }: OpenDocument): Result<MarksAsEdits> {
  const { session, loaded } = dataset;
  const format = rows.format ?? formatById(loaded.files.find(({ path }) => path === loaded.queryFile)?.format ?? "flagembedding");
  const { queries } = session.collection;
  const found = marksAsLineEdits(rows, {
    format,
    queryAtLine: (line) => dataset.queryAtLine(line),
    linesOf: (query) => queries[query]?.lines ?? [],
    exported: (index) => {
      const query = queries[index];
      return query === undefined ? undefined : listedExportQuery(query, session.verdicts(index), session.collection);
    },
  });
  if (found.mismatch !== undefined) return superseded();
  return ok({ version, edits: found.edits.map((edit) => toEdit(edit, rows)), text: words(found) });
}

function toEdit(edit: MarkedLineEdit, rows: RowDocument): MarksEdit {
  const { range, newText } =
    edit.kind === "remove" ? toTextEdit({ kind: "remove_line", line: edit.line }, rows) : toTextEdit({ ...edit, kind: "replace" }, rows);
  return { range, text: newText, kind: edit.kind };
}

function words({ edits, counts }: MarksAsLineEdits): string {
  if (edits.length === 0) return "The file already holds what the marks say.";
  const parts = [
    counts.rewritten > 0 && `${counted(counts.rewritten, "record")} with other passages`,
    counts.dropped > 0 && `${counted(counts.dropped, "record")} left out`,
    counts.added > 0 && `${counted(counts.added, "record")} added for promoted positives`,
    counts.scoresRemoved > 0 && `scores taken out of ${counted(counts.scoresRemoved, "record")}, since they no longer fit`,
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}
