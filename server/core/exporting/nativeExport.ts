import type { RecordFormat, TrainingRecord } from "../formats/format";
import { normaliseText } from "../collection/textKey";
import { LABEL_COLUMNS } from "../formats/columns";
import { isObject } from "../formats/jsonObject";
import { parseLine, readRow } from "../jsonl/readRecord";
import type { ExportPassage, ExportQuery } from "./exportQuery";
import { arrayText, objectText, quoted, styleOf } from "./jsonText";
import {
  flagembeddingLists,
  keepOrDropPair,
  rewriteLabeledList,
  rewriteLists,
  rewriteTuple,
  tevatronLists,
  unchanged,
} from "./rewriteRecord";
import type { ListLayout, Rewriting } from "./rewriteRecord";

/** One line of the user's file, without its line feed. */
export interface SourceRow {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** Present where the line is not UTF-8: it is then copied as it is. */
  readonly bytes?: Uint8Array;
}

export interface NativeSource {
  readonly format: RecordFormat;
  /** The query on a line, as a number; undefined where no query was read. */
  readonly queryAtLine: (line: number) => number | undefined;
  /** All lines of a query, ascending. */
  readonly linesOf: (query: number) => readonly number[];
  readonly exported: (query: number) => ExportQuery | undefined;
  /** Give FlagEmbedding records the scores of their passages. Formats of columns are made anew for that: see `isMadeAnew`. */
  readonly outputScores?: boolean;
  /** The scores are a teacher's: records that it says too little of have none, not even such as they came with. */
  readonly teacherScores?: boolean;
}

/** What became of the records of the user's file. */
export interface RecordCounts {
  /** Records written. */
  records: number;
  /** Of these, byte-identical to the source. */
  unchanged: number;
  rewritten: number;
  /** Made anew, for passages that had no record. */
  added: number;
  /** Records of the source that are not written. */
  dropped: number;
  /** Records whose scores were taken out, since they no longer matched the lists. */
  scoresRemoved: number;
  /** Records that were to have scores and hold a passage whose score is not known. */
  scoresUnknown: number;
  /** Emitted negatives that stand in no record, since rows without a score were left out. */
  negativesLeftOut: number;
  /** Lines that could not be read as a record, copied as they are. */
  skipped: number;
}

export function noRecords(): RecordCounts {
  return {
    records: 0,
    unchanged: 0,
    rewritten: 0,
    added: 0,
    dropped: 0,
    scoresRemoved: 0,
    scoresUnknown: 0,
    negativesLeftOut: 0,
    skipped: 0,
  };
}

/** Names of the members that a row of pairs is made of, taken from the query's own rows. */
interface PairNames {
  readonly query: string;
  readonly positive?: string;
  readonly negative?: string;
  readonly label?: string;
  /** Columns of an n-tuple's negatives; one column that holds a list where `list` is true. */
  readonly negatives?: { readonly columns: readonly string[]; readonly count: number; readonly list: boolean };
}

/** What has been seen of a query whose rows hold one pair each. */
interface PairState {
  readonly seen: Set<string>;
  names: PairNames;
  ending: string;
  style: ReturnType<typeof styleOf>;
}

/**
 * Writes the user's own records again, in their format, with the negatives that mining emits and the positives that marks leave. Only
 * records whose set of passages changes are touched, and those only by spans; what cannot be read is copied byte for byte.
 * Rows are given in the order of the file.
 */
export class NativeExport {
  readonly counts: RecordCounts = noRecords();
  readonly #source: NativeSource;
  readonly #pairs = new Map<number, PairState>();
  #matched = 0;
  #mismatch: number | undefined;

  constructor(source: NativeSource) {
    this.#source = source;
  }

  /** Records that hold the query which mining saw on their line. */
  get matched(): number {
    return this.#matched;
  }

  /** The first line that holds another query than mining saw there: the text given is not the one that was mined. */
  get mismatch(): number | undefined {
    return this.#mismatch;
  }

  /** The lines that take the place of a line: none where it is dropped, more where pairs are added behind a query's last row. */
  row(row: SourceRow): readonly (string | Uint8Array)[] {
    const index = this.#source.queryAtLine(row.line);
    if (row.bytes !== undefined) {
      // An editor shows such a line with replacement characters, so that mining may have seen a query on it.
      if (index !== undefined) this.#matched += 1;
      return this.#copied(row.bytes);
    }
    const query = index === undefined ? undefined : this.#source.exported(index);
    if (index === undefined || query === undefined) return this.#copied(row.text);
    const { record } = readRow(row.text, this.#source.format);
    if (record?.query === undefined || normaliseText(record.query.text) !== normaliseText(query.text)) {
      this.#mismatch ??= row.line;
      return this.#copied(row.text);
    }
    this.#matched += 1;
    const kept = this.#keep(
      row.text,
      query.leftOut === undefined ? this.#rewrite(row.text, record, query) : { kind: "dropped", why: "left_out" },
    );
    if (!hasOnePositiveARow(this.#source.format.id) || query.leftOut !== undefined) return kept;
    this.#note(index, row.text, record);
    return this.#source.linesOf(index).at(-1) === row.line ? [...kept, ...this.#missingPairs(index, query)] : kept;
  }

  #copied(text: string | Uint8Array): readonly (string | Uint8Array)[] {
    const blank = typeof text === "string" && /^[\s\uFEFF]*$/.test(text);
    if (!blank) {
      this.counts.skipped += 1;
      this.counts.records += 1;
      this.counts.unchanged += 1;
    }
    return [text];
  }

  #rewrite(line: string, record: TrainingRecord, query: ExportQuery): Rewriting {
    switch (this.#source.format.id) {
      case "flagembedding":
        return rewriteLists(line, record, query, this.#flagembeddingLayout(query));
      case "tevatron":
        return rewriteLists(line, record, query, tevatronLists);
      case "st-n-tuple":
        return rewriteTuple(line, record, query);
      case "st-labeled-list":
        return rewriteLabeledList(line, record, query);
      case "st-pair":
      case "st-triplet":
      case "st-labeled-pair":
        return keepOrDropPair(record, query);
      case "beir":
      case "corpus":
        return unchanged;
    }
  }

  #flagembeddingLayout(query: ExportQuery): ListLayout {
    const withScores = this.#wantsScores(query);
    return { ...flagembeddingLists, withScores, withoutOthers: withScores && this.#source.teacherScores === true };
  }

  /** Scores are known of mined negatives alone. */
  #wantsScores({ mode }: ExportQuery): boolean {
    return this.#source.outputScores === true && mode === "mined";
  }

  #keep(line: string, rewriting: Rewriting): readonly string[] {
    const { counts } = this;
    if (rewriting.kind === "dropped") {
      counts.dropped += 1;
      return [];
    }
    counts.records += 1;
    if (rewriting.scoresUnknown === true) counts.scoresUnknown += 1;
    if (rewriting.kind === "unchanged") {
      counts.unchanged += 1;
      return [line];
    }
    counts.rewritten += 1;
    if (rewriting.scoresRemoved) counts.scoresRemoved += 1;
    return [rewriting.text];
  }

  #note(index: number, line: string, record: TrainingRecord): void {
    const state = this.#pairs.get(index) ?? {
      seen: new Set(),
      names: { query: "anchor" },
      ending: line.endsWith("\r") ? "\r" : "",
      style: styleOf(line),
    };
    this.#pairs.set(index, state);
    const [positive, negative] = [record.positives[0], record.negatives[0]];
    state.seen.add(pairKey(positive?.text, this.#source.format.id === "st-n-tuple" ? undefined : negative?.text));
    state.names = { ...state.names, ...namesIn(record), ...labelName(line, this.#source.format.id) };
  }

  #missingPairs(index: number, query: ExportQuery): readonly string[] {
    const state = this.#pairs.get(index);
    this.#pairs.delete(index);
    if (state === undefined) return [];
    const rows = wantedPairs(this.#source.format.id, query)
      .filter(({ positive, negative }) => !state.seen.has(pairKey(positive?.text, negative?.text)))
      .flatMap((pair) => pairRow(this.#source.format.id, query, pair, state))
      .map((row) => row + state.ending);
    this.counts.records += rows.length;
    this.counts.added += rows.length;
    return rows;
  }
}

interface Pair {
  readonly positive?: ExportPassage;
  readonly negative?: ExportPassage;
}

/** Formats in which a promoted positive needs a row of its own. */
function hasOnePositiveARow(format: string): boolean {
  return format === "st-pair" || format === "st-triplet" || format === "st-labeled-pair" || format === "st-n-tuple";
}

/** All pairs that a query's rows should hold; where the data keeps its own negatives, only those of promoted positives. */
function wantedPairs(format: string, query: ExportQuery): readonly Pair[] {
  const { negatives } = query;
  const positives = query.mode === "mined" ? query.positives : query.promoted;
  if (format === "st-triplet") return positives.flatMap((positive) => negatives.map((negative) => ({ positive, negative })));
  const alone = positives.map((positive) => ({ positive }));
  return format === "st-pair" || format === "st-n-tuple" || query.mode === "listed"
    ? alone
    : [...alone, ...negatives.map((negative) => ({ negative }))];
}

/** The row of a pair; none where an n-tuple lacks negatives. */
function pairRow(format: string, query: ExportQuery, { positive, negative }: Pair, state: PairState): readonly string[] {
  const { names, style } = state;
  const members: (readonly [string, string])[] = [[names.query, quoted(query.text)]];
  if (format === "st-n-tuple") {
    const { columns, count, list } = names.negatives ?? { columns: [], count: 0, list: false };
    const texts = query.negatives.slice(0, count).map(({ text }) => quoted(text));
    if (texts.length < count) return [];
    members.push([names.positive ?? "positive", quoted(positive?.text ?? "")]);
    members.push(...columns.map((column, i) => [column, list ? arrayText(texts, style) : (texts[i] ?? "null")] as const));
  } else if (format === "st-labeled-pair") {
    const passage = positive ?? negative;
    members.push(
      [names.positive ?? names.negative ?? "passage", quoted(passage?.text ?? "")],
      [names.label ?? "label", positive === undefined ? "0" : "1"],
    );
  } else {
    if (positive !== undefined) members.push([names.positive ?? "positive", quoted(positive.text)]);
    if (negative !== undefined) members.push([names.negative ?? "negative", quoted(negative.text)]);
  }
  return [objectText(members, style)];
}

function namesIn(record: TrainingRecord): Partial<PairNames> {
  const name = (path: readonly (string | number)[] | undefined): string | undefined =>
    typeof path?.[0] === "string" ? path[0] : undefined;
  const query = name(record.query?.path);
  const positive = name(record.positives[0]?.path);
  const negative = name(record.negatives[0]?.path);
  return {
    ...(query === undefined ? {} : { query }),
    ...(positive === undefined ? {} : { positive }),
    ...(negative === undefined ? {} : { negative, negatives: negativeColumns(record) }),
  };
}

function negativeColumns(record: TrainingRecord): NonNullable<PairNames["negatives"]> {
  const columns = [...new Set(record.negatives.map(({ path }) => String(path[0])))];
  return { columns, count: record.negatives.length, list: record.negatives.some(({ path }) => path.length > 1) };
}

function labelName(line: string, format: string): Partial<PairNames> {
  if (format !== "st-labeled-pair") return {};
  const { value } = parseLine(line);
  const label = isObject(value) ? LABEL_COLUMNS.find((name) => Object.hasOwn(value, name)) : undefined;
  return label === undefined ? {} : { label };
}

function pairKey(positive: string | undefined, negative: string | undefined): string {
  return JSON.stringify([positive ?? null, negative ?? null]);
}
