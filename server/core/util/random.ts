/** Draws numbers evenly from [0, 1). */
export type Random = () => number;

/**
 * A stream of random numbers that depends on nothing but its name, for instance `42:<query key>:draw`. Each query has its own, so that
 * the order in which queries are mined cannot matter. Generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state.
 */
export function seededRandom(name: string): Random {
  let [a, b, c, d] = hash128(name);
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The authors' count of rounds after which the seed is well mixed in.
  for (let round = 0; round < 12; round += 1) {
    next();
  }
  return next;
}

/** Four 32-bit words from a text: cyrb128, after MurmurHash3's mixing steps. Not for secrets. */
export function hash128(text: string): [number, number, number, number] {
  return digest(absorb(HASH_START, text));
}

/** What a hash has come to between two pieces of a text. */
export type HashState = readonly [number, number, number, number];

export const HASH_START: HashState = [1779033703, 3144134277, 1013904242, 2773480762];

/** Takes in a piece of a text: piece by piece gives what the whole at once gives, so that texts that begin alike share the work. */
export function absorb(state: HashState, text: string): HashState {
  let [h1, h2, h3, h4] = state;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    h1 = h2 ^ Math.imul(h1 ^ unit, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ unit, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ unit, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ unit, 2716044179);
  }
  return [h1, h2, h3, h4];
}

/** The hash of all that was taken in. */
export function digest([first, second, third, fourth]: HashState): [number, number, number, number] {
  const h1 = Math.imul(third ^ (first >>> 18), 597399067);
  const h2 = Math.imul(fourth ^ (second >>> 22), 2869860233);
  const h3 = Math.imul(h1 ^ (third >>> 17), 951274213);
  const h4 = Math.imul(h2 ^ (fourth >>> 19), 2716044179);
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1];
}

/** Noise with the standard Gumbel distribution. Finite, since the uniform draw is kept off 0 and 1. */
export function gumbel(random: Random): number {
  const uniform = (random() * 2 ** 32 + 0.5) / 2 ** 32;
  return -Math.log(-Math.log(uniform));
}

/**
 * The `count` indices with the largest `logWeights + noise`. With Gumbel noise this draws without replacement, each time in proportion
 * to the weights (Kool et al. 2019, "Stochastic Beams and Where to Find Them"), and in log space, so that small weights do not become 0.
 * Best first; ties in ascending order of index.
 */
export function topByNoisyWeight(logWeights: readonly number[], noise: readonly number[], count: number): readonly number[] {
  const keys = logWeights.map((weight, index) => weight + (noise[index] ?? 0));
  const order = keys.map((_, index) => index);
  order.sort((a, b) => (keys[b] ?? 0) - (keys[a] ?? 0) || a - b);
  return order.slice(0, count);
}

/**
 * The numbers 0 to `size` - 1 in random order, each once (Fisher and Yates). Takes memory for what is read only, so that a few draws from a
 * large range are cheap.
 */
export function* shuffledRange(size: number, random: Random): Generator<number, undefined> {
  const moved = new Map<number, number>();
  for (let taken = 0; taken < size; taken += 1) {
    const pick = taken + Math.floor(random() * (size - taken));
    const value = moved.get(pick) ?? pick;
    moved.set(pick, moved.get(taken) ?? taken);
    moved.delete(taken);
    yield value;
  }
  return undefined;
}
