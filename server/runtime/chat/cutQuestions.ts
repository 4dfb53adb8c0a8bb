import { requestTokens } from "#core/chat/tokenEstimate";
import type { ChatAnswer, ChatRequest } from "#core/chat/chat";

/** Questions that count the same, and by which part the longest of them is longer than the shortest. */
const LEAST_QUESTIONS = 3;
const LEAST_SPREAD = 0.05;
/** No model has a smaller context; servers that do not count say 0 or 1. */
const SMALLEST_CONTEXT = 1000;

/**
 * Finds out that a server cuts questions which are longer than its context, as Ollama does without a word: the model would judge passages that
 * it was not shown. Such questions all count as many tokens, however long they are, and none counts more.
 */
export class CutQuestions {
  #most = 0;
  readonly #lengths = new Set<number>();

  /** The length at which this question was cut, in tokens; undefined while nothing speaks for that. */
  lookAt(request: ChatRequest, { usage }: ChatAnswer): number | undefined {
    if (usage.estimated || usage.inputTokens < Math.max(SMALLEST_CONTEXT, this.#most)) return undefined;
    if (usage.inputTokens > this.#most) this.#lengths.clear();
    this.#most = usage.inputTokens;
    this.#lengths.add(requestTokens(request));
    const [shortest, longest] = [Math.min(...this.#lengths), Math.max(...this.#lengths)];
    const isCut = this.#lengths.size >= LEAST_QUESTIONS && longest >= (1 + LEAST_SPREAD) * shortest;
    return isCut ? this.#most : undefined;
  }
}
