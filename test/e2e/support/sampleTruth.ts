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
}

interface Passage {
  readonly id: string;
  readonly text: string;
}

function rowsOf(file: string): readonly unknown[] {
  const text = fs.readFileSync(path.join(repoRoot, "extension/sample", file), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as unknown]));
}

/** What a careful curator says of the sample's pairs, by the texts that a card shows. */
export class SampleTruth {
  readonly #relevant: ReadonlySet<string>;

  constructor() {
    const { unlabelledPositives } = JSON.parse(fs.readFileSync(path.join(repoRoot, "test/fixtures/sample-truth.json"), "utf8")) as {
      readonly unlabelledPositives: readonly Pair[];
    };
    const queries = new Map((rowsOf("train.jsonl") as readonly TrainingRow[]).map(({ id, query }) => [id, query]));
    const passages = new Map((rowsOf("corpus.jsonl") as readonly Passage[]).map(({ id, text }) => [id, text]));
    this.#relevant = new Set(unlabelledPositives.map((pair) => nameOf(queries.get(pair.query_id) ?? "", passages.get(pair.doc_id) ?? "")));
  }

  isRelevant(query: string, passage: string): boolean {
    return this.#relevant.has(nameOf(query, passage));
  }
}

function nameOf(query: string, passage: string): string {
  return JSON.stringify([query, passage].map((text) => text.replaceAll(/\s+/gu, " ").trim()));
}
