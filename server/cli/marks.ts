import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { buildCollection } from "#core/collection/buildCollection";
import type { Collection } from "#core/collection/collection";
import { queriesWithKey } from "#core/collection/lookups";
import type { VerdictMark } from "#core/marks/mark";
import { verdictsForQuery } from "#core/marks/verdictsForQuery";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { loadDataset } from "../runtime/store/loadDataset";
import { RowTables } from "../runtime/store/rowTable";
import type { MarksArguments } from "./arguments";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { correctConfig, readMarks } from "./openMining";
import { counted } from "./words";

/** One verdict in force, with the texts it is about as far as the data still has them. */
interface ShownMark {
  readonly verdict: string;
  readonly author: string;
  readonly time: string;
  readonly query_id: string | null;
  readonly query: string | null;
  readonly doc_id: string | null;
  readonly text: string | null;
  readonly note: string | null;
}

/** `nearmiss marks`: the verdicts in force on a data set. */
export async function marksCommand(args: MarksArguments, host: CliHost): Promise<Result<number>> {
  const loaded = await loadDataset(path.resolve(host.cwd, args.dataset), { tables: new RowTables(() => nextTurn()) });
  if (!loaded.ok) return err(correctConfig(loaded.failure));
  const marks = await readMarks(loaded.value, host);
  if (!marks.ok) return marks;
  const collection = buildCollection(loaded.value.input, sha256);
  const inForce = marks.value.inForce();
  const shown = inForce.map((mark) => shownMark(mark, collection));
  const stale = inForce.filter((mark) => isStale(mark, collection)).length;
  const conflicts = collection.queries.reduce(
    (sum, query) => sum + verdictsForQuery(marks.value, collection, query, "").conflicts.length,
    0,
  );
  const verdicts = tally(inForce.map(({ verdict }) => verdict));
  const authors = tally(inForce.map(({ author }) => author));
  if (args.json) {
    await host.print(`${JSON.stringify({ marks: shown, verdicts, authors, conflicts, stale }, null, 2)}\n`);
    return ok(EXIT_OK);
  }
  const lines = [
    ...shown.map(
      ({ verdict, author, query, text }) => `${verdict}\t${author}\t${excerpt(query)}\t${verdict === "bad_query" ? "" : excerpt(text)}`,
    ),
    ...Object.entries(verdicts).map(([verdict, n]) => `${String(n)} ${verdict}`),
    `${counted(inForce.length, "mark", "marks")} by ${counted(Object.keys(authors).length, "person", "people")}, ${String(conflicts)} in conflict, ${String(stale)} on texts that are gone`,
  ];
  await host.print(`${lines.join("\n")}\n`);
  return ok(EXIT_OK);
}

function shownMark(mark: VerdictMark, collection: Collection): ShownMark {
  const query = collection.queries[queriesWithKey(collection, mark.query.key)[0] ?? -1];
  const group = mark.document === undefined ? undefined : collection.groupOfKey.get(mark.document.key);
  const document = group === undefined ? undefined : collection.documents[collection.groups[group]?.[0] ?? -1];
  return {
    verdict: mark.verdict,
    author: mark.author,
    time: mark.time,
    query_id: query?.id ?? mark.query.id ?? null,
    query: query?.text ?? null,
    doc_id: mark.document?.id ?? document?.id ?? null,
    text: document?.text ?? null,
    note: mark.note ?? null,
  };
}

function isStale(mark: VerdictMark, collection: Collection): boolean {
  return (
    queriesWithKey(collection, mark.query.key).length === 0 ||
    (mark.document !== undefined && !collection.groupOfKey.has(mark.document.key))
  );
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The beginning of a text on one line; control characters would act on the terminal. */
function excerpt(text: string | null): string {
  if (text === null) return "(gone)";
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
