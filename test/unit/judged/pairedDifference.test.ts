import { expect, test } from "vitest";
import { meanDifference, pairedDifference } from "../../judged/pairedDifference";

test("differences are taken split by split", () => {
  // Differences 1, 3, -1, 1: mean 1, squared deviations 0 + 4 + 4 + 0, variance 8 / 3.
  const { standardError, ...difference } = pairedDifference([2, 5, 1, 3], [1, 2, 2, 2]);
  expect(difference).toEqual({ mean: 1, wins: 3, count: 4 });
  expect(standardError).toBeCloseTo(Math.sqrt(8 / 3 / 4), 12);
});

test("collections count the same, and their errors add up as those of independent figures", () => {
  const { mean, standardError } = meanDifference([
    { mean: 1, standardError: 3 },
    { mean: 2, standardError: 4 },
  ]);
  expect([mean, standardError]).toEqual([1.5, 2.5]);
});
