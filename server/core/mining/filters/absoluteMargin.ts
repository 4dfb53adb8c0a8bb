import { highestWithin } from "../float32";
import { comparison, short } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates with s + m > p, p being the score of the margin anchor. An unknown score or anchor drops nothing. */
export const absoluteMargin = limitRule({
  rule: "absolute_margin",
  measure: "scores",
  side: "above",
  limit: ({ settings: { absolute_margin: margin }, anchor }) => (margin === null ? undefined : highestWithin(anchor, margin)),
  words: (score, limit, { settings }) =>
    `less than ${short(settings.absolute_margin ?? 0)} below the positive's score: ${comparison(score, ">", limit)}`,
});
