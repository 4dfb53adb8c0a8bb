import { MarkupKind } from "vscode-languageserver";
import type { Connection, Hover, Position } from "vscode-languageserver";
import type { JsonPath, RecordPassage, TrainingRecord } from "#core/formats/format";
import { locate } from "#core/jsonl/readRecord";
import { candidateGradients } from "#core/gradients/candidateGradients";
import type { CandidateGradient } from "#core/gradients/candidateGradients";
import { gradientSettings } from "#core/gradients/gradientSettings";
import type { Candidate } from "#core/mining/candidate";
import { explain } from "#core/mining/explain";
import { percent, short } from "#core/mining/numbersInWords";
import type { Pool } from "#core/mining/pool";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import type { OpenDocument, OpenDocuments } from "../openDocuments";
import type { ServerHost } from "../serverHost";
import { counted } from "../words";

export interface HoverSources {
  readonly documents: OpenDocuments;
  readonly datasets: Datasets;
  readonly host: ServerHost;
}

/** Lines of other uses that a hover names. */
const USES_SHOWN = 5;

/** On a passage: its part in the record, score, rank, and where else it is used. Never embeds anything. */
export function registerHover(connection: Connection, { documents, datasets, host }: HoverSources): void {
  connection.onHover(async ({ textDocument, position }): Promise<Hover | null> => {
    const document = documents.get(textDocument.uri);
    const target = document === undefined ? undefined : passageAt(document, position);
    if (document === undefined || target === undefined) return null;
    const path = host.toPath(document.uri);
    const opened = path === undefined ? undefined : (datasets.withQueriesIn(path) ?? (await openQuietly(datasets, document.uri)));
    const lines = [target.role, ...(opened === undefined ? [] : describe(opened, target))];
    // Plain text: what stands in the data is never read as markup.
    return { contents: { kind: MarkupKind.PlainText, value: lines.join("\n") }, range: target.range };
  });
}

interface HoverTarget {
  readonly role: string;
  readonly passage: RecordPassage | undefined;
  /** 1-based line of the record. */
  readonly line: number;
  readonly range: Hover["range"] & object;
}

async function openQuietly(datasets: Datasets, uri: string): Promise<OpenDataset | undefined> {
  const opened = await datasets.open(uri, { forReview: false });
  return opened.ok ? opened.value : undefined;
}

function passageAt(document: OpenDocument, position: Position): HoverTarget | undefined {
  const { line, offset } = document.rows.fromPosition(position);
  const { record } = document.rows.row(line);
  if (record === undefined) return undefined;
  const text = document.rows.line(line);
  for (const part of partsOf(record)) {
    const span = locate(text, part.path);
    if (span === undefined || offset < span.start || offset >= span.end) continue;
    const range = { start: document.rows.toPosition(line, span.start), end: document.rows.toPosition(line, span.end) };
    return { role: part.role, passage: part.passage, line: line + 1, range };
  }
  return undefined;
}

interface RecordPart {
  readonly role: string;
  readonly path: JsonPath;
  readonly passage?: RecordPassage;
}

function* partsOf(record: TrainingRecord): Generator<RecordPart> {
  const { query, positives, negatives, documents } = record;
  if (query !== undefined) {
    yield {
      role: `Query with ${counted(positives.length, "positive")} and ${counted(negatives.length, "listed negative")} on this line`,
      path: query.path,
    };
  }
  const lists = [
    ["Positive", positives],
    ["Listed negative", negatives],
    ["Passage", documents],
  ] as const;
  for (const [name, passages] of lists) {
    for (const [i, passage] of passages.entries()) {
      yield { role: passages.length === 1 ? name : `${name} ${String(i + 1)} of ${String(passages.length)}`, path: passage.path, passage };
    }
  }
}

function describe(dataset: OpenDataset, target: HoverTarget): readonly string[] {
  const index = dataset.queryAtLine(target.line);
  const { collection } = dataset.session;
  const group = target.passage === undefined ? undefined : dataset.groupOfText(target.passage.text);
  if (group === undefined) return [];
  const mined = index === undefined ? undefined : dataset.session.peek(index);
  const candidates = mined === undefined ? [] : explain(mined);
  const candidate = candidates.find(({ document }) => collection.documents[document]?.group === group);
  const scores = candidate === undefined || mined === undefined ? [] : scoreLines(candidate, mined.pool.retrieval);
  const settings = gradientSettings(dataset.session.config.training);
  const gradient = candidate === undefined || mined === undefined ? undefined : candidateGradients(mined, settings).of(candidate.document);
  return [...scores, ...(gradient === undefined ? [] : [gradientLine(gradient, settings.temperature)]), ...usesOf(dataset, group, index)];
}

function scoreLines(candidate: Candidate, retrieval: Pool["retrieval"]): readonly string[] {
  const { score, rank, positiveSimilarity, rescored, probability, sources, kept, reason } = candidate;
  const scale = retrieval === "lexical" ? "BM25 score" : "Similarity";
  const toPositive = Number.isNaN(positiveSimilarity) ? "" : `, ${positiveSimilarity.toFixed(3)} to the nearest positive`;
  const place = rank === 0 ? "not among the nearest" : `rank ${String(rank)}`;
  const chance = probability === undefined ? "" : `, drawn first with probability ${percent(probability)}`;
  return [
    `${scale} ${score.toFixed(3)}${toPositive}, ${place}`,
    ...(rescored === undefined ? [] : [`Second score ${rescored.toFixed(3)}`]),
    ...(sources.length === 0 ? [] : [`Found by ${sources.join(", ")}${chance}`]),
    `${kept ? "Kept" : "Dropped"}: ${reason}`,
  ];
}

function gradientLine({ kind, weight, norm, share, push }: CandidateGradient, temperature: number): string {
  const effect = push < 0 ? `raises the positive's score by ${short(-push)}` : `lowers the positive's score by ${short(push)}`;
  return `Gradient at tau ${String(temperature)}: ${kind}; p ${short(weight)}, length ${short(norm)}, ${percent(share)} of the negatives' gradient, ${effect} a unit step`;
}

function usesOf(dataset: OpenDataset, group: number, self: number | undefined): readonly string[] {
  const others = dataset.queriesUsing(group).filter(({ query }) => query !== self);
  if (others.length === 0) return ["Used by no other query"];
  const named = others.slice(0, USES_SHOWN).map(({ as, line }) => `${as} on line ${String(line)}`);
  const rest = others.length > USES_SHOWN ? `, and ${String(others.length - USES_SHOWN)} more` : "";
  return [`Also used by ${counted(others.length, "other query", "other queries")}: ${named.join(", ")}${rest}`];
}
