import type { ChatAnswer, ChatUsage } from "../chat/chat";
import type { Failure } from "../util/failure";
import { err, ok, type Result } from "../util/result";
import { subsetRequest } from "./answerRequest";
import type { AttributionInput, AttributionOptions } from "./attribution";
import { nameOf, type Subset } from "./subset";

/** The model's answers to one query from subsets of its passages. Each subset is asked about once. */
export class AskedSubsets {
  readonly #input: AttributionInput;
  readonly #options: AttributionOptions;
  readonly #answers = new Map<string, ChatAnswer>();

  constructor(input: AttributionInput, options: AttributionOptions) {
    this.#input = input;
    this.#options = options;
  }

  /** Of all answers so far. */
  get usage(): ChatUsage {
    const usages = [...this.#answers.values()].map(({ usage }) => usage);
    return {
      inputTokens: usages.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
      outputTokens: usages.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
      estimated: usages.some(({ estimated }) => estimated),
    };
  }

  /** Whether the model gave log-probabilities with all answers so far that say anything. */
  get haveTokens(): boolean {
    return [...this.#answers.values()].every(({ text, tokens }) => tokens !== undefined || text === "");
  }

  /**
   * Asks about all that were not asked about yet, at once, so that a batch gets them all. Fails with the first failure in the order of the
   * subsets, when all are answered.
   */
  async ask(subsets: readonly Subset[]): Promise<Result<null>> {
    const { chat, cancellation } = this.#options;
    const open = [...new Map(subsets.map((subset) => [nameOf(subset), subset])).entries()].filter(([name]) => !this.#answers.has(name));
    const answers = await Promise.all(
      open.map(async ([name, subset]) => ({
        name,
        subset,
        answer: await chat.ask(subsetRequest(this.#input, subset, this.#options), cancellation),
      })),
    );
    const failures: Failure[] = [];
    for (const { name, subset, answer } of answers) {
      const failure = answer.ok ? uselessness(answer.value, subset) : answer.failure;
      if (failure !== undefined) failures.push(failure);
      else if (answer.ok) this.#answers.set(name, answer.value);
    }
    const [first] = failures;
    return first === undefined ? ok(null) : err(first);
  }

  /** The answer from a subset that was asked about. */
  answerFrom(subset: Subset): ChatAnswer {
    const answer = this.#answers.get(nameOf(subset));
    if (answer === undefined) throw new RangeError(`no answer from the passages ${nameOf(subset)}`);
    return answer;
  }
}

/**
 * Why an answer cannot be compared with others. One that was cut still shows how it begins, unless it is the reference, from all passages: that would
 * have to be compared in full.
 */
function uselessness({ text, ending }: ChatAnswer, subset: Subset): Failure | undefined {
  const shown = subset.filter((isIn) => isIn).length;
  const from = `from ${String(shown)} of ${String(subset.length)} passages`;
  if (ending === "refused") {
    return { reason: "bad-answer", message: `The model held back its answer ${from}.`, nextStep: "Ask another model about this query." };
  }
  if (shown < subset.length) return undefined;
  if (ending === "length") {
    return {
      reason: "bad-answer",
      message: `The model's answer ${from} was cut, since it became too long.`,
      nextStep: "Use a model that answers without thinking aloud.",
    };
  }
  return text.trim() === ""
    ? { reason: "bad-answer", message: `The model's answer ${from} is empty.`, nextStep: "Ask another model about this query." }
    : undefined;
}
