import type { LossRecord } from "./runRecord";

/** A curve never has more points than this: beyond it, neighbours are put together. */
const MOST_POINTS = 256;

/** Mean losses over stretches of equal length, which grow with the run so that the curve stays short. */
export class LossCurve {
  #points: LossRecord[] = [];
  /** Steps of one point. */
  #stride = 1;
  #sum = 0;
  #count = 0;

  /** @param known points of the part of a run that is over */
  constructor(known: readonly LossRecord[] = []) {
    this.#points = [...known];
    const [first, second] = known;
    if (first !== undefined) this.#stride = Math.max(1, second === undefined ? first.step : second.step - first.step);
  }

  /** @param step number of the step, from 1 */
  add(step: number, loss: number): void {
    this.#sum += loss;
    this.#count += 1;
    if (this.#count < this.#stride) return;
    this.#points.push({ step, loss: this.#sum / this.#count });
    this.#sum = 0;
    this.#count = 0;
    if (this.#points.length > MOST_POINTS) this.#halve();
  }

  get points(): readonly LossRecord[] {
    return this.#points;
  }

  #halve(): void {
    this.#stride *= 2;
    const halved: LossRecord[] = [];
    for (let i = 0; i + 1 < this.#points.length; i += 2) {
      const [first, second] = [this.#points[i], this.#points[i + 1]];
      if (first !== undefined && second !== undefined) halved.push({ step: second.step, loss: (first.loss + second.loss) / 2 });
    }
    // An odd one begins the next stretch.
    const odd = this.#points.length % 2 === 1 ? this.#points.at(-1) : undefined;
    if (odd !== undefined) {
      this.#sum = odd.loss * (this.#stride / 2);
      this.#count = this.#stride / 2;
    }
    this.#points = halved;
  }
}
