import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { parseConfig } from "#core/config/parseConfig";
import { readConfig } from "#core/config/readConfig";

/** Each problem under the text it is about. */
function findings(text: string): string {
  const { problems } = readConfig(text);
  const lines = text
    .split("\n")
    .flatMap((line, index) => [
      line,
      ...problems
        .filter((problem) => problem.line === index + 1)
        .map(({ column, length, message }) => `${" ".repeat(column - 1)}${"^".repeat(Math.max(1, length))} ${message}`),
    ]);
  return `\n${lines.join("\n")}\n`;
}

test("an empty object is the default configuration; comments and trailing commas are allowed", () => {
  expect(readConfig("{}")).toEqual({ config: defaultConfig, problems: [] });
  const { config } = readConfig('{\n  // ours\n  "sampler": { "num_negatives": 7, },\n}\n');
  expect(config).toEqual({ ...defaultConfig, sampler: { ...defaultConfig.sampler, num_negatives: 7 } });
});

test("every problem is told at its place, with what is allowed", () => {
  expect(
    findings(`{
  "modle": {},
  "sampler": {
    "range_min": 100,
    "num_negativ": 3,
    "sampling_strategy": "tpo",
    "relative_margin": "5 %",
    "seed": 1.5,
    "simans": { "a": 0 }
  },
  "data": [1],
  "index": 4,
  "checks": { "HN106": "fatal", "HN999": "off" },
  "index": {},
  "entirely_unlike_anything": 1
}`),
  ).toMatchInlineSnapshot(`
    "
    {
      "modle": {},
      ^^^^^^^ "modle" is not a setting. Did you mean "model"?
      "sampler": {
        "range_min": 100,
                     ^^^ sampler.range_min is 100, but must be below range_max, else no candidate is left.
        "num_negativ": 3,
        ^^^^^^^^^^^^^ "sampler.num_negativ" is not a setting. Did you mean "num_negatives"?
        "sampling_strategy": "tpo",
                             ^^^^^ sampler.sampling_strategy is "tpo", but must be "top", "window", "simans" or "random".
        "relative_margin": "5 %",
                           ^^^^^ sampler.relative_margin is "5 %", but must be a number.
        "seed": 1.5,
                ^^^ sampler.seed is 1.5, but must be a whole number.
        "simans": { "a": 0 }
                         ^ sampler.simans.a is 0, but must be above 0.
      },
      "data": [1],
              ^^^ No setting is a list.
      "index": 4,
      "checks": { "HN106": "fatal", "HN999": "off" },
                           ^^^^^^^ checks.HN106 is "fatal", but must be "off", "hint", "information", "warning" or "error".
                                    ^^^^^^^ "checks.HN999" is not a setting. checks has HN001, HN002, HN003, HN004, HN005, HN006, HN007, HN010, HN013, HN101, HN102, HN106, HN107, HN201, HN203, HN204, HN208, HN302, HN401.
      "index": {},
      ^^^^^^^ "index" is there twice; only the last would count.
      "entirely_unlike_anything": 1
      ^^^^^^^^^^^^^^^^^^^^^^^^^^ "entirely_unlike_anything" is not a setting. The configuration has $schema, data, model, index, sampler, checks.
    }
    "
  `);
});

test("of a text that is not JSON the first error is told", () => {
  expect(findings('{ "sampler": {\n  "seed": 4 "range_min": 2\n} }')).toMatchInlineSnapshot(`
    "
    { "sampler": {
      "seed": 4 "range_min": 2
                ^^^^^^^^^^^ Not valid JSON: comma expected.
    } }
    "
  `);
  expect(findings("")).toMatchInlineSnapshot(`
    "

    ^ The configuration is empty; {} is the smallest one.
    "
  `);
  expect(findings("[1]")).toMatchInlineSnapshot(`
    "
    [1]
    ^^^ The configuration must be an object.
    "
  `);
});

test("a configuration with a problem is refused as a whole, and the failure names the place", () => {
  const parsed = parseConfig('{\n  "sampler": { "num_negatives": 9, "max_score": "high", "seed": -1 }\n}');
  expect(parsed).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "sampler.max_score is "high", but must be a number. (1 more in the file)",
        "nextStep": "Correct the configuration; until then the last good one stays in force.",
        "place": {
          "file": ".nearmiss/config.json",
          "line": 2,
        },
        "reason": "bad-config",
      },
      "ok": false,
    }
  `);
});

test("brackets without end are told, not followed", () => {
  expect(findings('{"data":'.repeat(100_000)).slice(-51)).toContain("nested too deeply");
});

test("no text makes it throw, and a text is either in force or has a problem within it", () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.object({ key: fc.constantFrom("sampler", "seed", "data", "$schema", "x") }).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(text, (given) => {
      const { config, problems } = readConfig(given);
      expect(config === undefined).toBe(problems.length > 0);
      expect(problems.every(({ offset, length }) => offset >= 0 && offset + length <= given.length)).toBe(true);
    }),
  );
});
