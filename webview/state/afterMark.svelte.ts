import { editsWereMarked, type EditsMarked } from "#protocol/edits";
import type { AlikeView, MarkAnswer, MarkParams } from "#protocol/marks";
import type { DatasetUri, PassageView, Verdict } from "#protocol/review";
import type { Host } from "../host";

/** A near-duplicate of the passage just judged, with its text to look at. */
export interface AlikeCard extends AlikeView {
  readonly text: string;
}

/** Near-duplicates that could get the verdict just given. */
export interface AlikeOffer {
  /** The mark that they would repeat. */
  readonly mark: MarkParams;
  readonly verdict: Verdict;
  readonly cards: readonly AlikeCard[];
}

export interface FellOutCard {
  readonly key: string;
  readonly text: string;
  readonly reason: string;
}

/** What the last mark, or a saved edit, brings with it: to be taken up or to be known. It goes when the person goes on. */
export class AfterMark {
  offer = $state.raw<AlikeOffer>();
  fellOut = $state.raw<readonly FellOutCard[]>();
  /** A change of the training file that was read as marks, or as no verdict. */
  edits = $state.raw<EditsMarked>();
  #dataset: DatasetUri = "";

  constructor(host: Host) {
    host.channel.on(editsWereMarked, (edits) => {
      if (edits.dataset === this.#dataset) this.edits = edits;
    });
  }

  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
  }

  take(mark: MarkParams, { view, alike, fellOut }: MarkAnswer): void {
    const passages: readonly PassageView[] = [...view.candidates, ...view.dropped, ...view.positives];
    const textOf = (of: string): string | undefined => passages.find(({ key }) => key === of)?.text;
    // What cannot be looked at is not offered.
    const cards = alike.flatMap((each) => {
      const text = textOf(each.key);
      return text === undefined ? [] : [{ ...each, text }];
    });
    this.offer = cards.length === 0 ? undefined : { mark, verdict: mark.verdict, cards };
    this.fellOut = fellOut.length === 0 ? undefined : fellOut.map((each) => ({ ...each, text: textOf(each.key) ?? "" }));
  }

  /** Whether there was something to put away. */
  clear(): boolean {
    const had = this.offer !== undefined || this.fellOut !== undefined;
    this.offer = undefined;
    this.fellOut = undefined;
    return had;
  }
}
