import path from "node:path";
import { EventEmitter, window } from "vscode";
import type { CancellationToken, Disposable, Event, LogOutputChannel } from "vscode";
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, TransportKind } from "vscode-languageclient/node";
import type { ErrorHandler, LanguageClientOptions } from "vscode-languageclient/node";
import type { NotificationType, RequestType } from "#protocol/rpc";
import { RestartPolicy } from "./restartPolicy";
import { codeLensEnabled, serverOptions } from "./settings";

/** The language server as the rest of the extension sees it: typed requests, notifications, and word of its restarts. */
export class ServerClient implements Disposable {
  readonly #client: LanguageClient;
  readonly #policy = new RestartPolicy();
  readonly #restarted = new EventEmitter<void>();
  readonly #notifications = new Map<string, EventEmitter<unknown>>();
  readonly #log: LogOutputChannel;
  #runBefore = false;

  constructor(extensionPath: string, log: LogOutputChannel) {
    this.#log = log;
    const module = path.join(extensionPath, "dist", "server.cjs");
    this.#client = new LanguageClient("nearmiss", "Nearmiss", { module, transport: TransportKind.ipc }, this.#options());
    this.#client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) return;
      if (this.#runBefore) this.#restarted.fire();
      this.#runBefore = true;
    });
  }

  /** Fires when a new server process has taken the place of an earlier one: whatever was opened there must be opened again. */
  get onDidRestart(): Event<void> {
    return this.#restarted.event;
  }

  async start(): Promise<void> {
    await this.#client.start();
  }

  async restart(): Promise<void> {
    this.#policy.forgive();
    await this.#client.restart();
  }

  async request<Params, Answer>(type: RequestType<Params, Answer>, params: Params, token?: CancellationToken): Promise<Answer> {
    return await this.#client.sendRequest<Answer>(type.method, params, token);
  }

  /** Answers a request of the server. One handler for each; it stays through restarts of the server. */
  handle<Params, Answer>(
    type: RequestType<Params, Answer>,
    handler: (params: Params, token: CancellationToken) => Promise<Answer>,
  ): Disposable {
    return this.#client.onRequest(type.method, async (params: Params, token: CancellationToken) => await handler(params, token));
  }

  /** Any number of handlers may listen to one notification; the client library itself would keep the last one only. */
  onNotification<Params>(type: NotificationType<Params>, handler: (params: Params) => void): Disposable {
    const known = this.#notifications.get(type.method);
    const emitter = known ?? new EventEmitter<unknown>();
    if (known === undefined) {
      this.#notifications.set(type.method, emitter);
      this.#client.onNotification(type.method, (params: unknown) => {
        emitter.fire(params);
      });
    }
    return emitter.event(handler as (params: unknown) => void);
  }

  dispose(): void {
    this.#restarted.dispose();
    for (const emitter of this.#notifications.values()) emitter.dispose();
    this.#client.dispose().catch((error: unknown) => {
      this.#log.error("server: could not be ended", error);
    });
  }

  #options(): LanguageClientOptions {
    return {
      // The config file is VS Code's to check, by its schema; the server reads it from disk and watches it there.
      documentSelector: [{ scheme: "file", language: "jsonl" }],
      initializationOptions: serverOptions,
      outputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: this.#errorHandler(),
      middleware: {
        provideCodeLenses: async (document, token, next) => (codeLensEnabled() ? await next(document, token) : []),
      },
    };
  }

  #errorHandler(): ErrorHandler {
    return {
      // A broken message is the message's own failure; the connection itself reports its end through `closed`.
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        if (this.#policy.ended()) {
          this.#log.warn("server: ended unexpectedly and is started again");
          return { action: CloseAction.Restart, handled: true };
        }
        this.#log.error("server: keeps ending and is not started again");
        void this.#offerRestart();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }

  async #offerRestart(): Promise<void> {
    const choice = await window.showErrorMessage("The Nearmiss server keeps ending. No mark is lost.", "Restart", "Show Log");
    if (choice === "Show Log") this.#log.show();
    if (choice === "Restart") await this.restart();
  }
}
