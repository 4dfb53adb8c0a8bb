import { readdir } from "node:fs/promises";
import path from "node:path";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import { parseConfig } from "#core/config/parseConfig";
import { severityOf } from "#core/diagnostics/catalogue";
import { checkDocument } from "#core/diagnostics/checkFile";
import { checkQrels } from "#core/diagnostics/checkQrels";
import type { Diagnostic } from "#core/diagnostics/diagnostic";
import { beirQueries } from "#core/formats/beirQueries";
import { parseQrels } from "#core/formats/qrels";
import { recogniseLines } from "#core/formats/recogniseLines";
import { RowDocument } from "#core/jsonl/rowDocument";
import { failureText } from "#core/util/failure";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { configFile, loadConfigText } from "../runtime/store/configStore";
import { readAllLines } from "../runtime/store/fileSource";
import type { SourceLine } from "../runtime/store/lineCutter";
import { findHome, isFolder } from "../runtime/store/projectHome";
import { ioFailure } from "../runtime/store/ioFailure";
import type { CheckArguments } from "./arguments";
import { EXIT_FINDINGS, EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { correctConfig } from "./openMining";
import { shownPath } from "./shownPath";
import { counted } from "./words";

/** A finding as `check` prints it. Line and column are 1-based, columns in UTF-16 units. */
interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

/** `nearmiss check`: findings on standard output, one a line or as one JSON array. Answers 1 where there are errors or warnings. */
export async function checkCommand(args: CheckArguments, host: CliHost): Promise<Result<number>> {
  const findings: Finding[] = [];
  let files = 0;
  for (const named of args.paths) {
    const listed = await filesToCheck(path.resolve(host.cwd, named));
    if (!listed.ok) return listed;
    for (const file of listed.value) {
      if (host.cancellation.requested) return err({ reason: "cancelled", message: "Stopped." });
      host.progress(`Checking ${shownPath(file, host.cwd)}`);
      const found = await checkPath(file, { host, isNamed: listed.value.length === 1 });
      if (!found.ok) return found;
      files += 1;
      findings.push(...found.value);
      if (!args.json) await host.print(found.value.map(findingLine).join(""));
    }
  }
  host.progress("");
  if (args.json) await host.print(`${JSON.stringify(findings, null, 2)}\n`);
  const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning").length;
  host.tell(
    `${counted(files, "file", "files")} checked, ${counted(findings.length, "finding", "findings")}, ${String(grave)} of them errors or warnings.`,
  );
  return ok(grave > 0 ? EXIT_FINDINGS : EXIT_OK);
}

function findingLine({ file, line, column, severity, code, message }: Finding): string {
  return `${file}:${String(line)}:${String(column)} ${severity} ${code} ${message}\n`;
}

/** The file itself, or the data files in a folder at any depth, hidden folders and packages left out. */
async function filesToCheck(named: string): Promise<Result<readonly string[]>> {
  if (!(await isFolder(named))) return ok([named]);
  try {
    const entries = await readdir(named, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => isDataFile(path.relative(named, file)))
      .sort();
    if (files.length > 0) return ok(files);
    return err({
      reason: "missing-file",
      message: "There is no data file in this folder.",
      nextStep: "Name a .jsonl file, or a folder that holds some.",
      place: { file: named },
    });
  } catch (error) {
    return err(ioFailure(error, named, "read"));
  }
}

function isDataFile(relative: string): boolean {
  if (relative.split(path.sep).some((part) => part.startsWith(".") || part === "node_modules")) return false;
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(relative) || isQrels(relative);
}

function isQrels(file: string): boolean {
  return /(^|[/\\])qrels[/\\][^/\\]+\.tsv(\.gz)?$/i.test(file);
}

interface PathContext {
  readonly host: CliHost;
  /** Whether the person named this very file: one in no known format is then an error, not a bystander. */
  readonly isNamed: boolean;
}

async function checkPath(file: string, { host, isNamed }: PathContext): Promise<Result<readonly Finding[]>> {
  const config = await configFor(file);
  if (!config.ok) return config;
  const read = await readAllLines(file, { cancellation: host.cancellation });
  if (!read.ok) return isFinding(read.failure) ? ok([unreadable(read.failure, shownPath(file, host.cwd))]) : read;
  const { lines, facts } = read.value;
  const diagnostics = isQrels(file)
    ? await qrelsDiagnostics(file, lines, config.value)
    : ok(rowDiagnostics(file, { lines, finalNewline: facts.finalNewline, badLines: facts.badLines }, config.value));
  if (!diagnostics.ok) return diagnostics;
  const shown = shownPath(file, host.cwd);
  return ok(
    diagnostics.value
      .map(({ line, span, code, severity, message }) => ({
        file: shown,
        line: line + 1,
        column: span.start + 1,
        code,
        severity: code === "HN101" && isNamed && config.value.checks.HN101 === undefined ? ("error" as const) : severity,
        message,
      }))
      .sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)),
  );
}

/** A file in the wrong encoding is something that `check` finds; one that cannot be opened is not. */
function isFinding(failure: Failure): boolean {
  return failure.reason === "bad-encoding" || failure.reason === "unsupported";
}

function unreadable({ message, nextStep, place }: Failure, file: string): Finding {
  const text = failureText({ reason: "bad-encoding", message, ...(nextStep === undefined ? {} : { nextStep }) });
  return { file, line: place?.line ?? 1, column: 1, code: "HN004", severity: "error", message: text };
}

interface ReadLines {
  readonly lines: readonly SourceLine[];
  readonly finalNewline: boolean;
  readonly badLines: readonly number[];
}

function rowDiagnostics(file: string, { lines, finalNewline, badLines }: ReadLines, config: Config): readonly Diagnostic[] {
  const texts = lines.map(({ text }) => text);
  const isPart = /^(corpus|queries)\.jsonl(\.gz)?$/.test(path.basename(file));
  const recognised = recogniseLines(texts, isPart || config.data.format === "beir" ? "auto" : config.data.format);
  const format = recognised.ok
    ? isQueriesFile(file) && recognised.value.format.id === "corpus"
      ? beirQueries
      : recognised.value.format
    : undefined;
  const document = RowDocument.fromLines([...texts, ...(finalNewline ? [""] : [])], format);
  const options = {
    severities: config.checks,
    undecodable: badLines.map((line) => line - 1),
    ...(recognised.ok ? {} : { formatFailure: recognised.failure }),
  };
  return [...checkDocument(document, options)].flat();
}

function isQueriesFile(file: string): boolean {
  return /^queries\.jsonl(\.gz)?$/.test(path.basename(file));
}

/** Judgements are checked against the queries and the corpus that lie in the folder above. */
async function qrelsDiagnostics(file: string, lines: readonly SourceLine[], config: Config): Promise<Result<readonly Diagnostic[]>> {
  if (severityOf("HN302", config.checks) === undefined) return ok([]);
  const folder = path.dirname(path.dirname(file));
  const queries = await idsIn(path.join(folder, "queries.jsonl"));
  if (!queries.ok) return queries;
  const corpus = await idsIn(path.join(folder, "corpus.jsonl"));
  if (!corpus.ok) return corpus;
  const known = { hasQuery: (id: string) => queries.value.has(id), hasDocument: (id: string) => corpus.value.has(id) };
  return ok(checkQrels(parseQrels(lines.map(({ text }) => text)), known, (line) => lines[line]?.text.length ?? 0, config.checks));
}

async function idsIn(plain: string): Promise<Result<ReadonlySet<string>>> {
  const direct = await readAllLines(plain);
  const read = direct.ok || direct.failure.reason !== "missing-file" ? direct : await readAllLines(`${plain}.gz`);
  if (!read.ok) return read;
  const rows = RowDocument.fromLines(
    read.value.lines.map(({ text }) => text),
    beirQueries,
  );
  const ids = new Set<string>();
  for (const { row } of rows.rows()) if (row.record?.query?.id !== undefined) ids.add(row.record.query.id);
  return ok(ids);
}

async function configFor(file: string): Promise<Result<Config>> {
  const home = await findHome(file);
  const text = await loadConfigText(home);
  if (!text.ok) return text;
  if (text.value === undefined) return ok(defaultConfig);
  const parsed = parseConfig(text.value);
  return parsed.ok ? parsed : err(correctConfig({ ...parsed.failure, place: { ...parsed.failure.place, file: configFile(home) } }));
}
