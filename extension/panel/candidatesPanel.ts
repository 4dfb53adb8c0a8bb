import { Uri } from "vscode";
import type { Disposable, WebviewPanel } from "vscode";
import { panelCommand, panelReady, showLine } from "#protocol/host";
import type { PanelCommand, PanelStart } from "#protocol/host";
import { connectPanel } from "../bridge";
import type { HostActions, PanelConnection } from "../bridge";
import type { ServerClient } from "../client";
import { singleKeys } from "../settings";
import { panelHtml, webviewRoot } from "./html";

export const panelViewType = "nearmiss.review";

/** What a panel needs besides its data set. */
export interface PanelServices {
  readonly extensionUri: Uri;
  readonly client: ServerClient;
  readonly actions: HostActions;
}

/** The review of one data set: a webview panel and its connection to the server. */
export class CandidatesPanel implements Disposable {
  readonly dataset: Uri;
  readonly #panel: WebviewPanel;
  readonly #services: PanelServices;
  #connection: PanelConnection;
  /** Where to begin; told to the page when it reports that it listens, and forgotten after that, so that a reload stays at its query. */
  #line: number | undefined;
  /** What to carry out first, kept and told as the line is. */
  #command: PanelCommand | undefined;
  /** False while the page is loading or hidden: it is taken down when hidden, and reports anew when shown. */
  #listening = false;

  constructor(panel: WebviewPanel, dataset: Uri, line: number | undefined, services: PanelServices) {
    this.dataset = dataset;
    this.#panel = panel;
    this.#line = line;
    this.#services = services;
    this.#connection = this.#connect();
    panel.title = `Nearmiss: ${baseName(dataset)}`;
    panel.iconPath = Uri.joinPath(services.extensionUri, "extension", "media", "panel.svg");
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(services.extensionUri)] };
    panel.webview.html = panelHtml(panel.webview, services.extensionUri);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#reconnect();
    });
  }

  get active(): boolean {
    return this.#panel.active;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  /** Brings the panel to the front and goes to a line of the training file. */
  show(line: number | undefined): void {
    this.#panel.reveal(undefined, false);
    if (line === undefined) return;
    if (this.#listening) this.#connection.channel.notify(showLine, { dataset: this.dataset.toString(), line });
    else this.#line = line;
  }

  /** Has the page carry out a command: now, or when it reports that it listens. */
  carryOut(command: PanelCommand): void {
    if (this.#listening) this.#connection.channel.notify(panelCommand, { command });
    else this.#command = command;
  }

  /** Starts the page anew; it restores its place from its own state. */
  reload(): void {
    this.#reconnect();
    this.#panel.webview.html = panelHtml(this.#panel.webview, this.#services.extensionUri);
  }

  onDidChange(listener: () => void): void {
    this.#panel.onDidChangeViewState(listener);
  }

  onDidClose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  /** Ends the connection. The panel itself stays: VS Code closes it, or brings it back after a reload of the window. */
  dispose(): void {
    this.#connection.dispose();
  }

  #connect(): PanelConnection {
    const dataset = this.dataset.toString();
    const connection = connectPanel(this.#panel.webview, this.#services.client, this.#services.actions, dataset);
    connection.channel.handle(panelReady, () => {
      const start = { dataset, singleKeys: singleKeys() };
      const answer: PanelStart = {
        ...start,
        ...(this.#line === undefined ? {} : { line: this.#line }),
        ...(this.#command === undefined ? {} : { command: this.#command }),
      };
      this.#line = undefined;
      this.#command = undefined;
      this.#listening = true;
      return answer;
    });
    return connection;
  }

  /** A page that is loaded anew numbers its requests from the start: answers meant for the earlier one must not reach it. */
  #reconnect(): void {
    this.#listening = false;
    this.#connection.dispose();
    this.#connection = this.#connect();
  }
}

function baseName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
