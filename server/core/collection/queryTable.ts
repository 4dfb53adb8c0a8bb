import type { RecordQuery } from "../formats/format";
import type { Query } from "./collection";
import { idFromKey } from "./textKey";
import type { TextKeys } from "./textKeys";

/** Where a query was met, and whether its id tells it from others with the same text. */
export interface QueryOrigin {
  readonly file: number;
  readonly line: number;
  readonly byId: boolean;
}

interface QueryDraft {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly fields: RecordQuery["fields"];
  readonly answers: RecordQuery["answers"];
  readonly file: number;
  readonly lines: number[];
  readonly positives: Set<number>;
  readonly negatives: Set<number>;
  judged: boolean;
}

/**
 * Gathers each query's lines, positives and negatives while a collection is built. Lines of a training file with the same normalised text
 * are one query, whatever ids they carry: an id there names the line. In a queries file, whose ids the qrels use, id and text tell queries
 * apart. One id with two texts makes two queries.
 */
export class QueryTable {
  readonly #drafts: QueryDraft[] = [];
  readonly #byIdentity = new Map<string, number>();
  readonly #firstOfId = new Map<string, number>();
  readonly #keys: TextKeys;

  constructor(keys: TextKeys) {
    this.#keys = keys;
  }

  /** The query of a record; -1 for one with neither text nor a known id. */
  place(query: RecordQuery, { file, line, byId }: QueryOrigin): number {
    const normalised = this.#keys.normalised(query.text);
    if (normalised === "") {
      return query.id === undefined ? -1 : (this.#firstOfId.get(query.id) ?? -1);
    }
    const identity = query.id === undefined || !byId ? `text ${normalised}` : `id ${query.id}\u0000${normalised}`;
    const index = this.#byIdentity.get(identity) ?? this.#add(query, normalised, identity, file);
    const draft = this.#drafts[index];
    if (draft?.file === file && draft.lines.at(-1) !== line) {
      draft.lines.push(line);
    }
    return index;
  }

  /** First query with an id that the data gives. */
  withId(id: string): number | undefined {
    return this.#firstOfId.get(id);
  }

  addPositive(query: number, document: number): void {
    this.#drafts[query]?.positives.add(document);
  }

  addNegative(query: number, document: number): void {
    this.#drafts[query]?.negatives.add(document);
  }

  /** Notes that the qrels have a line for the query. */
  setJudged(query: number): void {
    const draft = this.#drafts[query];
    if (draft !== undefined) {
      draft.judged = true;
    }
  }

  /** The finished queries; with `onlyJudged`, those that the qrels name. */
  finish(groupOf: (text: string) => number, onlyJudged: boolean): readonly Query[] {
    const drafts = this.#drafts.filter((draft) => draft.judged || !onlyJudged);
    const positivesOfKey = new Map<string, Set<number>>();
    for (const { key, positives } of drafts) {
      const shared = positivesOfKey.get(key);
      // The set is copied only where two queries share a text, which is rare.
      positivesOfKey.set(key, shared === undefined ? positives : new Set([...shared, ...positives]));
    }
    return drafts.map(({ key, id, text, fields, answers, file, lines, positives, negatives }) => {
      const twinPositives = [...(positivesOfKey.get(key) ?? [])].filter((document) => !positives.has(document));
      return {
        key,
        id,
        text,
        ...(fields === undefined ? {} : { fields }),
        ...(answers === undefined ? {} : { answers }),
        file,
        lines: [...lines],
        group: groupOf(text),
        positives: [...positives],
        twinPositives,
        negatives: [...negatives],
      };
    });
  }

  #add(query: RecordQuery, normalised: string, identity: string, file: number): number {
    const index = this.#drafts.length;
    const key = this.#keys.keyOf(normalised);
    const id = query.id ?? idFromKey(key);
    this.#drafts.push({
      key,
      id,
      text: query.text,
      fields: query.fields,
      answers: query.answers,
      file,
      lines: [],
      positives: new Set(),
      negatives: new Set(),
      judged: false,
    });
    this.#byIdentity.set(identity, index);
    if (query.id !== undefined && !this.#firstOfId.has(query.id)) {
      this.#firstOfId.set(query.id, index);
    }
    return index;
  }
}
