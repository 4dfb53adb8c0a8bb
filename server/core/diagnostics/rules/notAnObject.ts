import type { Rule } from "../rule";

export const notAnObject: Rule = {
  code: "HN002",
  title: "Not an object",
  severity: "error",
  explanation:
    "JSON Lines needs one object in braces on each line. A JSON array, or JSON spread over several lines, has to be converted first.",
  fixSafety: "none",
};
