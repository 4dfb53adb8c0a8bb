import type { ChatModelRef } from "#protocol/chat";
import type { OpinionView, Verdict } from "#protocol/review";
import type { FakeQuery } from "./passages";

/** What the scripted person chooses where the extension asks for a model. */
export const fakeModels: Readonly<Record<"ask" | "confirm", ChatModelRef>> = {
  ask: { provider: "vscode", id: "copilot/gpt-4o-mini", label: "GPT-4o mini", offeredBy: "Copilot", maxInputTokens: 64_000 },
  confirm: { provider: "endpoint", id: "qwen2.5:32b", label: "qwen2.5:32b", offeredBy: "localhost:11434" },
};

/** Of the first query, by position: hand-made, so that there is a false negative, a duplicate, a hostile text and one that nothing is said of. */
const ofSnapshots: Readonly<Record<number, OpinionView>> = {
  0: {
    verdict: "relevant",
    reason: "It gives the time after which an archived snapshot expires.",
    span: "Archived snapshots expire 400 days after sealing.",
    by: "qwen2.5:32b, confirming a first look",
    contribution: 0.62,
  },
  1: { verdict: "not_relevant", reason: "It is about the warm tier.", span: "In the warm tier", by: "GPT-4o mini", contribution: 0.03 },
  2: { verdict: "partly_relevant", reason: "A legal hold is the exception to the rule.", by: "qwen2.5:32b, confirming a first look" },
  3: { verdict: "not_relevant", reason: "It is about restoring.", by: "GPT-4o mini" },
  4: {
    verdict: "duplicate_of_positive",
    reason: "It says what the first positive says.",
    span: "kept for 400 days in the archive tier",
    by: "qwen2.5:32b, confirming a first look",
    contribution: 0.31,
  },
  6: {
    verdict: "relevant",
    reason: "Section 9 says from which day retention is counted.",
    span: "Section 9. Retention in the archive tier is counted from the day on which the snapshot was sealed",
    by: "GPT-4o mini",
  },
  8: { verdict: "not_relevant", reason: "It is about the bin.", span: "words that are not in the passage", by: "GPT-4o mini" },
  9: {
    verdict: "relevant",
    reason: "<img src=x onerror=\"document.body.dataset.owned='yes'\"> It names <b>400</b> days.",
    span: "Archive retention <b>400</b> days",
    by: "<script>document.body.dataset.owned='yes'</script>",
  },
};

/** What a language model says of the nth candidate of a query; undefined where it gave no verdict. */
export function fakeOpinion(query: FakeQuery, i: number): OpinionView | undefined {
  if (query.id === "q-0012") return ofSnapshots[i];
  const by = "GPT-4o mini";
  if (i % 4 === 3) return { verdict: "partly_relevant", reason: "It names the port, and not for the agent.", by };
  return i % 4 === 0
    ? { verdict: "relevant", reason: "It answers the question in other words.", by }
    : { verdict: "not_relevant", reason: "It is about something else.", by };
}

/** Whether a person and a model say different things, as the server counts it: clean against not clean. */
export function isDisagreement(verdict: Verdict, { verdict: said }: OpinionView): boolean {
  if (!["true_negative", "false_negative", "partly_relevant", "duplicate_of_positive"].includes(verdict)) return false;
  return (verdict === "true_negative") !== (said === "not_relevant");
}

/** What the model says of queries and positives, by the query's id. */
export const calledAmbiguous: Readonly<Record<string, string>> = {
  "q-0013": "It does not say whether ports of the service or of the computer are meant.",
};
export const calledWrong: Readonly<Record<string, string>> = {
  "q-0012/p1": "It does not say when a snapshot is deleted, only that the time is fixed.",
};
