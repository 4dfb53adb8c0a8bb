import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { GRADIENT_CLASSES, gradientClass, gradientRules } from "#core/gradients/gradientClass";
import { gradientSettings, temperatureFault } from "#core/gradients/gradientSettings";
import { defaultConfig } from "#core/config/config";
import { failureText } from "#core/util/failure";
import { repoRoot } from "../../support/repoRoot";

test.each([
  // p, w, number of negatives
  ["less than a twentieth of an even share is easy, even where it is all that there is", 0.009, 0.99, 5, "easy"],
  ["a twentieth is not", 0.01, 0.2, 5, "useful"],
  ["more than half of the negatives' gradient is dominant", 0.3, 0.51, 5, "dominant"],
  ["half is not", 0.3, 0.5, 5, "useful"],
  ["an only negative has all of the gradient, so that p decides", 0.4, 1, 1, "useful"],
  ["an only negative that beats its positive", 0.51, 1, 1, "dominant"],
  ["an only negative that nobody notices", 0.04, 1, 1, "easy"],
] as const)("%s", (_, weight, share, negatives, kind) => {
  expect(gradientClass(weight, share, negatives)).toBe(kind);
});

test("every class has its rule in words, with the numbers that are in force", () => {
  expect(gradientRules.map(({ kind }) => kind)).toEqual(GRADIENT_CLASSES);
  expect(gradientRules.map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax. Training hardly notices it.",
      "Neither easy nor dominant: it moves the query, together with others.",
      "Its share of the gradient of the query's negatives is above 0.5; where it is the only negative, its p is. The update hangs on this one passage, and goes wrong with it.",
    ]
  `);
});

test("the guide has the same rules", () => {
  const guide = readFileSync(path.join(repoRoot, "docs/gradients.md"), "utf8");
  for (const { kind, text } of gradientRules) expect(guide).toContain(`- **${kind}**: ${text}`);
});

test.each([0, -0.05, Number.NaN, Number.POSITIVE_INFINITY, 1e-300])("tau %d is refused with what would do", (temperature) => {
  const fault = temperatureFault(temperature);
  expect(fault === undefined ? "" : failureText(fault)).toBe(
    `The temperature tau is ${String(temperature)}, and the softmax needs one above 0, at least 0.000001. Choose one such as 0.05; 1 / tau is sentence-transformers' scale.`,
  );
});

test("the configuration's temperature holds unless another one is asked for", () => {
  const { training } = defaultConfig;
  expect([gradientSettings(training), gradientSettings(training, 0.2)]).toEqual([
    { temperature: 0.05, hardness: 0 },
    { temperature: 0.2, hardness: 0 },
  ]);
  expect(temperatureFault(0.001)).toBeUndefined();
});
