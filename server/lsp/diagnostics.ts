import type { Connection, PublishDiagnosticsParams } from "vscode-languageserver";
import type { Config } from "#core/config/config";
import { severityOf } from "#core/diagnostics/catalogue";
import { checkFile } from "#core/diagnostics/checkFile";
import { checkMarks } from "#core/diagnostics/checkMarks";
import { checkRow } from "#core/diagnostics/checkRow";
import type { Diagnostic } from "#core/diagnostics/diagnostic";
import { formatById } from "#core/formats/registry";
import type { Row } from "#core/jsonl/readRecord";
import type { RowDocument } from "#core/jsonl/rowDocument";
import type { Datasets } from "./datasets";
import { isHomeFile } from "./markDiagnostics";
import type { OpenDocument } from "./openDocuments";
import type { ServerHost } from "./serverHost";
import { toLspDiagnostic, tooManyDiagnostic } from "./toLsp";

/** How long a text must be quiet before it is checked, in milliseconds. */
const QUIET = 150;
/** More than this in one file help nobody; one further diagnostic then gives the true number. */
const SHOWN = 1000;
/** Rows looked at before waiting input is let in: some milliseconds of work. */
const SLICE = 500;

type DiagnosticsHost = Pick<ServerHost, "toPath" | "configFor" | "breathe" | "later" | "sha256">;

interface Run {
  cancelled: boolean;
  readonly callOff: () => void;
}

/** Finds what is wrong with open texts, in slices, some time after the last change. */
export class Diagnostics {
  readonly #connection: Pick<Connection, "sendDiagnostics">;
  readonly #host: DiagnosticsHost;
  readonly #datasets: Pick<Datasets, "withQueriesIn">;
  readonly #checked: () => void;
  readonly #runs = new Map<string, Run>();
  readonly #checks = new Map<string, Config["checks"]>();
  readonly #found = new Map<string, readonly Diagnostic[]>();
  /** What was told of each open text last, as JSON. */
  readonly #sent = new Map<string, string>();
  /** Rows that were checked and found clean. A row is a new object when its line changes. */
  #clean = new WeakSet<Row>();
  #severities = "";

  /** @param checked called when the number of a file's problems is known anew */
  constructor(
    connection: Pick<Connection, "sendDiagnostics">,
    host: DiagnosticsHost,
    datasets: Pick<Datasets, "withQueriesIn">,
    checked: () => void,
  ) {
    this.#connection = connection;
    this.#host = host;
    this.#datasets = datasets;
    this.#checked = checked;
  }

  /** Number of problems found in a text when it was last checked. Hints do not count. */
  count(uri: string): number {
    return this.#found.get(uri)?.filter(({ severity }) => severity !== "hint").length ?? 0;
  }

  /** Severities in force for the last check of a text. */
  severities(uri: string): Config["checks"] {
    return this.#checks.get(uri) ?? {};
  }

  /** What was found in a text when it was last checked. */
  of(uri: string): readonly Diagnostic[] {
    return this.#found.get(uri) ?? [];
  }

  /** Checks the text when it has been quiet for a while. */
  documentChanged(document: OpenDocument): void {
    // What is wrong with marks is told by who reads them.
    if (isHomeFile(document.uri)) return;
    this.#stop(document.uri);
    const run: Run = {
      cancelled: false,
      callOff: this.#host.later(QUIET, () => {
        void this.#check(document, run);
      }),
    };
    this.#runs.set(document.uri, run);
  }

  documentClosed(uri: string): void {
    if (isHomeFile(uri)) return;
    this.#stop(uri);
    this.#found.delete(uri);
    this.#sent.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #stop(uri: string): void {
    const run = this.#runs.get(uri);
    if (run === undefined) return;
    run.cancelled = true;
    run.callOff();
    this.#runs.delete(uri);
  }

  async #check(document: OpenDocument, run: Run): Promise<void> {
    const path = this.#host.toPath(document.uri);
    const config = await this.#host.configFor(path);
    if (config.data.format !== "auto") document.rows.setFormat(formatById(config.data.format));
    this.#takeSeverities(config);
    this.#checks.set(document.uri, config.checks);
    const found: Diagnostic[] = [];
    for (const slice of this.#slices(document, config)) {
      found.push(...slice);
      await this.#host.breathe();
      if (run.cancelled) return;
    }
    this.#runs.delete(document.uri);
    this.#found.set(document.uri, found);
    const shown = found.slice(0, SHOWN).map((diagnostic) => toLspDiagnostic(diagnostic, document));
    const rest = found.length > SHOWN ? [tooManyDiagnostic(found.length, SHOWN)] : [];
    this.#send({ uri: document.uri, version: document.version, diagnostics: [...shown, ...rest] });
    this.#checked();
  }

  /** Told again only where something is new: an editor takes back the list of quick fixes that a person is opening when problems come anew. */
  #send(params: PublishDiagnosticsParams): void {
    const text = JSON.stringify(params);
    if (this.#sent.get(params.uri) === text) return;
    this.#sent.set(params.uri, text);
    void this.#connection.sendDiagnostics(params);
  }

  *#slices(document: OpenDocument, config: Config): Generator<readonly Diagnostic[], void> {
    const { rows, refusal } = document;
    for (let first = 0; first < rows.lineCount; first += SLICE) {
      const last = Math.min(first + SLICE, rows.lineCount);
      yield Array.from({ length: last - first }, (_, i) => this.#row(rows, first + i, config)).flat();
    }
    yield* checkFile(rows, { severities: config.checks, ...(refusal === undefined ? {} : { formatFailure: refusal }) });
    if (severityOf("HN208", config.checks) !== undefined) yield this.#marked(document, config);
  }

  /** The last line is always checked: what is wrong with it depends on its being the last. */
  #row(rows: RowDocument, line: number, config: Config): readonly Diagnostic[] {
    const row = rows.row(line);
    if (this.#clean.has(row) && line + 1 < rows.lineCount) return [];
    const found = checkRow(rows, line, config.checks);
    if (found.length === 0) this.#clean.add(row);
    return found;
  }

  #marked({ uri, rows }: OpenDocument, config: Config): readonly Diagnostic[] {
    const path = this.#host.toPath(uri);
    const dataset = path === undefined ? undefined : this.#datasets.withQueriesIn(path);
    return dataset === undefined ? [] : checkMarks(rows, dataset.excludedByLine(), this.#host.sha256, config.checks);
  }

  #takeSeverities(config: Config): void {
    const severities = JSON.stringify([config.checks, config.data.format]);
    if (severities === this.#severities) return;
    this.#severities = severities;
    this.#clean = new WeakSet();
  }
}
