import { fork, type ChildProcess } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import type { Failure } from "#core/util/failure";
import { err, type Result } from "#core/util/result";
import type { FromProcess, ProcessTraffic, RequestKind, RequestOf, ToProcess, AnswerTo } from "./processTraffic";

export type ProcessStatus = "starting" | "ready" | "restarting" | "dead" | "stopped";

export interface ProcessLinkOptions {
  /** The bundle of the process's entry. */
  readonly processFile: string;
  readonly log: Logger;
  readonly onStatus?: (status: ProcessStatus) => void;
  /** Milliseconds to wait before the first, second, ... restart in a row. */
  readonly restartDelays?: readonly number[];
}

/** What people read of a process that dies. */
export interface ProcessWords {
  /** For the log: "vector process". */
  readonly name: string;
  /** What it does, in the third person: "makes vectors". */
  readonly task: string;
  /** For the person before whom it died again and again. */
  readonly nextStep: string;
}

export interface SendOptions<Progress> {
  readonly cancellation?: Cancellation;
  readonly onProgress?: (progress: Progress) => void;
  /** Part of filling a restarted process: sent at once, and given up when that process dies too. */
  readonly refilling?: boolean;
}

interface Pending<T extends ProcessTraffic> extends SendOptions<T["progress"]> {
  /** Called for each time the request is sent: what it asks for may have changed since a process died. */
  readonly request: () => T["request"];
  readonly resolve: (result: Result<never>) => void;
  readonly reject: (error: Error) => void;
}

const RESTART_DELAYS = [200, 1000, 5000];
const MOST_DEATHS = 5;
const DEATHS_WITHIN_MS = 180_000;
const CANCELLATION_POLL_MS = 50;
const CANCELLED: Failure = { reason: "cancelled", message: "Stopped." };

/**
 * Keeps a child process alive and carries requests to it. When it dies, another is started after a pause, `refill` brings it to the state of
 * the one before, and all open requests are sent again.
 */
export class ProcessLink<T extends ProcessTraffic> {
  readonly #options: ProcessLinkOptions;
  readonly #words: ProcessWords;
  readonly #refill: () => Promise<Result<unknown>>;
  readonly #pending = new Map<number, Pending<T>>();
  #child: ChildProcess | undefined;
  /** False while a restarted process is being filled. */
  #ready = true;
  #disposed = false;
  #nextId = 1;
  #deaths: number[] = [];
  #lastWords = "";
  #poll: NodeJS.Timeout | undefined;

  constructor(options: ProcessLinkOptions, words: ProcessWords, refill: () => Promise<Result<unknown>>) {
    this.#options = options;
    this.#words = words;
    this.#refill = refill;
  }

  /** Undefined while none is running. */
  get processId(): number | undefined {
    return this.#child?.pid;
  }

  /** Rejects on a bug in the process; everything expected is a failure. */
  send<K extends RequestKind<T>>(request: () => RequestOf<T, K>, options: SendOptions<T["progress"]>): Promise<Result<AnswerTo<T, K>>> {
    if (this.#disposed || options.cancellation?.requested === true) return Promise.resolve(err(CANCELLED));
    if (this.#child === undefined && this.#ready) this.#start("starting");
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const pending: Pending<T> = { ...options, request, resolve, reject };
      this.#pending.set(id, pending);
      if (this.#ready || options.refilling === true) this.#post({ id, request: request() });
      this.#watchCancellations();
    });
  }

  /** A message without an answer; lost where no process runs. */
  tell(message: T["notice"]): void {
    this.#post(message);
  }

  /** Settles all open requests with this failure. */
  settleAll(failure: Failure): void {
    const open = [...this.#pending.values()];
    this.#pending.clear();
    for (const { resolve } of open) resolve(err(failure));
  }

  /** After too many deaths nothing is started until this is called. */
  forgiveDeaths(): void {
    this.#deaths = [];
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    clearInterval(this.#poll);
    this.settleAll(CANCELLED);
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGKILL");
      });
    }
    this.#options.onStatus?.("stopped");
  }

  #start(status: ProcessStatus): ChildProcess {
    this.#options.onStatus?.(status);
    const child = fork(this.#options.processFile, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child = child;
    this.#lastWords = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
      this.#options.log("debug", text.trimEnd());
    });
    child.on("message", (message) => {
      this.#receive(message as FromProcess<T>);
    });
    child.on("error", (error) => {
      this.#lastWords = error.message;
      if (child.pid === undefined) void this.#onDeath(child, "could not be started");
    });
    child.on(
      "exit",
      (code, signal) => void this.#onDeath(child, signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`),
    );
    return child;
  }

  #isCurrent(child: ChildProcess): boolean {
    return child === this.#child;
  }

  #post(message: ToProcess<T>): void {
    // A process that has just gone is noticed by "exit", which sends everything again.
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  #receive(message: FromProcess<T>): void {
    if ("level" in message) {
      this.#options.log(message.level, message.message);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if ("progress" in message) {
      pending.onProgress?.(message.progress);
      return;
    }
    this.#pending.delete(message.id);
    if ("thrown" in message) pending.reject(new Error(`In the ${this.#words.name}: ${message.thrown}`));
    else pending.resolve(message.result as Result<never>);
  }

  async #onDeath(child: ChildProcess, how: string): Promise<void> {
    if (!this.#isCurrent(child)) return;
    this.#child = undefined;
    this.#ready = false;
    this.#options.log("warn", `The ${this.#words.name} ${how}.`);
    this.#giveUpRefill();
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < DEATHS_WITHIN_MS), now];
    if (this.#deaths.length > MOST_DEATHS) {
      this.#stop(how);
      return;
    }
    const delays = this.#options.restartDelays ?? RESTART_DELAYS;
    await wait(delays[Math.min(this.#deaths.length, delays.length) - 1] ?? 0);
    await this.#restart();
  }

  async #restart(): Promise<void> {
    if (this.#disposed) return;
    const child = this.#start("restarting");
    const filled = await this.#refill();
    // It was disposed of or died again while it was being filled; a death has its own turn here.
    if (!this.#isCurrent(child)) return;
    this.#ready = true;
    if (!filled.ok) {
      this.settleAll(filled.failure);
      return;
    }
    for (const [id, { request }] of this.#pending) this.#post({ id, request: request() });
    this.#options.onStatus?.("ready");
  }

  #giveUpRefill(): void {
    for (const [id, { refilling, resolve }] of this.#pending) {
      if (refilling !== true) continue;
      this.#pending.delete(id);
      resolve(err({ reason: "worker-died", message: `The ${this.#words.name} died while it was being filled again.` }));
    }
  }

  #stop(how: string): void {
    this.#ready = true;
    const words = this.#lastWords.trim().split("\n").at(-1) ?? "";
    this.#options.onStatus?.("dead");
    this.settleAll({
      reason: "worker-died",
      message: `The process that ${this.#words.task} ${how}, ${String(MOST_DEATHS + 1)} times in ${String(DEATHS_WITHIN_MS / 1000)} seconds.${words === "" ? "" : ` Its last words: ${words}`}`,
      nextStep: this.#words.nextStep,
    });
  }

  #watchCancellations(): void {
    if (this.#poll !== undefined) return;
    this.#poll = setInterval(() => {
      for (const [id, { cancellation, resolve }] of this.#pending) {
        if (cancellation?.requested !== true) continue;
        this.#pending.delete(id);
        this.#post({ cancel: id });
        resolve(err(CANCELLED));
      }
      if ([...this.#pending.values()].some(({ cancellation }) => cancellation !== undefined)) return;
      clearInterval(this.#poll);
      this.#poll = undefined;
    }, CANCELLATION_POLL_MS);
  }
}
