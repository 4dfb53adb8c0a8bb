import { makeTeacher } from "../softLabels/makeTeacher";
import type { Judgement, ShownPassage } from "../judging/judgement";
import { failureText } from "../util/failure";
import type { Failure } from "../util/failure";
import type { Findings } from "./askQuestion";
import { confirmationFailure, confirmedBy } from "./askQuestion";
import type { LabelledPassage, LabelledQuery } from "./labellingOutcome";
import type { Question } from "./questions";

type JudgeQuestion = Extract<Question, { readonly task: "judge" }>;
type JudgeFindings = Extract<Findings, { readonly task: "judge" }>;

/** A query as models left it, to be looked over. */
export function labelledQuery(question: Question, findings: Findings, minPerplexity: number): LabelledQuery {
  const { index } = question;
  const text = question.input.query.text;
  if (question.task === "judge" && findings.task === "judge") {
    return { index, text, passages: judgedPassages(question, findings), notes: judgeNotes(question, findings) };
  }
  if (question.task !== "answer" || findings.task !== "answer") throw new TypeError("The findings are of another task than the question.");
  const { attribution } = findings;
  const total = attribution.weights.reduce((sum, weight) => sum + weight, 0);
  const passages = question.input.passages.map(({ key, text: passage }, i) => {
    const isPositive = question.positives.has(key);
    return { key, text: passage, isPositive, contribution: total > 0 ? (attribution.weights[i] ?? 0) / total : 0 };
  });
  const weights = passages.map(({ key }, i) => ({ key, weight: attribution.weights[i] ?? 0 }));
  return { index, text, passages, answer: attribution.answer, notes: answerNotes(attribution.note, weights, minPerplexity) };
}

/** A query without a verdict. */
export function failedQuery(question: Question, failure: Failure): LabelledQuery {
  const { index, input } = question;
  const passages = question.task === "judge" ? asked(question) : [];
  return { index, text: input.query.text, passages, notes: [], failure: failureText(failure) };
}

function asked({ input, flagged }: JudgeQuestion): readonly LabelledPassage[] {
  return [...plain(input.positives, true), ...plain([...input.candidates, ...flagged], false)];
}

function judgedPassages(question: JudgeQuestion, findings: JudgeFindings): readonly LabelledPassage[] {
  const { judgement } = findings;
  const confirmed = confirmedBy(findings);
  return asked(question).map((passage) => {
    const opinion = opinionIn(confirmed, passage.key, "confirm") ?? opinionIn(judgement, passage.key, "flag");
    return opinion === undefined ? passage : { ...passage, opinion };
  });
}

function opinionIn(judgement: Judgement | undefined, key: string, stage: "flag" | "confirm"): LabelledPassage["opinion"] {
  const found = judgement?.candidates.find((candidate) => candidate.key === key);
  if (judgement === undefined || found === undefined) return undefined;
  const { verdict, reason, span } = found;
  return { verdict, reason, model: judgement.model, stage, ...(span === undefined ? {} : { span }) };
}

function judgeNotes({ input }: JudgeQuestion, findings: JudgeFindings): readonly string[] {
  const last = confirmedBy(findings) ?? findings.judgement;
  const unconfirmed = confirmationFailure(findings);
  return [
    ...(last?.ambiguous === undefined ? [] : [`The query is called ambiguous: ${last.ambiguous}`]),
    ...(last?.wrongPositives ?? []).map(({ key, reason }) => {
      const place = input.positives.findIndex((positive) => positive.key === key);
      return `Positive ${String(place + 1)} is called wrong: ${reason}`;
    }),
    ...(unconfirmed === undefined ? [] : [`What was flagged could not be confirmed. ${failureText(unconfirmed)}`]),
  ];
}

function answerNotes(
  note: string | undefined,
  weights: readonly { readonly key: string; readonly weight: number }[],
  minPerplexity: number,
): readonly string[] {
  const teacher = makeTeacher(weights, minPerplexity);
  const carried =
    teacher === undefined
      ? "Fewer than three passages are no teacher."
      : teacher.carries === "flat"
        ? "Too many passages weigh the same: this query gets no teacher."
        : teacher.carries === "one_hot"
          ? "One passage carries everything, which ranks the rest in no way: this query gets no teacher."
          : undefined;
  return [note, carried].filter((sentence) => sentence !== undefined);
}

function plain(passages: readonly ShownPassage[], isPositive: boolean): readonly LabelledPassage[] {
  return passages.map(({ key, text }) => ({ key, text, isPositive }));
}
