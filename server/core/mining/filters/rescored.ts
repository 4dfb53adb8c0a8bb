import { highestWithin, relativelyBelow } from "../float32";
import { comparison, percent, short } from "../numbersInWords";
import { limitRule } from "./rule";

/** The limits on second scores. They are on the rescorer's scale and are never compared with similarities. */
export const rescoredRules = [
  limitRule({
    rule: "rescore_absolute_margin",
    measure: "rescored",
    side: "above",
    limit: ({ settings: { rescore }, rescoredAnchor }) =>
      rescore.absolute_margin === null ? undefined : highestWithin(rescoredAnchor, rescore.absolute_margin),
    words: (score, limit, { settings }) =>
      `less than ${short(settings.rescore.absolute_margin ?? 0)} below the positive's second score: ${comparison(score, ">", limit)}`,
  }),
  limitRule({
    rule: "rescore_relative_margin",
    measure: "rescored",
    side: "above",
    limit: ({ settings: { rescore }, rescoredAnchor }) =>
      rescore.relative_margin === null ? undefined : relativelyBelow(rescoredAnchor, rescore.relative_margin),
    words: (score, limit, { settings }) =>
      `within ${percent(settings.rescore.relative_margin ?? 0)} of the positive's second score: ${comparison(score, ">", limit)}`,
  }),
  limitRule({
    rule: "rescore_max_score",
    measure: "rescored",
    side: "above",
    limit: ({ settings }) => (settings.rescore.max_score === null ? undefined : Math.fround(settings.rescore.max_score)),
    words: (score, limit) => `its second score is above rescore.max_score: ${comparison(score, ">", limit)}`,
  }),
  limitRule({
    rule: "rescore_min_score",
    measure: "rescored",
    side: "below",
    limit: ({ settings }) => (settings.rescore.min_score === null ? undefined : Math.fround(settings.rescore.min_score)),
    words: (score, limit) => `its second score is below rescore.min_score: ${comparison(score, "<", limit)}`,
  }),
] as const;
