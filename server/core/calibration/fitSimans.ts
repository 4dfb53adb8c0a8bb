import { sigmoid } from "../falseNegatives/sigmoid";

/**
 * c, what a false negative costs in units of what a useful negative of the same gradient teaches: a candidate is worth (1 - pi) - c pi, nothing from
 * pi = 1 / (1 + c) on. With 4 that is one in five.
 */
export const FALSE_NEGATIVE_COST = 4;

/** Sharper or wider bands draw almost one candidate alone, or all alike. */
const least = 0.05;
const most = 50;

/** Parameters of SimANS on the axis D' = (score - anchor) / sigma, with the square kernel. */
export interface SimansParameters {
  readonly a: number;
  readonly b: number;
}

/**
 * The SimANS band that draws where gradients are large and useful. A candidate's weight is w = max(0, 1 - (1 + c) pi) g with its probability pi of
 * being a false negative and g = sigma(D / tau), D = score - anchor: the softmax weight it would have against the positive alone. The band has the mean and
 * variance of the candidates so weighted: b = E_w[D'], a = 1 / (2 Var_w[D']), since exp(-a (D' - b)^2) is a normal density.
 *
 * It is for hardness. Where D hardly predicts false negatives, as with a weak encoder, the band cannot avoid them: the guard `max_fn_probability` can.
 */
export class SimansFit {
  readonly #temperature: number;
  readonly #cost: number;
  #weight = 0;
  #mean = 0;
  #squares = 0;

  /** @param temperature tau of training, above 0 */
  constructor(temperature: number, cost = FALSE_NEGATIVE_COST) {
    this.#temperature = temperature;
    this.#cost = cost;
  }

  /**
   * Adds a candidate; one with an unknown score or anchor is passed over.
   *
   * @param difference D = score - anchor
   * @param sigma the unit of the axis for the candidate's query, above 0
   * @param probability P(false negative)
   */
  add(difference: number, sigma: number, probability: number): void {
    const weight = Math.max(0, 1 - (1 + this.#cost) * probability) * sigmoid(difference / this.#temperature);
    const place = difference / sigma;
    if (!(weight > 0) || !Number.isFinite(place)) return;
    // West's update for weighted values (1979).
    this.#weight += weight;
    const step = place - this.#mean;
    this.#mean += (step * weight) / this.#weight;
    this.#squares += weight * step * (place - this.#mean);
  }

  /** @returns undefined where no two candidates of different D' have a weight */
  parameters(): SimansParameters | undefined {
    const variance = this.#squares / this.#weight;
    if (!(variance > 0)) return undefined;
    return { a: Math.min(most, Math.max(least, 1 / (2 * variance))), b: this.#mean };
  }
}
