import type { JudgedPair } from "../calibration/judgedPairs";
import { itemAt } from "../util/itemAt";
import type { EmittedPair } from "./snapshotBuilder";

/** Fewest marks, and fewest false negatives among them, that a share is estimated from. */
const fewestMarks = 20;
const fewestFalse = 3;

/**
 * Estimated share of false negatives among emitted pairs, from people's marks: the chance that a pair is relevant after all, as a function of the
 * highest similarity of its passage to a positive, averaged over the emission. That similarity is the frozen encoder's, so the same from round to
 * round, and so are the estimates comparable. The chance rises with the similarity, by isotonic regression (pool adjacent violators; Ayer et al.
 * 1955), and is taken linearly between the values that were seen. Emitted pairs that people call true negatives count 0. Marks need not be a random
 * sample of the emission, only of the passages at a similarity: this is an indication for a stop rule, not a bound.
 *
 * @returns undefined with fewer than 20 marks, fewer than 3 false negatives among them, or no emitted pair with a similarity
 */
export function falseNegativeEstimate(
  marks: readonly Pick<JudgedPair, "isFalseNegative" | "positiveSimilarity">[],
  emitted: readonly EmittedPair[],
): number | undefined {
  const known = marks.filter(({ positiveSimilarity }) => Number.isFinite(positiveSimilarity));
  const pairs = emitted.filter(({ positiveSimilarity, isPinned }) => isPinned || Number.isFinite(positiveSimilarity));
  if (known.length < fewestMarks || known.filter(({ isFalseNegative }) => isFalseNegative).length < fewestFalse || pairs.length === 0) {
    return undefined;
  }
  const blocks = pooled(
    known.map(({ positiveSimilarity, isFalseNegative }) => ({ at: positiveSimilarity, value: Number(isFalseNegative) })),
  );
  const sum = pairs.reduce((total, pair) => total + (pair.isPinned ? 0 : valueAt(blocks, pair.positiveSimilarity)), 0);
  return sum / pairs.length;
}

/** Neighbouring observations that share one value. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly count: number;
}

/** The rising step function that is nearest to the observations by least squares. */
function pooled(observations: readonly { readonly at: number; readonly value: number }[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const alike of sharedPlaces(observations)) {
    let block = alike;
    for (let last = blocks.at(-1); last !== undefined && mean(last) >= mean(block); last = blocks.at(-1)) {
      block = { from: last.from, to: block.to, sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks;
}

/** One block for each place, ascending. */
function sharedPlaces(observations: readonly { readonly at: number; readonly value: number }[]): readonly Block[] {
  const places = new Map<number, Block>();
  for (const { at, value } of observations) {
    const { sum, count } = places.get(at) ?? { sum: 0, count: 0 };
    places.set(at, { from: at, to: at, sum: sum + value, count: count + 1 });
  }
  return [...places.values()].sort((a, b) => a.from - b.from);
}

function mean({ sum, count }: Block): number {
  return sum / count;
}

function valueAt(blocks: readonly Block[], at: number): number {
  const next = blocks.findIndex(({ to }) => at <= to);
  if (next === -1) return mean(itemAt(blocks, blocks.length - 1));
  const block = itemAt(blocks, next);
  if (next === 0 || at >= block.from) return mean(block);
  const last = itemAt(blocks, next - 1);
  return mean(last) + ((at - last.to) / (block.from - last.to)) * (mean(block) - mean(last));
}
