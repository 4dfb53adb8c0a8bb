/** Every command of the extension. The manifest contributes exactly these, and `register.ts` has a handler for each. */
export const commandIds = [
  "nearmiss.review",
  "nearmiss.export",
  "nearmiss.openConfig",
  "nearmiss.openSample",
  "nearmiss.stop",
  "nearmiss.resume",
  "nearmiss.showLog",
  "nearmiss.restartServer",
  "nearmiss.reviewConfigChange",
  "nearmiss.acceptConfigChange",
  "nearmiss.discardConfigChange",
  "nearmiss.markTrueNegative",
  "nearmiss.markFalseNegative",
  "nearmiss.markPartlyRelevant",
  "nearmiss.markDuplicateOfPositive",
  "nearmiss.markCantTell",
  "nearmiss.markLater",
  "nearmiss.markBadPositive",
  "nearmiss.markBadQuery",
  "nearmiss.undoMark",
  "nearmiss.redoMark",
  "nearmiss.nextQuery",
  "nearmiss.previousQuery",
  "nearmiss.showSampler",
] as const;

export type CommandId = (typeof commandIds)[number];
