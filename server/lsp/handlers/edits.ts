import type { Connection } from "vscode-languageserver";
import { editMarks } from "#core/edits/editMarks";
import type { EditMark, EditMarks } from "#core/edits/editMarks";
import { editWords, tooManyWords } from "#core/edits/editWords";
import { textDelta } from "#core/edits/textDelta";
import type { TextDelta } from "#core/edits/textDelta";
import type { RowDocument } from "#core/jsonl/rowDocument";
import type { VerdictMark } from "#core/marks/mark";
import type { MarkDraft } from "#core/session/markJournal";
import { failureText } from "#core/util/failure";
import type { Failure } from "#core/util/failure";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { editsWereMarked, takeBackEdits } from "#protocol/edits";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import type { OpenDocument } from "../openDocuments";
import { handle, notify } from "../requests";
import { SavedTexts } from "../savedTexts";
import type { ServerHost } from "../serverHost";
import { counted } from "../words";

/**
 * Marks what a person says of passages by editing the training file: with each save, the saved text is compared with the one before.
 *
 * Nothing is written where nobody has used Nearmiss: there is neither a `.nearmiss` for the file, nor a review of it in this session.
 */
export class EditRecorder {
  readonly texts: SavedTexts;
  readonly #connection: Connection;
  readonly #host: ServerHost;
  readonly #datasets: Datasets;
  #last: Promise<void> = Promise.resolve();

  constructor(connection: Connection, { host, datasets }: { readonly host: ServerHost; readonly datasets: Datasets }) {
    this.#connection = connection;
    this.#host = host;
    this.#datasets = datasets;
    this.texts = new SavedTexts(host);
    handle(connection, takeBackEdits, async ({ dataset, marks }) => {
      // What was saved before is recorded first.
      await Promise.all([this.#last, this.texts.settled(dataset)]);
      const opened = await datasets.open(dataset, { forReview: false });
      return opened.ok ? await takeBack(opened.value, marks) : opened;
    });
  }

  /** Saves are gone through one after the other. */
  saved(document: OpenDocument): void {
    const rows = document.rows.snapshot();
    this.#last = this.#last
      .then(() => this.#record(document.uri, rows))
      .catch((error: unknown) => {
        // A bug here must cost neither the server nor the next save.
        this.#host.logger("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
      });
  }

  async #record(uri: string, rows: RowDocument): Promise<void> {
    const lines = [...rows.lines()];
    const ground = await this.texts.saved(uri, lines);
    const path = this.#host.toPath(uri);
    const { format } = rows;
    if (ground === undefined || path === undefined || format === undefined) return;
    const config = await this.#host.configFor(path);
    if (!config.curation.edits_are_marks || !(await this.#isUsed(path))) return;
    const known = this.#datasets.withQueriesIn(path);
    const delta = textDelta({
      ...ground,
      after: rows,
      format,
      ...(known === undefined ? {} : { isKnown: (text, line) => isKnownElsewhere(known, text, line) }),
    });
    this.texts.compared(uri, lines, delta);
    if (delta.rows.length === 0 && delta.unread === 0) return;
    const opened = await this.#datasets.open(uri, { forReview: false });
    if (!opened.ok) this.#tellFailure(opened.failure);
    else if (opened.value.loaded.queryFile === path) await this.#mark(opened.value, delta);
  }

  async #isUsed(path: string): Promise<boolean> {
    const dataset = this.#datasets.withQueriesIn(path);
    return (dataset !== undefined && dataset.session.status.phase !== "idle") || (await this.#host.hasHome(path));
  }

  async #mark(dataset: OpenDataset, delta: TextDelta): Promise<void> {
    const { journal, session } = dataset;
    const found = editMarks({ rows: delta.rows, folded: journal.folded, author: journal.author, sha256: this.#host.sha256 });
    const written = await write(dataset, found);
    if (!written.ok) {
      this.#tellFailure(written.failure);
      return;
    }
    const text = delta.unread > 0 ? tooManyWords(delta.unread) : editWords(found);
    if (text === undefined) return;
    if (found.verdicts.length + found.takenBack.length > 0) session.setMarks(journal.folded);
    notify(this.#connection, editsWereMarked, {
      dataset: dataset.uri,
      marks: written.value.map(({ mark }) => mark),
      takenBack: found.takenBack.length,
      text,
    });
  }

  /** The file is saved as the person wanted it; that no mark was made must be seen. */
  #tellFailure(failure: Failure): void {
    this.#host.logger("warn", failureText(failure));
    this.#connection.window.showErrorMessage(`Your edit was not recorded as a mark. ${failureText(failure)}`);
  }
}

async function write(dataset: OpenDataset, { verdicts, takenBack }: EditMarks): Promise<Result<readonly VerdictMark[]>> {
  const { journal } = dataset;
  const revised = await journal.takeBack(new Set(takenBack.map(({ mark }) => mark)));
  return revised.ok ? await journal.addAll(verdicts.map((mark) => draftOf(dataset, mark))) : revised;
}

function draftOf(dataset: OpenDataset, { verdict, query, document, reason, line }: EditMark): MarkDraft {
  return {
    verdict,
    query,
    document,
    reason,
    origin: "edit",
    lane: "adhoc",
    config_hash: dataset.session.configHash,
    file: dataset.fileInMarks,
    line,
    blind: false,
    suggestion_shown: false,
  };
}

/** Whether a text stands in the data at another place than a line of the training file. */
function isKnownElsewhere(dataset: OpenDataset, text: string, line: number): boolean {
  const group = dataset.groupOfText(text);
  if (group === undefined) return false;
  const { collection } = dataset.session;
  const file = collection.files.indexOf(dataset.loaded.queryFile);
  const stands = (collection.groups[group] ?? []).some((member) => {
    const document = collection.documents[member];
    return document !== undefined && (document.file !== file || document.line !== line);
  });
  return stands || dataset.queriesUsing(group).some((use) => use.line !== line);
}

async function takeBack(
  dataset: OpenDataset,
  marks: readonly string[],
): Promise<Result<{ readonly marks: number; readonly text: string }>> {
  const taken = await dataset.journal.takeBack(new Set(marks));
  if (!taken.ok) return taken;
  if (taken.value.length > 0) dataset.session.setMarks(dataset.journal.folded);
  const text =
    taken.value.length === 0
      ? "These marks were taken back or replaced already."
      : `Took back ${counted(taken.value.length, "mark")}. The file stays as you edited it.`;
  return ok({ marks: taken.value.length, text });
}
