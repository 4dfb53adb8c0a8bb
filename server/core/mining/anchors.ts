import { seededRandom } from "../util/random";

/** Which positive's score something is measured against. */
export type AnchorChoice = "lowest" | "highest" | "mean";

/** The lowest, the highest or the mean of the scores that are known; NaN where none is. */
export function anchorOf(scores: readonly number[], choice: AnchorChoice): number {
  let [lowest, highest, sum, known] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const score of scores) {
    if (Number.isNaN(score)) continue;
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
    sum += score;
    known += 1;
  }
  if (known === 0) {
    return Number.NaN;
  }
  switch (choice) {
    case "lowest":
      return lowest;
    case "highest":
      return highest;
    case "mean":
      return sum / known;
  }
}

/** The score of one positive, drawn evenly by the name's random stream; NaN where none is known. */
export function drawnAnchor(scores: readonly number[], name: string): number {
  const known = scores.filter((score) => !Number.isNaN(score));
  return known[Math.floor(seededRandom(name)() * known.length)] ?? Number.NaN;
}
