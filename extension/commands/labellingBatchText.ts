import type { ReadBatch, WrittenBatch } from "#protocol/labelling";

/** Problems that a message has room for. */
const SHOWN_PROBLEMS = 3;

/** What was written, and what is left to be asked. */
export function writtenText({ requests, later }: WrittenBatch): string {
  const left = later === 0 ? "" : ` ${counted(later, "question")} can be asked once these are answered: write another batch then.`;
  return `Wrote ${counted(requests, "question")}. Have the service answer them, then read its answers back.${left}`;
}

/** What was taken in, and what could not be. */
export function readText({ answers, problems }: ReadBatch): string {
  const taken =
    answers === 0
      ? "No answer was taken in."
      : `Took in ${counted(answers, "answer")}; a run over the same queries with that model does not ask for ${answers === 1 ? "it" : "them"} again.`;
  const more = problems.length - SHOWN_PROBLEMS;
  return [taken, ...problems.slice(0, SHOWN_PROBLEMS), more > 0 && `And ${counted(more, "more problem")}.`].filter(Boolean).join(" ");
}

function counted(value: number, noun: string): string {
  return `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;
}
