import type { SampleFacts } from "../audit/auditSample";
import type { AuditVerdict } from "../audit/auditVerdicts";

const NONE = 0;
const CLEAN = 1;
const FALSE = 2;

/** Counts the sample at the beginning of an order of pairs, whose verdicts come and go one by one. */
export class SampleCounter {
  readonly #verdicts: Uint8Array;
  readonly #positionAt: (place: number) => number;
  #marked = 0;
  #falseInSample = 0;
  #found = 0;
  #judged = 0;

  /** @param positionAt the permanent random number of a pair, by its place in the order */
  constructor(pairs: number, positionAt: (place: number) => number) {
    this.#verdicts = new Uint8Array(pairs);
    this.#positionAt = positionAt;
  }

  get judged(): number {
    return this.#judged;
  }

  get facts(): SampleFacts {
    return {
      count: { population: this.#verdicts.length, marked: this.#marked, falseNegatives: this.#falseInSample },
      found: this.#found,
      cutOff: this.#marked === this.#verdicts.length ? 1 : this.#positionAt(this.#marked),
    };
  }

  set(place: number, verdict: AuditVerdict["verdict"] | undefined): void {
    const former = this.#verdicts[place] ?? NONE;
    const now = verdict === undefined ? NONE : verdict === "clean" ? CLEAN : FALSE;
    if (former === now) return;
    this.#verdicts[place] = now;
    this.#found += Number(now === FALSE) - Number(former === FALSE);
    this.#judged += Number(now !== NONE) - Number(former !== NONE);
    if (place < this.#marked) this.#falseInSample += Number(now === FALSE) - Number(former === FALSE);
    if (now === NONE && place < this.#marked) this.#retreat(place);
    else if (place === this.#marked) this.#advance();
  }

  /** Over pairs that were judged out of turn. */
  #advance(): void {
    while (this.#marked < this.#verdicts.length && this.#verdicts[this.#marked] !== NONE) {
      if (this.#verdicts[this.#marked] === FALSE) this.#falseInSample += 1;
      this.#marked += 1;
    }
  }

  #retreat(place: number): void {
    for (let at = place; at < this.#marked; at += 1) if (this.#verdicts[at] === FALSE) this.#falseInSample -= 1;
    this.#marked = place;
  }
}
