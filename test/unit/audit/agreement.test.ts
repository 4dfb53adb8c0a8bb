import { describe, expect, test } from "vitest";
import { agreement, cohensKappa, errorRate, trueShare } from "#core/audit/agreement";
import type { PersonVerdict } from "#core/audit/agreement";
import type { Verdict } from "#core/marks/mark";

const clean = "true_negative";
const found = "false_negative";

/** So many pairs that A and B judge so. */
function pairs(count: number, ofA: Verdict, ofB: Verdict): readonly (readonly PersonVerdict[])[] {
  // The second person's verdict may come first.
  return Array.from({ length: count }, () => [
    { author: "B", verdict: ofB },
    { author: "A", verdict: ofA },
  ]);
}

describe("Cohen's kappa", () => {
  test.each([
    // Two readers of 50 grant proposals: the worked example of many courses, e.g. Wikipedia, "Cohen's kappa".
    [{ bothClean: 20, bothNot: 15, firstClean: 5, secondClean: 10 }, 0.4],
    // The same agreement of .6 with other shares of each person (same article, "same percentages but different numbers").
    [{ bothClean: 45, bothNot: 15, firstClean: 15, secondClean: 25 }, 0.1304],
    [{ bothClean: 25, bothNot: 35, firstClean: 35, secondClean: 5 }, 0.2593],
    // Feinstein and Cicchetti 1990, "High agreement but low kappa", tables 1 and 2: the same 85 % of agreement.
    [{ bothClean: 40, bothNot: 45, firstClean: 9, secondClean: 6 }, 0.7],
    [{ bothClean: 80, bothNot: 5, firstClean: 10, secondClean: 5 }, 0.3182],
    [{ bothClean: 0, bothNot: 0, firstClean: 10, secondClean: 10 }, -1],
    [{ bothClean: 5, bothNot: 5, firstClean: 0, secondClean: 0 }, 1],
  ])("of %o is %d", (table, kappa) => {
    expect(cohensKappa(table)).toBeCloseTo(kappa, 3);
  });

  test("is not defined where chance alone gives full agreement", () => {
    expect(cohensKappa({ bothClean: 12, bothNot: 0, firstClean: 0, secondClean: 0 })).toBeUndefined();
    expect(cohensKappa({ bothClean: 0, bothNot: 3, firstClean: 0, secondClean: 0 })).toBeUndefined();
  });
});

test("everything but a true negative is not clean, and later is no verdict", () => {
  const judged = [
    ...pairs(20, clean, clean),
    ...pairs(10, clean, "partly_relevant"),
    ...pairs(5, "cant_tell", clean),
    ...pairs(15, found, "duplicate_of_positive"),
    ...pairs(7, "later", clean),
    [{ author: "A", verdict: found } as const],
    [],
  ];
  const result = agreement(judged);
  expect(result).toMatchObject({ pairs: 50, comparisons: 50, agreement: 0.7 });
  expect(result?.kappa).toBeCloseTo(0.4, 12);
  expect(result?.text).toMatchInlineSnapshot(
    `"Two persons say the same in 70.0 % of 50 comparisons, Cohen's kappa 0.40. Fair agreement (Landis and Koch 1977)."`,
  );
  expect(agreement(pairs(3, "later", clean))).toBeUndefined();
});

test("the order of the persons does not matter, and of three each two are compared", () => {
  const judged = [...pairs(20, clean, clean), ...pairs(10, clean, found), ...pairs(20, found, found)];
  expect(agreement(judged.map((verdicts) => verdicts.toReversed()))).toEqual(agreement(judged));
  const three: readonly PersonVerdict[] = [
    { author: "A", verdict: clean },
    { author: "B", verdict: clean },
    { author: "C", verdict: found },
  ];
  const { text: _, ...numbers } = agreement([three])!;
  expect(numbers).toEqual({ pairs: 1, comparisons: 3, agreement: 1 / 3, kappa: 0 });
});

describe("what errors of the persons would do", () => {
  test("an error rate follows from the agreement, and a share from the error rate", () => {
    expect(errorRate(1)).toBe(0);
    // Two who err in 10 % of pairs agree in .9^2 + .1^2.
    expect(errorRate(0.82)).toBeCloseTo(0.1, 12);
    expect(errorRate(0.5)).toBeUndefined();
    // Of a true 5 %, such persons would find .05 * .9 + .95 * .1.
    expect(trueShare(0.14, 0.1)).toBeCloseTo(0.05, 12);
    expect([trueShare(0.05, 0.1), trueShare(0.99, 0.1), trueShare(0.3, 0.5)]).toEqual([0, 1, undefined]);
  });

  test("is told beside the agreement where a share is known", () => {
    const judged = [...pairs(36, clean, clean), ...pairs(2, clean, found), ...pairs(2, found, found)];
    expect(agreement(judged, 0.06)?.text).toMatchInlineSnapshot(
      `"Two persons say the same in 95.0 % of 40 comparisons, Cohen's kappa 0.64. Substantial agreement (Landis and Koch 1977). If each errs in 2.6 % of pairs, whichever kind, a share of 6.0 % not clean would really be 3.6 % (Rogan and Gladen 1978); no bound takes this into account."`,
    );
    expect(agreement(pairs(4, clean, found), 0.06)?.text).toMatchInlineSnapshot(
      `"Two persons say the same in 0.0 % of 4 comparisons, Cohen's kappa 0.00. Slight agreement (Landis and Koch 1977). So few say little yet. Persons who agree no more than by guessing say nothing of the share of false negatives."`,
    );
    expect(agreement(pairs(1, clean, clean), 0)?.text).toMatchInlineSnapshot(
      `"Two persons say the same in 100.0 % of 1 comparison. All say the same of every pair, so that kappa is not defined. So few say little yet. If each errs in 0.0 % of pairs, whichever kind, a share of 0.0 % not clean would really be 0.0 % (Rogan and Gladen 1978); no bound takes this into account."`,
    );
  });
});
