import fs from "node:fs";
import path from "node:path";
import { repoRoot } from "../../support/repoRoot";

interface Pair {
  readonly query_id: string;
  readonly doc_id: string;
}

interface TrainingRow {
  readonly id: string;
  readonly query: string;
  readonly pos: readonly string[];
}

interface Passage {
  readonly id: string;
  readonly text: string;
}

function rowsOf(file: string): readonly unknown[] {
  const text = fs.readFileSync(path.join(repoRoot, "extension/sample", file), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as unknown]));
}

/** A query and a passage. */
export interface TextPair {
  readonly query: string;
  readonly passage: string;
}

/** What a careful curator says of the sample's pairs, by the texts that a card shows. */
export class SampleTruth {
  /** Queries and the passages that answer them although the file does not say so, by their texts. */
  readonly unlabelled: readonly TextPair[];
  /** Queries and the passages that answer them as the file says. */
  readonly positives: readonly TextPair[];
  readonly #relevant: ReadonlySet<string>;

  constructor() {
    const { unlabelledPositives } = JSON.parse(fs.readFileSync(path.join(repoRoot, "test/fixtures/sample-truth.json"), "utf8")) as {
      readonly unlabelledPositives: readonly Pair[];
    };
    const rows = rowsOf("train.jsonl") as readonly TrainingRow[];
    const queries = new Map(rows.map(({ id, query }) => [id, query]));
    const passages = new Map((rowsOf("corpus.jsonl") as readonly Passage[]).map(({ id, text }) => [id, text]));
    this.positives = rows.flatMap(({ query, pos }) => pos.map((passage) => ({ query, passage })));
    this.unlabelled = unlabelledPositives.map((pair) => ({
      query: queries.get(pair.query_id) ?? "",
      passage: passages.get(pair.doc_id) ?? "",
    }));
    this.#relevant = new Set(this.unlabelled.map(({ query, passage }) => nameOf(query, passage)));
  }

  isRelevant(query: string, passage: string): boolean {
    return this.#relevant.has(nameOf(query, passage));
  }
}

function nameOf(query: string, passage: string): string {
  return JSON.stringify([query, passage].map((text) => text.replaceAll(/\s+/gu, " ").trim()));
}
