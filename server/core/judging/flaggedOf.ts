import type { Judgement, JudgeInput } from "./judgement";

/** The same question with the candidates alone that the judgement does not call irrelevant; undefined where there are none. */
export function flaggedOf(input: JudgeInput, judgement: Judgement): JudgeInput | undefined {
  const flagged = new Set(judgement.candidates.filter(({ verdict }) => verdict !== "not_relevant").map(({ key }) => key));
  const candidates = input.candidates.filter(({ key }) => flagged.has(key));
  return candidates.length === 0 ? undefined : { ...input, candidates };
}
