import { makeTeacher } from "../softLabels/makeTeacher";
import type { Teacher } from "../softLabels/teacher";
import type { Judgement } from "../judging/judgement";
import { confirmationFailure, confirmedBy } from "./askQuestion";
import type { Findings } from "./askQuestion";
import type { Question } from "./questions";

/** What a run found, added up. */
export class RunTally {
  /** Queries with findings. */
  found = 0;
  /** Queries without. */
  failed = 0;
  /** Queries about which there was nothing to ask any more. */
  passedOver = 0;
  /** Pairs with a verdict, those among them that the first model flagged, and those that are flagged in the end. */
  pairs = 0;
  firstFlagged = 0;
  flagged = 0;
  /** Pairs among them that an earlier run flagged. */
  flaggedBefore = 0;
  /** Queries whose flagged pairs the confirming model said nothing of. */
  unconfirmed = 0;
  /** Queries by what their answers teach; "none" with too few passages. */
  readonly teachers: Record<Teacher["carries"] | "none", number> = { ranking: 0, flat: 0, one_hot: 0, none: 0 };
  readonly #minPerplexity: number;

  constructor(minPerplexity: number) {
    this.#minPerplexity = minPerplexity;
  }

  get done(): number {
    return this.found + this.failed + this.passedOver;
  }

  add(question: Question, findings: Findings): void {
    this.found += 1;
    if (findings.task === "judge") this.#addJudgement(question, findings);
    else this.#addAnswer(question, findings.attribution.weights);
  }

  /** What an earlier run flagged counts as flagged here, now that a second model has looked at it. */
  #addJudgement(question: Question, findings: Extract<Findings, { readonly task: "judge" }>): void {
    const { judgement } = findings;
    const before = question.task === "judge" ? question.flagged.map(({ key }) => key) : [];
    const first = [...(judgement === undefined ? [] : flaggedKeys(judgement)), ...before];
    const cleared = new Set(confirmedBy(findings)?.candidates.flatMap(({ key, verdict }) => (verdict === "not_relevant" ? [key] : [])));
    this.pairs += (judgement?.candidates.length ?? 0) + before.length;
    this.flaggedBefore += before.length;
    this.firstFlagged += first.length;
    this.flagged += first.filter((key) => !cleared.has(key)).length;
    if (confirmationFailure(findings) !== undefined) this.unconfirmed += 1;
  }

  #addAnswer({ input, task }: Question, weights: readonly number[]): void {
    if (task !== "answer") return;
    const weighted = input.passages.map(({ key }, i) => ({ key, weight: weights[i] ?? 0 }));
    this.teachers[makeTeacher(weighted, this.#minPerplexity)?.carries ?? "none"] += 1;
  }
}

function flaggedKeys({ candidates }: Judgement): readonly string[] {
  return candidates.flatMap(({ key, verdict }) => (verdict === "not_relevant" ? [] : [key]));
}
