import type { PairVerdict } from "#core/marks/mark";
import { itemAt } from "#core/util/itemAt";
import { seededRandom } from "#core/util/random";
import type { JudgedCollection } from "../judged/judgedCollection";

/**
 * Somebody who answers as the judgements do, but errs on a share of the pairs: on the same pairs whenever they are asked about and by
 * whichever way they come up. Where only a pool was judged, "can't tell" outside of it.
 */
export class Curator {
  readonly #judged: JudgedCollection;
  readonly #relevant: readonly ReadonlySet<number>[];
  readonly #errors: number;
  readonly #name: string;

  /** @param errors share of the pairs, in [0, 1], on which the answer is turned round */
  constructor(judged: JudgedCollection, { errors, seed }: { readonly errors: number; readonly seed: number }) {
    this.#judged = judged;
    this.#relevant = judged.whole.queries.map(({ positives }) => new Set(positives));
    this.#errors = errors;
    this.#name = `${String(seed)}:errors`;
  }

  answer(query: number, document: number): PairVerdict {
    const { judged } = this.#judged;
    if (judged !== undefined && !itemAt(judged, query).has(document)) return "cant_tell";
    const errs = seededRandom(`${this.#name}:${String(query)} ${String(document)}`)() < this.#errors;
    return itemAt(this.#relevant, query).has(document) === errs ? "true_negative" : "false_negative";
  }
}
