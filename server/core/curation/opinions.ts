import type { CurationConfig } from "../config/curationSchema";
import type { Verdict } from "../marks/mark";
import type { PairOpinion } from "../suggestions/pairOpinion";

/**
 * Whether a person may see what a language model says of a pair: with a verdict of the person's own on it, unless the configuration shows it always.
 * Who puts a pair off has not judged it.
 */
export function isOpinionShown({ show_opinions: show }: CurationConfig, own: Verdict | undefined): boolean {
  return show === "always" || (own !== undefined && own !== "later");
}

/** Whether a model calls the pair anything but not relevant. */
export function isFlagged({ verdict }: PairOpinion): boolean {
  return verdict !== "not_relevant";
}

/** What a person's verdict says of a pair, as agreement counts it; undefined for doubt, for what was put off, and for verdicts on something else. */
export function isCleanVerdict(verdict: Verdict): boolean | undefined {
  if (verdict === "true_negative") return true;
  return verdict === "false_negative" || verdict === "partly_relevant" || verdict === "duplicate_of_positive" ? false : undefined;
}

/** Who says so: "gpt-4o, confirming a first look". */
export function opinionBy({ model, stage }: Pick<PairOpinion, "model" | "stage">): string {
  return stage === "confirm" ? `${model}, confirming a first look` : model;
}
