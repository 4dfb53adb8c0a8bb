import { CodeActionKind, CodeLensRefreshRequest, DidChangeWatchedFilesNotification, TextDocumentSyncKind } from "vscode-languageserver";
import type { Connection, InitializeParams, InitializeResult } from "vscode-languageserver";
import type { ServerOptions } from "#protocol/serverOptions";
import { Datasets } from "./datasets";
import { Diagnostics } from "./diagnostics";
import { FIX_ALL, registerCodeActions } from "./handlers/codeActions";
import { registerCodeLens } from "./handlers/codeLens";
import { EditRecorder } from "./handlers/edits";
import { registerCuration } from "./handlers/curation";
import { registerDocumentSymbols } from "./handlers/documentSymbols";
import { registerExporting } from "./handlers/exporting";
import { registerGradients } from "./handlers/gradients";
import { registerHover } from "./handlers/hover";
import { registerLabelling } from "./handlers/labelling";
import { registerMarks } from "./handlers/marks";
import { registerMarksAsEdits } from "./handlers/marksAsEdits";
import { registerReview } from "./handlers/review";
import { registerSampler } from "./handlers/sampler";
import { registerStatus } from "./handlers/status";
import { registerTraining } from "./handlers/training";
import { collectionRows, countProblems, OpenDocuments } from "./openDocuments";
import type { OpenRows, ServerHost } from "./serverHost";

/** Machine matters that the client knows when it starts the server. */
export interface ServerStart {
  readonly options: ServerOptions;
  readonly workspaceFolders: readonly string[];
}

/** Wires the language server to a connection. `makeHost` is called once, when the client says who it is. */
export function startServer(connection: Connection, makeHost: (start: ServerStart) => Promise<ServerHost>): void {
  connection.onInitialize(async (params) => {
    const host = await makeHost(startOf(params));
    wire(connection, host);
    return initializeResult;
  });
  connection.onInitialized(() => {
    void connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: "**/*.{jsonl,ndjson,tsv}" }, { globPattern: "**/.nearmiss/**" }],
    });
  });
  connection.listen();
}

const initializeResult: InitializeResult = {
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, willSave: true, save: { includeText: false } },
    codeLensProvider: { resolveProvider: false },
    hoverProvider: true,
    documentSymbolProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
  },
  serverInfo: { name: "Nearmiss" },
};

function wire(connection: Connection, host: ServerHost): void {
  const openRows: OpenRows = (path) => {
    const document = documents.get(host.toUri(path));
    return document === undefined ? undefined : { rows: collectionRows(document), problems: countProblems(document) };
  };
  const refresh = refresher(connection, host);
  const datasets = new Datasets(connection, host, openRows, (dataset) => {
    // Marks are part of what is wrong with the text that lists the marked passages.
    const document = documents.get(host.toUri(dataset.loaded.queryFile));
    if (document !== undefined) diagnostics.documentChanged(document);
    refresh();
  });
  const diagnostics = new Diagnostics(connection, host, datasets, refresh);
  const edits = new EditRecorder(connection, { host, datasets });
  const documents = new OpenDocuments(connection, {
    opened: (document) => {
      edits.texts.opened(document);
    },
    willSave: (uri) => {
      edits.texts.willSave(uri);
    },
    saved: (document) => {
      edits.saved(document);
    },
    changed: (document) => {
      edits.texts.changed(document);
      diagnostics.documentChanged(document);
      void fileChanged(document.uri);
    },
    closed: (uri) => {
      edits.texts.closed(uri);
      diagnostics.documentClosed(uri);
      void fileChanged(uri);
    },
  });
  const fileChanged = async (uri: string): Promise<void> => {
    const path = host.toPath(uri);
    if (path !== undefined) await datasets.fileChanged(path);
  };
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const [document, path] = [documents.get(uri), host.toPath(uri)];
      if (document !== undefined && path !== undefined) edits.texts.diskChanged(document, path);
      void fileChanged(uri);
    }
  });
  connection.onShutdown(() => datasets.dispose());
  registerReview(connection, datasets);
  registerMarks(connection, datasets);
  registerCuration(connection, datasets);
  registerMarksAsEdits(connection, { datasets, documents, host });
  registerSampler(connection, datasets, host);
  registerGradients(connection, datasets, host);
  registerExporting(connection, { datasets, documents, host });
  registerStatus(connection, datasets);
  registerTraining(connection, datasets);
  registerLabelling(connection, datasets, host);
  registerCodeLens(connection, { documents, datasets, diagnostics, host });
  registerHover(connection, { documents, datasets, host });
  registerDocumentSymbols(connection, documents);
  registerCodeActions(connection, { documents, diagnostics });
}

/** Asks the client for its code lenses again, at most a few times a second. */
function refresher(connection: Connection, host: ServerHost): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    host.later(200, () => {
      due = false;
      void connection.sendRequest(CodeLensRefreshRequest.type);
    });
  };
}

function startOf(params: InitializeParams): ServerStart {
  return {
    options: params.initializationOptions as ServerOptions,
    workspaceFolders: (params.workspaceFolders ?? []).map((folder) => folder.uri),
  };
}
