import { DiagnosticSeverity } from "vscode-languageserver";
import type { Connection, Diagnostic as LspDiagnostic } from "vscode-languageserver";
import type { MarkFileProblem } from "#core/marks/readMarkFiles";
import { DIAGNOSTIC_SOURCE } from "./toLsp";
import type { ServerHost } from "./serverHost";

/** Beyond any line's end: the protocol takes a character past the end of a line as its end. */
const LINE_END = 1_000_000;

/** Tells what is wrong with files of marks and of suggestions, at their lines, in the editor's list of problems. */
export class MarkDiagnostics {
  readonly #connection: Connection;
  readonly #host: Pick<ServerHost, "toUri">;
  /** Files with problems, by the project that they were told for. */
  readonly #told = new Map<string, ReadonlySet<string>>();

  constructor(connection: Connection, host: Pick<ServerHost, "toUri">) {
    this.#connection = connection;
    this.#host = host;
  }

  /** Takes the place of what was told for the project before. Data sets of one project have one set of marks. */
  tell(homeFolder: string, problems: readonly MarkFileProblem[]): void {
    const files = new Set(problems.map(({ file }) => file));
    for (const file of new Set([...files, ...(this.#told.get(homeFolder) ?? [])])) {
      const diagnostics = problems.filter((problem) => problem.file === file).map(toLsp);
      void this.#connection.sendDiagnostics({ uri: this.#host.toUri(file), diagnostics });
    }
    this.#told.set(homeFolder, files);
  }
}

/** Whether a file is one of the program's own in a project: it is no data, whatever its name. */
export function isHomeFile(uri: string): boolean {
  return uri.includes("/.nearmiss/");
}

function toLsp({ line, message, severity }: MarkFileProblem): LspDiagnostic {
  return {
    range: { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: LINE_END } },
    severity: severity === "warning" ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
    source: DIAGNOSTIC_SOURCE,
    message,
  };
}
