import { expect, test } from "vitest";
import { pairedDifference } from "../../quality/pairedDifference";

test("differences are taken split by split", () => {
  // Differences 1, 3, -1, 1: mean 1, squared deviations 0 + 4 + 4 + 0, variance 8 / 3.
  const { standardError, ...difference } = pairedDifference([2, 5, 1, 3], [1, 2, 2, 2]);
  expect(difference).toEqual({ mean: 1, wins: 3, count: 4 });
  expect(standardError).toBeCloseTo(Math.sqrt(8 / 3 / 4), 12);
});
