import type { TrainingExample, TrainingSet } from "#core/training/trainingSet";
import type { BeginSet, SetPart } from "./trainerMessages";

/** 2 MB: a millisecond or two to put into a message. */
const NUMBERS_PER_PART = 2 ** 19;
const EXAMPLES_PER_PART = 100;

/** A training set in messages, in the order in which they are to be sent. */
export function* setParts(set: TrainingSet, background: boolean): Generator<SetPart, undefined> {
  const { dimensions, queries, documents, examples } = set;
  const lengths = { queries: queries.length, documents: documents.length, examples: examples.length };
  yield { kind: "beginSet", dimensions, ...lengths, background };
  for (const side of ["queries", "documents"] as const) {
    for (let start = 0; start < set[side].length; start += NUMBERS_PER_PART) {
      yield { kind: "putVectors", side, start, numbers: set[side].subarray(start, start + NUMBERS_PER_PART) };
    }
  }
  for (let start = 0; start < examples.length; start += EXAMPLES_PER_PART) {
    yield { kind: "putExamples", start, examples: examples.slice(start, start + EXAMPLES_PER_PART) };
  }
  yield { kind: "endSet" };
  return undefined;
}

/** A training set that is being put together again. */
export class ReceivedSet {
  readonly #dimensions: number;
  readonly #queries: Float32Array;
  readonly #documents: Float32Array;
  readonly #examples: TrainingExample[];

  constructor({ dimensions, queries, documents, examples }: BeginSet) {
    this.#dimensions = dimensions;
    this.#queries = new Float32Array(queries);
    this.#documents = new Float32Array(documents);
    this.#examples = new Array<TrainingExample>(examples);
  }

  put(part: Exclude<SetPart, BeginSet>): void {
    if (part.kind === "putVectors") (part.side === "queries" ? this.#queries : this.#documents).set(part.numbers, part.start);
    else if (part.kind === "putExamples") {
      part.examples.forEach((example, i) => {
        this.#examples[part.start + i] = example;
      });
    }
  }

  get set(): TrainingSet {
    return { dimensions: this.#dimensions, queries: this.#queries, documents: this.#documents, examples: this.#examples };
  }
}
