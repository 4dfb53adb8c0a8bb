import type { LabelledPassage, LabelledQuery, LabellingEnd, LabellingProgress } from "#core/labelling/labellingOutcome";
import type { LabellingPlan } from "#core/labelling/labellingPlan";
import { moneyText } from "#core/labelling/labellingWords";
import { counted, printable } from "./words";

/** Characters of a passage in a line. */
const SHOWN_CHARACTERS = 100;

interface ReportForm {
  readonly json: boolean;
}

/** What a run would come to. Nothing was sent. */
export function planReport(plan: LabellingPlan, { json }: ReportForm): string {
  if (json) return asJson({ plan: planJson(plan) });
  const lines = [
    ...planLines(plan),
    ...(plan.calls > plan.cachedCalls ? ["Nothing was sent. To ask about three queries, add --dry-run; to ask about all, --send."] : []),
  ];
  return asText(lines);
}

/** How a run ended. */
export function endReport(plan: LabellingPlan, end: LabellingEnd, { json }: ReportForm): string {
  if (json) return asJson({ plan: planJson(plan), run: endJson(end) });
  return asText([...end.queries.flatMap(queryLines), end.text]);
}

/** One line that is shown while a run is under way. */
export function progressText({
  phase,
  done,
  total,
  failed,
  calls,
  cachedCalls,
  inputTokens,
  outputTokens,
  cost,
}: LabellingProgress): string {
  const parts = [
    `${phase === "stopping" ? "Stopping: " : ""}${String(done)} of ${counted(total, "query", "queries")}`,
    ...(failed === 0 ? [] : [`${String(failed)} without a verdict`]),
    `${counted(calls, "question", "questions")}${cachedCalls === 0 ? "" : `, ${String(cachedCalls)} of them answered before`}`,
    `${grouped(inputTokens)} tokens in, ${grouped(outputTokens)} out`,
    ...(cost === undefined ? [] : [`cost ${moneyText(cost)}`]),
  ];
  return parts.join("; ");
}

function planLines({ queries, pairs, calls, cachedCalls, inputTokens, outputTokens, cost, text }: LabellingPlan): readonly string[] {
  if (queries === 0) return [text];
  return [
    `${counted(queries, "query", "queries")}, ${counted(pairs, "passage", "passages")}.`,
    `${counted(calls, "question", "questions")}, ${String(cachedCalls)} of them answered before.`,
    `About ${grouped(inputTokens)} tokens in and ${grouped(outputTokens)} out${cost === undefined ? "" : `, at a cost of about ${moneyText(cost)}`}.`,
    text,
  ];
}

function queryLines({ index, text, passages, answer, notes, failure }: LabelledQuery): readonly string[] {
  if (failure !== undefined) return [`Query ${String(index + 1)}: ${short(text)}`, `  no verdict: ${failure}`, ""];
  return [
    `Query ${String(index + 1)}: ${short(text)}`,
    ...(answer === undefined ? [] : [`  answer: ${answer === "" ? "none in these passages" : answer}`]),
    ...passages.map(passageLine),
    ...notes.map((note) => `  ${note}`),
    "",
  ];
}

function passageLine({ text, isPositive, opinion, contribution }: LabelledPassage): string {
  const own = isPositive ? "positive" : undefined;
  if (contribution !== undefined)
    return `  ${(100 * contribution).toFixed(0).padStart(3)} % ${own === undefined ? "" : `(${own}) `}${short(text)}`;
  if (opinion === undefined) return `  ${own ?? "no verdict"}: ${short(text)}`;
  const { verdict, reason } = opinion;
  return `  ${verdict}: ${short(text)}${reason === "" ? "" : ` <- ${reason}`}`;
}

function planJson({ queries, pairs, calls, cachedCalls, inputTokens, outputTokens, cost, text }: LabellingPlan): object {
  return {
    queries,
    pairs,
    calls,
    cached_calls: cachedCalls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost: cost ?? null,
    text,
  };
}

function endJson(end: LabellingEnd): object {
  const { task, isDryRun, end: state, text, failed, left, calls, cachedCalls, inputTokens, outputTokens, cost, queries } = end;
  return {
    task,
    dry_run: isDryRun,
    end: state,
    failed,
    left,
    calls,
    cached_calls: cachedCalls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost: cost ?? null,
    text,
    queries: queries.map(({ index, text: query, passages, answer, notes, failure }) => ({
      index,
      query,
      ...(answer === undefined ? {} : { answer }),
      passages: passages.map(({ key, text: passage, isPositive, opinion, contribution }) => ({
        key,
        text: passage,
        positive: isPositive,
        ...(opinion === undefined ? {} : { opinion }),
        ...(contribution === undefined ? {} : { contribution }),
      })),
      notes,
      ...(failure === undefined ? {} : { failure }),
    })),
  };
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function short(text: string): string {
  const line = printable(text).replace(/\s+/gu, " ").trim();
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS - 1)}…`;
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function asJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
