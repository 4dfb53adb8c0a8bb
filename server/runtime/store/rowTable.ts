import { stat } from "node:fs/promises";
import type { CollectionRow } from "#core/collection/buildCollection";
import { beirQueries } from "#core/formats/beirQueries";
import type { FormatId, RecordFormat } from "#core/formats/format";
import { plainCorpus, titledCorpus } from "#core/formats/plainCorpus";
import { recogniseLines } from "#core/formats/recogniseLines";
import { formatById } from "#core/formats/registry";
import { readRow } from "#core/jsonl/readRecord";
import type { Breathe } from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { readFileLines } from "./fileSource";
import type { FileFacts } from "./fileSource";
import type { SourceLine } from "./lineCutter";

/** The records of one file on disk, without its lines. */
export interface RowTable {
  readonly format: RecordFormat;
  readonly rows: readonly CollectionRow[];
  /** Problems found in single lines. */
  readonly problems: number;
  readonly facts: FileFacts;
}

export interface ReadTableOptions {
  /** "queries" reads the queries file of a BEIR folder, which no record alone can tell from a corpus. */
  readonly format: FormatId | "auto" | "queries";
  /** Whether a plain corpus is read with its titles joined to its texts. */
  readonly joinTitles?: boolean;
  readonly breathe?: Breathe;
  readonly cancellation?: Cancellation;
}

/** Reads a data file once and keeps what mining needs of it. */
export async function readRowTable(file: string, options: ReadTableOptions): Promise<Result<RowTable>> {
  const rows: CollectionRow[] = [];
  const table: { format?: RecordFormat; problems: number; refusal?: Result<never> } = { problems: 0 };
  const facts = await readFileLines(
    file,
    (lines) => {
      if (table.refusal !== undefined) return;
      if (table.format === undefined) {
        const recognised = recognise(lines, options);
        if (!recognised.ok) {
          table.refusal = { ok: false, failure: { ...recognised.failure, place: { file } } };
          return;
        }
        table.format = recognised.value;
      }
      for (const { line, text, bytes } of lines) {
        // Readers stop at such a line, so nothing in it is used: HN004.
        if (bytes !== undefined) {
          table.problems += 1;
          continue;
        }
        const row = readRow(text, table.format);
        table.problems += row.problems.length;
        if (row.record !== undefined) rows.push({ line, record: row.record });
      }
    },
    options,
  );
  if (!facts.ok) return facts;
  if (table.refusal !== undefined) return table.refusal;
  if (table.format === undefined) {
    const recognised = recognise([], options);
    if (!recognised.ok) return { ok: false, failure: { ...recognised.failure, place: { file } } };
    table.format = recognised.value;
  }
  return ok({ format: table.format, rows, problems: table.problems, facts: facts.value });
}

function recognise(lines: readonly SourceLine[], { format, joinTitles = false }: ReadTableOptions): Result<RecordFormat> {
  if (format === "queries") return ok(beirQueries);
  if (format !== "auto") return ok(formatById(format));
  const recognised = recogniseLines(lines.map(({ text }) => text));
  if (!recognised.ok) return recognised;
  return ok(joinTitles && recognised.value.format === plainCorpus ? titledCorpus : recognised.value.format);
}

/** Tables of files that have not changed since they were read; a large corpus is read once, not at every edit of the training set. */
export class RowTables {
  readonly #breathe: Breathe;
  readonly #tables = new Map<string, RowTable>();

  constructor(breathe: Breathe) {
    this.#breathe = breathe;
  }

  async read(file: string, options: ReadTableOptions): Promise<Result<RowTable>> {
    const name = `${options.format} ${String(options.joinTitles === true)} ${file}`;
    const known = this.#tables.get(name);
    if (known !== undefined && (await isUnchanged(file, known.facts))) return ok(known);
    this.#tables.delete(name);
    const table = await readRowTable(file, { breathe: this.#breathe, ...options });
    if (table.ok) this.#tables.set(name, table.value);
    return table;
  }
}

async function isUnchanged(file: string, facts: FileFacts): Promise<boolean> {
  try {
    const now = await stat(file);
    return now.size === facts.bytes && now.mtimeMs === facts.mtimeMs;
  } catch {
    // Whatever is wrong with the file, reading it will say.
    return false;
  }
}
