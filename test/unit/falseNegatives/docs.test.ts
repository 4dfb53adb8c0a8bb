/** What the guide says of the model is what the model has. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { FALSE_NEGATIVE_COST } from "#core/calibration/fitSimans";
import { FEATURES } from "#core/falseNegatives/features";
import { FEWEST_PAIRS } from "#core/falseNegatives/fitModel";
import { repoRoot } from "../../support/repoRoot";

const guide = readFileSync(path.join(repoRoot, "docs/false-negatives.md"), "utf8");

test("every feature has its line, in the order of the model", () => {
  expect([...guide.matchAll(/^\| `(\w+)`/gmu)].map((match) => match[1])).toEqual([...FEATURES]);
});

test("numbers of the guide are those of the code", () => {
  expect(guide).toContain(`fewer than ${String(FEWEST_PAIRS)} usable marks`);
  expect(guide).toContain(`c = ${String(FALSE_NEGATIVE_COST)}\n`);
});
