import type { Rule } from "../rule";

/** Found by `checkQrels`, since a qrels file has no records. */
export const danglingQrel: Rule = {
  code: "HN302",
  title: "Judgement that points nowhere",
  severity: "error",
  explanation:
    "A qrels row names a query or a document that is not in the data set, or cannot be read; the judgement is lost in training and in evaluation.",
  fixSafety: "none",
};
