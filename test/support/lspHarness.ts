import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import type { CancellationToken, ProtocolConnection } from "vscode-languageserver/node";
import type { Outcome } from "#protocol/outcome";
import { reviewDidChange } from "#protocol/review";
import type { NotificationType, RequestType } from "#protocol/rpc";
import type { ServerOptions } from "#protocol/serverOptions";
import type { DatasetStatus } from "#protocol/status";
import { statusDidChange } from "#protocol/status";
import { repoRoot } from "./repoRoot";

export interface HarnessOptions {
  /** Folder whose files are copied into the workspace. */
  readonly files?: string;
  /** A workspace that another server used before; it is then not copied and not removed. */
  readonly workspace?: string;
  readonly cacheFolder?: string;
  /** Whether the person trusts the workspace; by default true. */
  readonly trusted?: boolean;
  /** Of the model; by default as many as it likes. */
  readonly threads?: number;
}

/** The built language server as a child process, spoken to as an editor would. */
export class LspHarness {
  readonly workspace: string;
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly #owned: string | undefined;
  #version = 1;

  private constructor(workspace: string, owned: string | undefined) {
    this.workspace = workspace;
    this.#owned = owned;
    this.process = spawn(process.execPath, [path.join(repoRoot, "dist/server.cjs"), "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const { stdin, stdout } = this.process;
    if (stdin === null || stdout === null) throw new Error("the server has no pipes");
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    // Progress, refreshes and registrations are taken note of, as an editor does.
    for (const method of ["window/workDoneProgress/create", "workspace/codeLens/refresh", "client/registerCapability"])
      this.connection.onRequest(method, () => null);
    this.connection.listen();
  }

  static async start(options: HarnessOptions = {}): Promise<LspHarness> {
    const owned = options.workspace === undefined ? mkdtempSync(path.join(os.tmpdir(), "nearmiss-lsp-")) : undefined;
    const workspace = options.workspace ?? owned ?? "";
    if (owned !== undefined && options.files !== undefined) cpSync(options.files, owned, { recursive: true });
    const harness = new LspHarness(workspace, owned);
    const initializationOptions: ServerOptions = {
      cacheFolder: options.cacheFolder ?? path.join(workspace, ".cache"),
      author: "tester",
      threads: options.threads ?? null,
      trusted: options.trusted ?? true,
    };
    await harness.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions,
      workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: "workspace" }],
    });
    await harness.connection.sendNotification("initialized", {});
    return harness;
  }

  uri(file: string): string {
    return pathToFileURL(path.join(this.workspace, file)).href;
  }

  async send<P, A>(type: RequestType<P, A>, params: P): Promise<A> {
    return await this.connection.sendRequest<A>(type.method, params as object);
  }

  /** The value of an outcome; a failure fails the test with its message. */
  async value<P, V>(type: RequestType<P, Outcome<V>>, params: P): Promise<V> {
    const outcome = await this.send(type, params);
    if (!outcome.ok) throw new Error(`${outcome.failure.reason}: ${outcome.failure.message}`);
    return outcome.value;
  }

  /** Answers what the server asks of its client from now on. The token tells when it does not want to know any more. */
  answer<P, A>(type: RequestType<P, A>, handler: (params: P, token: CancellationToken) => A | Promise<A>): void {
    this.connection.onRequest(type.method, async (params: P, token: CancellationToken): Promise<unknown> => await handler(params, token));
  }

  /** The next notification that fits. */
  next<P>(type: NotificationType<P>, fits: (params: P) => boolean): Promise<P> {
    return this.#next(type.method, fits);
  }

  /** What a question is answered with once the answer fits: asked again whenever a view may have changed, for which there are more reasons than one. */
  async once<A>(ask: () => Promise<A>, fits: (answer: A) => boolean): Promise<A> {
    for (;;) {
      const changed = Promise.race([this.next(reviewDidChange, () => true), this.next(statusDidChange, () => true)]);
      const answer = await ask();
      if (fits(answer)) return answer;
      await changed;
    }
  }

  /** Diagnostics of a file, when they next fit. */
  async diagnostics(file: string, fits: (diagnostics: readonly PublishedDiagnostic[]) => boolean): Promise<readonly PublishedDiagnostic[]> {
    const published = await this.#next<{ readonly uri: string; readonly diagnostics: readonly PublishedDiagnostic[] }>(
      "textDocument/publishDiagnostics",
      ({ uri, diagnostics }) => uri === this.uri(file) && fits(diagnostics),
    );
    return published.diagnostics;
  }

  /** Resolves when the vectors of a data set are there. */
  ready(): Promise<DatasetStatus> {
    return this.next(statusDidChange, ({ phase }) => phase === "ready");
  }

  open(file: string, text: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: this.uri(file), languageId: "jsonl", version: this.#version, text },
    });
  }

  change(file: string, contentChanges: readonly object[]): Promise<void> {
    this.#version += 1;
    return this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: this.uri(file), version: this.#version },
      contentChanges,
    });
  }

  /** A person saves: the editor announces it, the file is written, the editor says so. */
  async save(file: string, text: string): Promise<void> {
    const textDocument = { uri: this.uri(file) };
    await this.connection.sendNotification("textDocument/willSave", { textDocument, reason: 1 });
    writeFileSync(path.join(this.workspace, file), text);
    await this.connection.sendNotification("textDocument/didSave", { textDocument });
    await this.changedOnDisk(file);
  }

  /** What an editor's file watcher says after any change of a file. */
  changedOnDisk(...files: readonly string[]): Promise<void> {
    const changes = files.map((file) => ({ uri: this.uri(file), type: 2 }));
    return this.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = new Promise((resolve) => this.process.once("exit", resolve));
      await this.connection.sendRequest("shutdown");
      await this.connection.sendNotification("exit");
      await exited;
    }
    this.connection.dispose();
    if (this.#owned !== undefined) rmSync(this.#owned, { recursive: true, force: true, maxRetries: 5 });
  }

  readonly #waiting = new Map<string, Set<(params: never) => void>>();

  #next<P>(method: string, fits: (params: P) => boolean): Promise<P> {
    return new Promise((resolve) => {
      const listeners = this.#listeners(method);
      const listener = (params: P): void => {
        if (!fits(params)) return;
        listeners.delete(listener);
        resolve(params);
      };
      listeners.add(listener);
    });
  }

  #listeners(method: string): Set<(params: never) => void> {
    const known = this.#waiting.get(method);
    if (known !== undefined) return known;
    const listeners = new Set<(params: never) => void>();
    this.#waiting.set(method, listeners);
    this.connection.onNotification(method, (params: object) => {
      for (const listener of [...listeners]) listener(params as never);
    });
    return listeners;
  }
}

export interface PublishedDiagnostic {
  readonly code?: string;
  readonly message: string;
  readonly severity?: number;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}
