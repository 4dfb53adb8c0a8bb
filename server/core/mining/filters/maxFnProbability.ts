import { suspicionOf } from "../../falseNegatives/suspicionOf";
import { fateOf, UNDECIDED } from "../candidate";
import { probabilitiesFor } from "../falseNegativeProbabilities";
import { comparison } from "../numbersInWords";
import { pairFeatures } from "../pairFeatures";
import type { Rule } from "./rule";

const fate = fateOf("max_fn_probability");

/** Drops candidates that are more probably relevant than a limit, by the model that marks have taught. Asked last: it sees what other rules do not. */
export const maxFnProbability: Rule = {
  rule: "max_fn_probability",
  sift: (fates, { settings, list, facts, decision }) => {
    const limit = settings.max_fn_probability;
    const probabilities = limit === null ? undefined : probabilitiesFor(facts, decision, settings.source);
    if (limit === null || probabilities === undefined) return;
    for (let position = 0; position < list.rows.length; position += 1) {
      if (fates[position] === UNDECIDED && (probabilities[list.rows[position] ?? -1] ?? Number.NaN) > limit) fates[position] = fate;
    }
  },
  drops: (row, _rank, { settings, facts, decision }) => {
    const limit = settings.max_fn_probability;
    return limit !== null && (probabilitiesFor(facts, decision, settings.source)?.[row] ?? Number.NaN) > limit;
  },
  words: (row, _rank, { settings, facts, decision }) => {
    const { falseNegatives: model } = decision;
    if (model === undefined) throw new Error("A guard without a model drops nothing.");
    // Whether the person may know what a language model says of the pair is not known here.
    const { probability, text } = suspicionOf(model, pairFeatures(facts, decision, [row]), 0, settings.source, { hidesVerdict: true });
    return `probably relevant: P ${comparison(probability, ">", settings.max_fn_probability ?? Number.NaN)} (${text})`;
  },
};
