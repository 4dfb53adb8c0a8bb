/** What a candidate does to the query's gradient. */
export const GRADIENT_CLASSES = ["easy", "useful", "dominant"] as const;
export type GradientClass = (typeof GRADIENT_CLASSES)[number];

/** Below this part of an even share of the softmax a candidate is easy. */
const EASY_PART = 0.05;
/** Above this share of the negatives' gradient a candidate is dominant. */
const DOMINANT_SHARE = 0.5;

/** The rules of the classes, in the words in which every view, report and guide gives them. */
export const gradientRules: readonly { readonly kind: GradientClass; readonly text: string }[] = [
  {
    kind: "easy",
    text: `p times the number of the query's negatives is below ${String(EASY_PART)}: less than a twentieth of an even share of the softmax. Training hardly notices it.`,
  },
  { kind: "useful", text: "Neither easy nor dominant: it moves the query, together with others." },
  {
    kind: "dominant",
    text: `Its share of the gradient of the query's negatives is above ${String(DOMINANT_SHARE)}; where it is the only negative, its p is. The update hangs on this one passage, and goes wrong with it.`,
  },
];

/**
 * @param weight p_j, its part of the softmax
 * @param share w_j, its part of the negatives' gradient
 * @param negatives number of the query's negatives, the candidate included
 */
export function gradientClass(weight: number, share: number, negatives: number): GradientClass {
  if (weight * negatives < EASY_PART) return "easy";
  return (negatives === 1 ? weight : share) > DOMINANT_SHARE ? "dominant" : "useful";
}
