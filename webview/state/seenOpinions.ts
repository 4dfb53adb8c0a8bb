import type { LabellingOutcome } from "#protocol/labelling";
import type { QueryView } from "#protocol/review";

/**
 * Pairs whose second opinion the person has had before their eyes in this sitting. A verdict that is taken back hides the opinion again,
 * and a dry run keeps none; but what was seen stays seen, and the next mark on the pair says so.
 */
export class SeenOpinions {
  readonly #pairs = new Set<string>();

  has(view: QueryView, document: string): boolean {
    return this.#pairs.has(nameOf(view.text, document));
  }

  /** The opinions on passages that have a verdict, which are on show. */
  addJudged(view: QueryView): void {
    for (const { key, verdict, opinion } of [...view.candidates, ...view.dropped]) {
      if (verdict !== undefined && opinion !== undefined) this.#pairs.add(nameOf(view.text, key));
    }
  }

  addOutcome({ queries }: LabellingOutcome): void {
    for (const { text, passages } of queries) {
      for (const { key, opinion } of passages) if (opinion !== undefined) this.#pairs.add(nameOf(text, key));
    }
  }
}

/** A query by its text, since runs do not name it otherwise; keys of passages hold no line break. */
function nameOf(query: string, document: string): string {
  return `${document}\n${query}`;
}
