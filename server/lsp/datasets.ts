import type { Connection } from "vscode-languageserver";
import { AUDITS_FOLDER } from "#core/audit/auditFiles";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { failureText } from "#core/util/failure";
import { reviewDidChange } from "#protocol/review";
import { curationDidChange } from "#protocol/curation";
import { labellingDidAdvance } from "#protocol/labelling";
import { samplerDidAdvance } from "#protocol/sampler";
import { statusDidChange } from "#protocol/status";
import { MarkDiagnostics } from "./markDiagnostics";
import { OpenDataset } from "./openDataset";
import { trainingDidAdvance } from "#protocol/training";
import { qrelsDiagnostics } from "./qrelsDiagnostics";
import { notify } from "./requests";
import type { OpenRows, ServerHost } from "./serverHost";
import { labellingStatus } from "./views/labellingView";
import { statusView } from "./views/statusView";
import { trainingStatus } from "./views/trainingStateView";

/** How long the files must be quiet before they are read again, in milliseconds. */
const QUIET = 300;
/** Shortest time between two status messages, in milliseconds. */
const STATUS_INTERVAL = 150;

/** All data sets under review, by path. */
export class Datasets {
  readonly #connection: Connection;
  readonly #host: ServerHost;
  readonly #openRows: OpenRows;
  readonly #changed: (dataset: OpenDataset) => void;
  readonly #markDiagnostics: MarkDiagnostics;
  readonly #opened = new Map<string, Promise<Result<OpenDataset>>>();
  readonly #byDataset = new Map<string, OpenDataset>();
  readonly #waiting = new Map<OpenDataset, () => void>();
  readonly #statusDue = new Set<OpenDataset>();
  readonly #advanceDue = new Set<OpenDataset>();
  readonly #trainingDue = new Set<OpenDataset>();
  readonly #labellingDue = new Set<OpenDataset>();
  readonly #curationDue = new Set<OpenDataset>();

  /** @param changed called when counts or candidates of a data set may have changed */
  constructor(connection: Connection, host: ServerHost, openRows: OpenRows, changed: (dataset: OpenDataset) => void) {
    this.#connection = connection;
    this.#host = host;
    this.#openRows = openRows;
    this.#changed = changed;
    this.#markDiagnostics = new MarkDiagnostics(connection, host);
  }

  /** The data set of a training file, BEIR folder or file of one; read at the first request. */
  async open(uri: string, { forReview = true }: { readonly forReview?: boolean } = {}): Promise<Result<OpenDataset>> {
    const path = this.#host.toPath(uri);
    if (path === undefined) {
      return err({
        reason: "unsupported",
        message: `${uri} is not a file on this machine.`,
        nextStep: "Save the data to a folder and open it from there.",
      });
    }
    const known = this.#opened.get(path);
    if (known !== undefined) return await known;
    const opening = this.#open(path, forReview);
    this.#opened.set(path, opening);
    const opened = await opening;
    // A failure is not remembered: the file may be there, or be mended, at the next request.
    if (!opened.ok) this.#opened.delete(path);
    return opened;
  }

  /** Data sets that are open already. */
  all(): readonly OpenDataset[] {
    return [...this.#byDataset.values()];
  }

  /** The open data set whose queries stand in this file. */
  withQueriesIn(path: string): OpenDataset | undefined {
    return this.all().find((dataset) => dataset.loaded.queryFile === path);
  }

  /** Begins or resumes embedding; its end is told by the status. */
  startVectors(dataset: OpenDataset, firstQuery?: number): void {
    void dataset.session.prepare(firstQuery).then((prepared) => {
      if (!prepared.ok && prepared.failure.reason !== "cancelled") this.#host.logger("warn", failureText(prepared.failure));
    });
  }

  /** A file changed on disk or in the editor: data sets that read from it do so again when it has been quiet for a while. */
  async fileChanged(path: string): Promise<void> {
    for (const dataset of this.all()) {
      const { homeFolder } = dataset.loaded;
      // A folder that comes or goes is told of alone, without the config file in it.
      if (dataset.readsFrom(path) || path === homeFolder) this.#reloadSoon(dataset);
      if (isIn(AUDITS_FOLDER, path, homeFolder)) dataset.curation.auditsChanged();
      if (!dataset.readsFrom(path) && isIn("marks", path, homeFolder)) {
        const reloaded = await dataset.reloadMarks();
        this.#checkMarks(dataset);
        if (!reloaded.ok) this.#host.logger("warn", failureText(reloaded.failure));
      }
      if (!dataset.readsFrom(path) && isIn("suggestions", path, homeFolder)) {
        const reloaded = await dataset.reloadSuggestions();
        this.#checkMarks(dataset);
        if (!reloaded.ok) this.#host.logger("warn", failureText(reloaded.failure));
      }
    }
  }

  async dispose(): Promise<void> {
    for (const callOff of this.#waiting.values()) callOff();
    for (const dataset of this.all()) await dataset.dispose();
  }

  async #open(path: string, forReview: boolean): Promise<Result<OpenDataset>> {
    const listener = (dataset: OpenDataset) => ({
      revised: () => {
        notify(this.#connection, reviewDidChange, { dataset: dataset.uri, revision: dataset.session.revision });
        this.#statusSoon(dataset);
        this.#changed(dataset);
      },
      statusChanged: () => {
        this.#statusSoon(dataset);
      },
      previewAdvanced: (done: number, total: number) => {
        this.#advanceSoon(dataset, done, total);
      },
      trainingAdvanced: () => {
        this.#soon(this.#trainingDue, dataset, () => {
          notify(this.#connection, trainingDidAdvance, trainingStatus(dataset));
        });
      },
      labellingAdvanced: () => {
        this.#soon(this.#labellingDue, dataset, () => {
          notify(this.#connection, labellingDidAdvance, labellingStatus(dataset));
        });
      },
      curationChanged: () => {
        this.#soon(this.#curationDue, dataset, () => {
          notify(this.#connection, curationDidChange, { dataset: dataset.uri });
        });
      },
    });
    const opened = await OpenDataset.open(path, this.#host, this.#openRows, { listener, forReview });
    if (!opened.ok) return opened;
    // The same data set may be named by its folder and by a file in it.
    const twin = this.#byDataset.get(opened.value.loaded.path);
    if (twin !== undefined) {
      await opened.value.dispose();
      return ok(twin);
    }
    this.#byDataset.set(opened.value.loaded.path, opened.value);
    this.#statusSoon(opened.value);
    this.#checkQrels(opened.value);
    this.#checkMarks(opened.value);
    return opened;
  }

  #checkQrels(dataset: OpenDataset): void {
    const { qrels } = dataset.loaded;
    if (qrels === undefined) return;
    void this.#connection.sendDiagnostics({ uri: this.#host.toUri(qrels.path), diagnostics: [...qrelsDiagnostics(dataset)] });
  }

  #checkMarks({ loaded, journal, suggestions }: OpenDataset): void {
    const ofSuggestions = suggestions.problems.map(({ place, severity, message }) => ({ ...place, severity, message }));
    this.#markDiagnostics.tell(loaded.homeFolder, [...journal.problems, ...ofSuggestions]);
  }

  #reloadSoon(dataset: OpenDataset): void {
    this.#waiting.get(dataset)?.();
    const callOff = this.#host.later(QUIET, () => {
      this.#waiting.delete(dataset);
      void dataset.reload().then((reloaded) => {
        this.#statusSoon(dataset);
        this.#checkQrels(dataset);
        if (!reloaded.ok) this.#host.logger("warn", failureText(reloaded.failure));
      });
    });
    this.#waiting.set(dataset, callOff);
  }

  /** The last step is told at once, since somebody waits for it. */
  #advanceSoon(dataset: OpenDataset, done: number, total: number): void {
    const tell = (): void => {
      notify(this.#connection, samplerDidAdvance, { dataset: dataset.uri, done, total });
    };
    if (done >= total) {
      tell();
      return;
    }
    this.#soon(this.#advanceDue, dataset, tell);
  }

  /** Gathers the many small steps of embedding into a few messages. */
  #statusSoon(dataset: OpenDataset): void {
    this.#soon(this.#statusDue, dataset, () => {
      notify(this.#connection, statusDidChange, statusView(dataset));
    });
  }

  /** Tells of a data set after a while, once, however often it is asked for meanwhile. */
  #soon(due: Set<OpenDataset>, dataset: OpenDataset, tell: () => void): void {
    if (due.has(dataset)) return;
    due.add(dataset);
    this.#host.later(STATUS_INTERVAL, () => {
      due.delete(dataset);
      tell();
    });
  }
}

/** Checkpoints and snapshots of a training run come and go in the same folder, and mean nothing to marks and audits. */
function isIn(folder: string, path: string, homeFolder: string): boolean {
  return path.startsWith(homeFolder) && path.slice(homeFolder.length).split(/[/\\]/u)[1] === folder;
}
