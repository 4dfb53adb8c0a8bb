import type { Attribution } from "../attribution/attribution";
import { ANSWER_PROMPT } from "../attribution/answerPrompt";
import { costOf } from "../chat/tokenEstimate";
import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { Judgement } from "../judging/judgement";
import { JUDGE_PROMPT } from "../judging/judgePrompt";
import type { TextIdentity } from "../marks/mark";
import type { NewSuggestion } from "../session/suggestionJournal";
import type { JudgementSuggestion } from "../suggestions/suggestion";
import { itemAt } from "../util/itemAt";
import { confirmedBy } from "./askQuestion";
import type { Findings } from "./askQuestion";
import type { ModelInUse } from "./labellingOrder";
import type { Question } from "./questions";

export interface SuggestionContext {
  /** The data of now: of texts that are not there any more nothing is written. */
  readonly collection: Collection;
  readonly ask: AskedOf;
  readonly confirm?: AskedOf;
}

/** Whom a stage asked, and at what price. */
type AskedOf = Pick<ModelInUse, "name" | "prices">;

/** The suggestions that findings come to: of each stage one, none where its query or all its passages are gone. */
export function suggestionsFrom(question: Question, findings: Findings, context: SuggestionContext): readonly NewSuggestion[] {
  const query = queryIdentity(context.collection, question.input.query.key);
  if (query === undefined) return [];
  if (question.task === "answer" && findings.task === "answer") {
    const { passages } = question.input;
    return attributionOf(query, { attribution: findings.attribution, keys: passages.map(({ key }) => key) }, context);
  }
  if (findings.task !== "judge") return [];
  const { judgement } = findings;
  const flagged = judgement === undefined ? [] : judgementOf(query, { judgement, stage: "flag", asked: context.ask }, context);
  const again = confirmedBy(findings);
  if (again === undefined || context.confirm === undefined) return flagged;
  return [...flagged, ...judgementOf(query, { judgement: again, stage: "confirm", asked: context.confirm }, context)];
}

interface Stage {
  readonly judgement: Judgement;
  readonly stage: JudgementSuggestion["stage"];
  readonly asked: AskedOf;
}

function judgementOf(query: TextIdentity, { judgement, stage, asked }: Stage, { collection }: SuggestionContext): readonly NewSuggestion[] {
  const verdicts = judgement.candidates.flatMap(({ key, verdict, reason, span }) => {
    const document = documentIdentity(collection, key);
    return document === undefined ? [] : [{ document, verdict, reason, ...(span === undefined ? {} : { span }) }];
  });
  if (verdicts.length === 0) return [];
  const wrong = judgement.wrongPositives.flatMap(({ key, reason }) => {
    const document = documentIdentity(collection, key);
    return document === undefined ? [] : [{ document, reason }];
  });
  const { ambiguous } = judgement;
  return [
    {
      kind: "judgement",
      stage,
      prompt: JUDGE_PROMPT,
      query,
      ...spent(judgement, asked),
      verdicts,
      ...(ambiguous === undefined ? {} : { query_finding: { finding: "ambiguous", reason: ambiguous } }),
      ...(wrong.length === 0 ? {} : { wrong_positives: wrong }),
    },
  ];
}

interface Contributions {
  readonly attribution: Attribution;
  /** Of the passages, in the order of the weights. */
  readonly keys: readonly string[];
}

/** Without one of its passages the rest's contributions were found in another context than the data have now. */
function attributionOf(query: TextIdentity, { attribution, keys }: Contributions, context: SuggestionContext): readonly NewSuggestion[] {
  const passages = keys.flatMap((key, i) => {
    const document = documentIdentity(context.collection, key);
    return document === undefined ? [] : [{ document, weight: attribution.weights[i] ?? 0 }];
  });
  if (passages.length < keys.length) return [];
  const { method, answer } = attribution;
  return [{ kind: "attribution", prompt: ANSWER_PROMPT, query, ...spent(attribution, context.ask), method, answer, passages }];
}

/** Who answered, and what the answers took, whether in this run or, where they were kept, in one before. Answers of a batch may name no model. */
function spent({ model, usage }: Pick<Judgement, "model" | "usage">, { name, prices }: AskedOf) {
  const cost = costOf(usage, prices);
  return {
    model: model === "" ? name : model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    ...(cost === undefined ? {} : { cost }),
  };
}

function queryIdentity(collection: Collection, key: string): TextIdentity | undefined {
  const [index] = queriesWithKey(collection, key);
  return index === undefined ? undefined : { key, id: itemAt(collection.queries, index).id };
}

function documentIdentity(collection: Collection, key: string): TextIdentity | undefined {
  const [document] = collection.groups[collection.groupOfKey.get(key) ?? -1] ?? [];
  return document === undefined ? undefined : { key, id: itemAt(collection.documents, document).id };
}
