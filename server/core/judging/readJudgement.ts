import { plainLine } from "../chat/plainLine";
import type { JsonObject } from "../formats/format";
import { isObject } from "../formats/jsonObject";
import type { OpinionVerdict } from "../suggestions/suggestion";
import { answerObject } from "./answerObject";
import type { CandidateJudgement, Judgement } from "./judgement";
import type { AskedPassage, JudgeQuestion } from "./judgeQuestion";
import { verdictsFor } from "./judgeSchema";
import { verbatimSpan } from "./verbatimSpan";

/** In UTF-16 units. */
const LONGEST_REASON = 300;

/**
 * What an answer says, or what is wrong with it: the ends of sentences that begin with "The answer". They quote nothing of it, since the
 * model is told of them in words of ours.
 */
export type ReadAnswer =
  | { readonly isValid: true; readonly judgement: Omit<Judgement, "model" | "usage"> }
  | { readonly isValid: false; readonly problems: readonly string[] };

/**
 * Reads the answer to a question. All of it counts or nothing does: each candidate's id once and no other id, verdicts that were asked for,
 * findings on positives that were shown. Fields that nobody asked for are passed over.
 */
export function readJudgement(text: string, question: JudgeQuestion): ReadAnswer {
  const object = answerObject(text);
  if (typeof object === "string") return { isValid: false, problems: [object] };
  const problems: string[] = [];
  const candidates = candidatesOf(object["candidates"], question, problems);
  const ambiguous = ambiguityOf(object["query"], problems);
  const wrongPositives = wrongPositivesOf(object["wrong_positives"], question.positives, problems);
  if (problems.length > 0) return { isValid: false, problems: [...new Set(problems)] };
  return { isValid: true, judgement: { candidates, ...(ambiguous === undefined ? {} : { ambiguous }), wrongPositives } };
}

function candidatesOf(value: unknown, question: JudgeQuestion, problems: string[]): readonly CandidateJudgement[] {
  const entries = entriesById("candidates", value, question.candidates, problems);
  if (entries === undefined) return [];
  const missing = question.candidates.filter(({ id }) => !entries.has(id)).map(({ id }) => id);
  if (missing.length > 0) problems.push(`leaves out ${missing.join(", ")}`);
  const known = verdictsFor(question.positives.length);
  const unknown: string[] = [];
  const judged = question.candidates.flatMap((asked) => {
    const entry = entries.get(asked.id);
    if (entry === undefined) return [];
    const verdict = known.find((name) => name === entry["verdict"]);
    if (verdict !== undefined) return [candidateJudgement(asked, verdict, entry)];
    unknown.push(asked.id);
    return [];
  });
  if (unknown.length > 0) problems.push(`gives ${unknown.join(", ")} a verdict that is none of ${known.join(", ")}`);
  return judged;
}

function candidateJudgement({ key, text }: AskedPassage, verdict: OpinionVerdict, entry: JsonObject): CandidateJudgement {
  const span = typeof entry["span"] === "string" ? verbatimSpan(text, entry["span"]) : undefined;
  return { key, verdict, reason: reasonOf(entry), ...(span === undefined ? {} : { span }) };
}

/** A model that sees nothing to say of the query leaves this out. */
function ambiguityOf(value: unknown, problems: string[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value) || typeof value["ambiguous"] !== "boolean") {
    problems.push('has a "query" without "ambiguous": true or false');
    return undefined;
  }
  if (!value["ambiguous"]) return undefined;
  const reason = reasonOf(value);
  if (reason === "") problems.push("calls the query ambiguous and does not say why");
  return reason;
}

function wrongPositivesOf(value: unknown, positives: readonly AskedPassage[], problems: string[]): Judgement["wrongPositives"] {
  if (value === undefined || value === null) return [];
  const entries = entriesById("wrong_positives", value, positives, problems);
  if (entries === undefined) return [];
  return positives.flatMap(({ id, key }) => {
    const entry = entries.get(id);
    return entry === undefined ? [] : [{ key, reason: reasonOf(entry) }];
  });
}

/** The entries of a list by their id, which must be one of those that were asked for and come once. */
function entriesById(
  name: string,
  value: unknown,
  asked: readonly AskedPassage[],
  problems: string[],
): ReadonlyMap<string, JsonObject> | undefined {
  if (!Array.isArray(value)) {
    problems.push(`has no list "${name}"`);
    return undefined;
  }
  const ids = new Set(asked.map(({ id }) => id));
  const entries = new Map<string, JsonObject>();
  for (const entry of value as readonly unknown[]) {
    const id = isObject(entry) ? entry["id"] : undefined;
    if (!isObject(entry) || typeof id !== "string") problems.push(`has an entry of "${name}" without an "id"`);
    else if (!ids.has(id)) problems.push(`has an id under "${name}" that is none of those asked for there`);
    else if (entries.has(id)) problems.push(`has ${id} twice under "${name}"`);
    else entries.set(id, entry);
  }
  return entries;
}

function reasonOf({ reason }: JsonObject): string {
  return typeof reason === "string" ? plainLine(reason, LONGEST_REASON) : "";
}
