import type { AuditPair } from "../audit/auditPair";
import { currentAudit, loadAudits, nextAuditNumber, saveAudit } from "../audit/auditFiles";
import type { AuditPopulation } from "../audit/auditPopulation";
import { auditNumber, newPopulation } from "../audit/population";
import type { Clock, HomeFiles, Logger, Sha256 } from "../ports";
import type { DatasetSession } from "../session/datasetSession";
import type { Cancellation } from "../util/cancellation";
import { failureText } from "../util/failure";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { AuditProgress } from "./auditProgress";
import { emittedRows } from "./emission";

export interface AuditsPorts {
  readonly session: DatasetSession;
  readonly home: HomeFiles;
  readonly author: string;
  readonly clock: Clock;
  /** 32 hexadecimal digits by chance. */
  readonly newSalt: () => string;
  readonly sha256: Sha256;
  readonly logger: Logger;
  /** Name and version of this program. */
  readonly tool: string;
  /** Name of the data set's file or folder, without where it lies. */
  readonly dataset: string;
  /** How many queries are mined of those that an audit begins with. */
  readonly advanced: (done: number, total: number) => void;
}

export interface CurrentAudit {
  /** The newest audit of the data set that can be read. */
  readonly progress?: AuditProgress;
  /** What is wrong with files that cannot be read. */
  readonly problems: readonly Failure[];
  /** Set where a file that cannot be read may be the newest audit: then nothing older takes its place unasked. */
  readonly damaged?: Failure;
}

/** The audits of one data set, on disk and in memory. */
export class Audits {
  readonly #ports: AuditsPorts;
  readonly #told = new Set<string>();
  #current: Promise<Result<CurrentAudit>> | undefined;
  #progress: AuditProgress | undefined;
  #beginning: Promise<Result<CurrentAudit>> | undefined;

  constructor(ports: AuditsPorts) {
    this.#ports = ports;
  }

  /** The audit that goes on now. The files are read when first asked for, and again after `forget`. */
  async current(): Promise<Result<CurrentAudit>> {
    const reading = (this.#current ??= this.#read());
    const read = await reading;
    // A failure is not remembered: the folder may be readable the next time.
    if (!read.ok && this.#current === reading) this.#current = undefined;
    return read;
  }

  /** The files may have changed: another window or another person began an audit. */
  forget(): void {
    this.#current = undefined;
  }

  /** Begins an audit of all that is emitted now. Where one is being begun, its end is waited for. The vectors must be ready. */
  async begin(cancellation: Cancellation): Promise<Result<CurrentAudit>> {
    this.#beginning ??= this.#begin(cancellation).finally(() => {
      this.#beginning = undefined;
    });
    return await this.#beginning;
  }

  async #read(): Promise<Result<CurrentAudit>> {
    const { home, sha256, dataset } = this.#ports;
    const loaded = await loadAudits(home, sha256);
    if (!loaded.ok) return loaded;
    const { audits, problems } = loaded.value;
    for (const problem of problems) this.#tell(problem);
    const population = currentAudit(audits, dataset);
    const damaged = problems.find((problem) => auditNumber(nameOf(problem)) >= auditNumber(population?.name ?? ""));
    return ok({
      problems,
      ...(population === undefined ? {} : { progress: this.#progressOf(population) }),
      ...(damaged === undefined ? {} : { damaged }),
    });
  }

  async #begin(cancellation: Cancellation): Promise<Result<CurrentAudit>> {
    const { session, home, author, clock, newSalt, sha256, tool, dataset } = this.#ports;
    const known = await loadAudits(home, sha256);
    if (!known.ok) return known;
    const { collection, configHash } = session;
    const pairs = await this.#emitted(cancellation);
    if (!pairs.ok) return pairs;
    const model = session.status.model?.fingerprint;
    if (session.collection !== collection || session.configHash !== configHash || model === undefined) {
      return err({ reason: "superseded", message: "The data or the configuration changed meanwhile.", nextStep: "Begin the audit again." });
    }
    const number = nextAuditNumber([...known.value.audits, ...known.value.problems.map((problem) => ({ name: nameOf(problem) }))]);
    const header = { salt: newSalt(), begun: clock(), author, tool, configHash, model, dataset };
    const population = newPopulation({ number, ...header, pairs: pairs.value }, sha256);
    const saved = await saveAudit(home, population);
    if (!saved.ok) return saved;
    this.forget();
    return await this.current();
  }

  async #emitted(cancellation: Cancellation): Promise<Result<readonly AuditPair[]>> {
    const { session, advanced } = this.#ports;
    const { collection } = session;
    const pairs: AuditPair[] = [];
    let done = 0;
    const mined = await session.mineAll((query) => {
      for (const { row: _, ...pair } of emittedRows(query, collection)) pairs.push(pair);
      done += 1;
      advanced(done, collection.queries.length);
    }, cancellation);
    return mined.ok ? ok(pairs) : mined;
  }

  /** What is known of an audit is kept while it stays the same one. */
  #progressOf(population: AuditPopulation): AuditProgress {
    const known = this.#progress?.population;
    if (known?.name !== population.name || known.hash !== population.hash || known.salt !== population.salt) {
      this.#progress = new AuditProgress(population);
    }
    return this.#progress ?? new AuditProgress(population);
  }

  #tell(problem: Failure): void {
    const text = failureText(problem);
    if (!this.#told.has(text)) this.#ports.logger("warn", text);
    this.#told.add(text);
  }
}

/** Name of the audit that a file should have held. */
function nameOf({ place }: Failure): string {
  return place?.file.split("/").at(-1) ?? "";
}
