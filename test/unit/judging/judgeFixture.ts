import type { JudgeInput } from "#core/judging/judgement";
import type { QuestionOptions } from "#core/judging/judgeQuestion";
import type { OpinionVerdict } from "#core/suggestions/suggestion";
import { truthTable } from "../../support/scriptedJudge";

/** One query with two positives, of which one is wrong, and four candidates, one of each kind. */
export const input: JudgeInput = {
  query: { key: "q-key", text: "who wrote the origin of species" },
  positives: [
    { key: "pos-1", text: "On the Origin of Species was written by Charles Darwin." },
    { key: "pos-2", text: "Species are groups of organisms." },
  ],
  candidates: [
    { key: "cand-1", text: "Charles Darwin published his book on the origin of species in 1859." },
    { key: "cand-2", text: "Darwin was an English naturalist who wrote several books." },
    { key: "cand-3", text: "The beagle is a breed of small hound." },
    { key: "cand-4", text: "It was Charles Darwin who wrote On the Origin of Species." },
  ],
};

const verdicts: readonly OpinionVerdict[] = ["relevant", "partly_relevant", "not_relevant", "duplicate_of_positive"];

export const truths = {
  ...truthTable(Object.fromEntries(input.candidates.map(({ text }, index) => [text, verdicts[index] ?? "not_relevant"]))),
  wrongPositive: (_: string, positive: string) => (positive.startsWith("Species are") ? "It does not say who wrote it." : undefined),
};

export const options: QuestionOptions = { model: "scripted-1", guidelines: "", maxPassageCharacters: 2000, seed: 42 };
