import { seededRandom } from "../util/random";

/** Which positive's score something is measured against. */
export type AnchorChoice = "lowest" | "highest" | "mean";

/** The lowest, the highest or the mean of the scores that are known; NaN where none is. */
export function anchorOf(scores: readonly number[], choice: AnchorChoice): number {
  const known = scores.filter((score) => !Number.isNaN(score));
  if (known.length === 0) {
    return Number.NaN;
  }
  switch (choice) {
    case "lowest":
      return Math.min(...known);
    case "highest":
      return Math.max(...known);
    case "mean":
      return known.reduce((sum, score) => sum + score, 0) / known.length;
  }
}

/** The score of one positive, drawn evenly by the name's random stream; NaN where none is known. */
export function drawnAnchor(scores: readonly number[], name: string): number {
  const known = scores.filter((score) => !Number.isNaN(score));
  return known[Math.floor(seededRandom(name)() * known.length)] ?? Number.NaN;
}
