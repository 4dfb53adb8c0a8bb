import type { Teacher } from "./teacher";

/** Half of fewer passages than this is no range that a perplexity could lie in. */
const FEWEST_PASSAGES = 3;
/** t_T begins at max u / 4: the best passage is then e^4 = 55 times as probable as one without weight, whatever unit the weights have. */
const DEFAULT_SPREAD = 4;
/** t_T is never below max u / 32. A sharper teacher would make a ranking of differences of 3 % of the largest weight, which models do not tell apart. */
const SHARPEST_SPREAD = 32;
/** A largest weight below this is rounding: log-probabilities come with about seven digits. */
const NO_WEIGHT = 1e-6;
/** Passages whose weight is below this part of the largest count as having none, as far as a teacher's being one-hot is concerned. */
const TRACE = 0.01;
/** Halvings of the interval of log t_T; more would not change the number. */
const HALVINGS = 60;
/** Relative slack of the upper end of the perplexity, which half the passages with equal weights reach in the limit only. */
const SLACK = 1e-6;

/**
 * The teacher's distribution T = softmax(u / t_T) over passages with weights u >= 0. The temperature begins at max u / 4; where the perplexity of
 * T is then below `minPerplexity` or above half the number of passages, it becomes the one at which the perplexity is the nearer of the two. Half
 * the passages go before `minPerplexity`. Undefined below three passages. Equal inputs give equal bytes, and another order of the passages gives
 * the same numbers in that order.
 *
 * Carries "flat" where no temperature down to max u / 32 brings the perplexity to half the passages: nothing has weight, or more than half of
 * them have about the largest. Carries "one_hot" where a single passage has any weight worth the name. Of all others the perplexity is in the range.
 *
 * Throws RangeError for a weight that is negative or no number, and for a key that is there twice: readers of files have to keep those out.
 */
export function makeTeacher(
  weights: readonly { readonly key: string; readonly weight: number }[],
  minPerplexity: number,
): Teacher | undefined {
  check(weights, minPerplexity);
  if (weights.length < FEWEST_PASSAGES) return undefined;
  const keys = weights.map(({ key }) => key);
  const largest = Math.max(...weights.map(({ weight }) => weight));
  if (largest < NO_WEIGHT) return evenTeacher(keys);
  const shares = weights.map(({ weight }) => weight / largest);
  const { share, carries } = shareOfTemperature(shares, minPerplexity);
  const scores = shares.map((value) => value / share);
  const { probabilities, perplexity } = softmax(scores);
  return { keys, probabilities, scores, temperature: share * largest, perplexity, carries };
}

function check(weights: readonly { readonly key: string; readonly weight: number }[], minPerplexity: number): void {
  const wrong = weights.find(({ weight }) => !Number.isFinite(weight) || weight < 0);
  if (wrong !== undefined) throw new RangeError(`the weight of a passage is ${String(wrong.weight)}`);
  if (new Set(weights.map(({ key }) => key)).size < weights.length) throw new RangeError("a passage is there twice");
  if (!(minPerplexity >= 1)) throw new RangeError(`the least perplexity is ${String(minPerplexity)}`);
}

function evenTeacher(keys: readonly string[]): Teacher {
  const scores = keys.map(() => 0);
  return { keys, probabilities: softmax(scores).probabilities, scores, temperature: 1, perplexity: keys.length, carries: "flat" };
}

/** t_T / max u for weights whose largest is 1. */
function shareOfTemperature(shares: readonly number[], minPerplexity: number): { readonly share: number } & Pick<Teacher, "carries"> {
  const perplexityAt = (share: number): number => softmax(shares.map((value) => value / share)).perplexity;
  const highest = shares.length / 2;
  const lowest = Math.min(minPerplexity, highest);
  const start = 1 / DEFAULT_SPREAD;
  if (perplexityAt(1 / SHARPEST_SPREAD) > highest * (1 + SLACK)) return { share: start, carries: "flat" };
  const carries = shares.filter((value) => value >= TRACE).length === 1 ? "one_hot" : "ranking";
  const perplexity = perplexityAt(start);
  if (perplexity > highest * (1 + SLACK)) {
    const isSharp = (share: number): boolean => perplexityAt(share) <= highest * (1 + SLACK);
    return { share: border(1 / SHARPEST_SPREAD, start, isSharp).below, carries };
  }
  if (perplexity < lowest) {
    // At t_T = max u the scores lie within 1 of one another, which spreads over more than half of any number of passages.
    return { share: border(start, 1, (share) => perplexityAt(share) < lowest).above, carries };
  }
  return { share: start, carries };
}

/** Where something that holds at `from` ceases to on the way to `to`, by halving the interval of logarithms. Both sides of the border. */
function border(from: number, to: number, holds: (value: number) => boolean): { readonly below: number; readonly above: number } {
  let [below, above] = [from, to];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = Math.sqrt(below * above);
    if (holds(middle)) below = middle;
    else above = middle;
  }
  return { below, above };
}

function softmax(scores: readonly number[]): { readonly probabilities: readonly number[]; readonly perplexity: number } {
  const highest = Math.max(...scores);
  const masses = scores.map((score) => Math.exp(score - highest));
  const total = sum(masses);
  const probabilities = masses.map((mass) => mass / total);
  // H = log Z - sum of T times score, in which a probability of 0 needs no case of its own.
  const entropy = Math.log(total) - sum(masses.map((mass, index) => (mass * ((scores[index] ?? 0) - highest)) / total));
  return { probabilities, perplexity: Math.exp(entropy) };
}

/** Adds the smallest first, so that the order of the passages does not show in the last bit. */
function sum(values: readonly number[]): number {
  return values.toSorted((a, b) => Math.abs(a) - Math.abs(b)).reduce((total, value) => total + value, 0);
}
