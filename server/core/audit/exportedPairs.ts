import { normaliseText, textKey } from "../collection/textKey";
import type { RecordFormat } from "../formats/format";
import { readRow } from "../jsonl/readRecord";
import type { Sha256 } from "../ports";
import { pairName } from "./auditPair";
import type { AuditPair } from "./auditPair";

/** A negative that a line of an export lists. */
export interface ExportedPair extends Pick<AuditPair, "query" | "document"> {
  /** 1-based line of the first record that lists it. */
  readonly line: number;
}

/** The negatives of a training set, read from its lines as any reader of the format finds them. Lines are given in their order. */
export class ExportedPairs {
  readonly #format: RecordFormat;
  readonly #sha256: Sha256;
  readonly #pairs = new Map<string, ExportedPair>();
  readonly #queries = new Set<string>();
  #lines = 0;
  #unread = 0;
  /** Rows of one query follow each other. */
  #last: { readonly text: string; readonly key: string } | undefined;

  constructor(format: RecordFormat, sha256: Sha256) {
    this.#format = format;
    this.#sha256 = sha256;
  }

  /** By name, in the order of the file. */
  get pairs(): ReadonlyMap<string, ExportedPair> {
    return this.#pairs;
  }

  /** Keys of the queries that have a record. */
  get queries(): ReadonlySet<string> {
    return this.#queries;
  }

  /** Lines that are not blank and hold no record with a query. */
  get unread(): number {
    return this.#unread;
  }

  add(text: string): void {
    this.#lines += 1;
    const { kind, record } = readRow(text, this.#format);
    if (kind === "blank") return;
    if (record?.query === undefined) {
      this.#unread += 1;
      return;
    }
    const query = this.#keyOfQuery(record.query.text);
    this.#queries.add(query);
    for (const negative of record.negatives) {
      if (normaliseText(negative.text) === "") continue;
      const pair = { query, document: textKey(negative.text, this.#sha256), line: this.#lines };
      if (!this.#pairs.has(pairName(pair))) this.#pairs.set(pairName(pair), pair);
    }
  }

  #keyOfQuery(text: string): string {
    if (this.#last?.text !== text) this.#last = { text, key: textKey(text, this.#sha256) };
    return this.#last.key;
  }
}
