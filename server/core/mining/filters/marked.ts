import type { Verdict } from "../../marks/mark";
import type { IdentityTest } from "./identity";

const meaning: Readonly<Partial<Record<Verdict, string>>> = {
  false_negative: "marked relevant (false negative)",
  partly_relevant: "marked partly relevant",
  duplicate_of_positive: "marked a duplicate of the positive",
  cant_tell: "marked can't tell",
  bad_positive: "marked a bad positive",
};

/** Drops what anybody's verdict keeps out of the negatives. */
export const marked: IdentityTest = (_document, group, { verdicts }) => {
  if (verdicts.badQuery) {
    return "the query is marked bad";
  }
  const exclusion = verdicts.excluded.get(group);
  return exclusion === undefined ? undefined : `${meaning[exclusion.verdict] ?? exclusion.verdict} by ${exclusion.author}`;
};
