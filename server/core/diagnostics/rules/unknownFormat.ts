import type { Rule } from "../rule";

/** Found by `checkFile`, since it is about the file as a whole. */
export const unknownFormat: Rule = {
  code: "HN101",
  title: "Format not recognised",
  severity: "information",
  explanation: "The records' fields are those of no format that Nearmiss knows, so they can be neither mined nor checked.",
  fixSafety: "none",
};
