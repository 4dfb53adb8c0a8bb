/** The part of the configuration that says what language models are asked. Which model, where and at what price is the person's own setting, never the project's. */
import * as v from "valibot";
import { count, group, number, text } from "./schemaParts";

/** More passages in one question than this are judged carelessly (RLHN shows up to 25). */
const MOST_CANDIDATES = 25;

export const labellingSchema = v.strictObject(
  {
    queries: v.optional(v.pipe(count(1), v.description("Queries a run asks about, in the order of the harvest lane.")), 100),
    candidates: v.optional(
      v.pipe(
        count(1),
        v.check((value) => value <= MOST_CANDIDATES, `must be at most ${String(MOST_CANDIDATES)}`),
        v.description("Candidates that are judged in one question."),
      ),
      10,
    ),
    passages: v.optional(
      v.pipe(count(3), v.description("Passages that the model answers a query from: its positives, then the nearest candidates.")),
      8,
    ),
    contribution: v.optional(
      v.pipe(
        v.picklist(["auto", "logprobs", "leave_one_out", "surrogate"], 'must be "auto", "logprobs", "leave_one_out" or "surrogate"'),
        v.description(
          "How the contribution of a passage to the answer is found: from the answer's log-probabilities or its words with the passage left out, or from a sparse fit over random subsets. auto takes log-probabilities where there are any, and subsets where passages are alike.",
        ),
      ),
      "auto",
    ),
    subsets: v.optional(
      v.pipe(count(8), v.description("Random subsets of the passages that the sparse fit asks about, for each query.")),
      32,
    ),
    max_passage_characters: v.optional(
      v.pipe(count(100), v.description("Longer passages are cut for the question, which is said in it.")),
      2000,
    ),
    guidelines: v.optional(
      v.pipe(text, v.description("What counts as relevant in this project, in a few sentences; put into the question.")),
      "",
    ),
    min_perplexity: v.optional(
      v.pipe(
        number,
        v.minValue(1, "must be at least 1"),
        v.description(
          "The teacher's temperature is chosen for each query so that it spreads over at least so many passages, and at most half of them.",
        ),
      ),
      1.5,
    ),
    seed: v.optional(v.pipe(count(0), v.description("Decides the order of the passages in a question, and the subsets.")), 42),
  },
  group,
);

export type LabellingConfig = v.InferOutput<typeof labellingSchema>;
