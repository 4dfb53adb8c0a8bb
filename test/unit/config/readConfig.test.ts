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
  expect(readConfig("{}")).toEqual({ config: defaultConfig, written: {}, problems: [] });
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
                             ^^^^^ sampler.sampling_strategy is "tpo", but must be one of "top", "window", "simans", "random", "bm25", "hybrid", "same_article", "same_topic".
        "relative_margin": "5 %",
                           ^^^^^ sampler.relative_margin is "5 %", but must be a number.
        "seed": 1.5,
                ^^^ sampler.seed is 1.5, but must be a whole number.
        "simans": { "a": 0 }
                         ^ sampler.simans.a is 0, but must be above 0.
      },
      "data": [1],
              ^^^ data is a list, but must be an object.
      "index": 4,
      "checks": { "HN106": "fatal", "HN999": "off" },
                           ^^^^^^^ checks.HN106 is "fatal", but must be "off", "hint", "information", "warning" or "error".
                                    ^^^^^^^ "checks.HN999" is not a setting. checks has HN001, HN002, HN003, HN004, HN005, HN006, HN007, HN010, HN013, HN101, HN102, HN106, HN107, HN201, HN203, HN204, HN208, HN302, HN401.
      "index": {},
      ^^^^^^^ "index" is there twice; only the last would count.
      "entirely_unlike_anything": 1
      ^^^^^^^^^^^^^^^^^^^^^^^^^^ "entirely_unlike_anything" is not a setting. The configuration has $schema, data, model, index, sampler, training, curation, labelling, export, checks.
    }
    "
  `);
});

test("problems within lists are told at their entry", () => {
  expect(
    findings(`{
  "sampler": {
    "mix": [
      { "source": "simans", "n": 4 },
      { "source": "same_articel", "n": 2, "relativ_margin": 0.1 },
      { "source": "top" },
      { "source": "top", "n": 0, "n": 1, "simans": { "anchor": "middle" } },
      [],
      { "source": "window", "n": 1, "range_min": 150 }
    ],
    "where": [
      { "field": "language" },
      { "field": "language", "in": ["en", {}] },
      { "field": "", "equals": "en" },
      { "field": "language", "in": "en" },
      "en"
    ],
    "bm25": []
  }
}`),
  ).toMatchInlineSnapshot(`
    "
    {
      "sampler": {
        "mix": [
          { "source": "simans", "n": 4 },
          { "source": "same_articel", "n": 2, "relativ_margin": 0.1 },
                      ^^^^^^^^^^^^^^ sampler.mix[1].source is "same_articel", but must be one of "top", "window", "simans", "random", "bm25", "hybrid", "same_article", "same_topic".
                                              ^^^^^^^^^^^^^^^^ "sampler.mix[1].relativ_margin" is not a setting. Did you mean "relative_margin"?
          { "source": "top" },
          ^^^^^^^^^^^^^^^^^^^ sampler.mix[2] lacks "n".
          { "source": "top", "n": 0, "n": 1, "simans": { "anchor": "middle" } },
                                     ^^^ "n" is there twice; only the last would count.
                                                                   ^^^^^^^^ sampler.mix[3].simans.anchor is "middle", but must be "lowest", "mean" or "drawn".
          [],
          ^^ sampler.mix[4] is a list, but must be an object.
          { "source": "window", "n": 1, "range_min": 150 }
        ],
        "where": [
          { "field": "language" },
          ^^^^^^^^^^^^^^^^^^^^^^^ sampler.where[0] is {"field":"language"}, but must have exactly one of "equals", "in" and "prefix".
          { "field": "language", "in": ["en", {}] },
                                              ^^ sampler.where[1].in[1] is {}, but must be a text, a number, true or false.
          { "field": "", "equals": "en" },
                     ^^ sampler.where[2].field is "", but must not be empty.
          { "field": "language", "in": "en" },
                                       ^^^^ sampler.where[3].in is "en", but must be a list.
          "en"
          ^^^^ sampler.where[4] is "en", but must be an object.
        ],
        "bm25": []
                ^^ sampler.bm25 is a list, but must be an object.
      }
    }
    "
  `);
  expect(findings('{ "sampler": { "mix": [{ "source": "window", "n": 1, "range_min": 150 }] } }')).toMatchInlineSnapshot(`
    "
    { "sampler": { "mix": [{ "source": "window", "n": 1, "range_min": 150 }] } }
                                                                      ^^^ sampler.mix[0].range_min is 150, but must be below range_max, else no candidate is left.
    "
  `);
  expect(findings('{ "sampler": { "mix": [], "where": {} } }')).toMatchInlineSnapshot(`
    "
    { "sampler": { "mix": [], "where": {} } }
                          ^^ sampler.mix is [], but must not be empty.
                                       ^^ sampler.where is {}, but must be a list.
    "
  `);
});

test("compat fills what is not set with sentence-transformers' defaults", () => {
  const { config } = readConfig('{ "sampler": { "compat": "sentence-transformers", "max_score": 0.8, "near_duplicate_overlap": 0.9 } }');
  expect(config?.sampler).toEqual({
    ...defaultConfig.sampler,
    compat: "sentence-transformers",
    num_negatives: 3,
    range_max: null,
    range_after_filters: true,
    max_score: 0.8,
    relative_margin: null,
    near_duplicate_similarity: null,
    near_duplicate_overlap: 0.9,
    near_query_similarity: null,
    near_query_overlap: null,
    diversity_similarity: null,
    diversity_overlap: null,
  });
  expect(readConfig('{ "sampler": { "compat": null } }').config).toEqual(defaultConfig);
});

test("compat refuses what sentence-transformers has no counterpart for", () => {
  expect(
    findings(`{
  "sampler": {
    "compat": "sentence-transformers",
    "sampling_strategy": "simans",
    "mix": [{ "source": "top", "n": 2 }],
    "range_min": 2,
    "range_max": 6,
    "num_negatives": 5
  }
}`),
  ).toMatchInlineSnapshot(`
    "
    {
      "sampler": {
        "compat": "sentence-transformers",
        "sampling_strategy": "simans",
                             ^^^^^^^^ sampler.sampling_strategy is "simans", but must be "top" or "window" with compat: sentence-transformers has no other (its "random" is "window").
        "mix": [{ "source": "top", "n": 2 }],
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sampler.mix is [{"source":"top","n":2}], but must be null with compat: sentence-transformers knows no mix.
        "range_min": 2,
        "range_max": 6,
        "num_negatives": 5
                         ^ sampler.num_negatives is 5, but must fit between range_min and range_max, as sentence-transformers demands it.
      }
    }
    "
  `);
  const window = '"compat": "sentence-transformers", "sampling_strategy": "window"';
  expect(readConfig(`{ "sampler": { ${window}, "range_max": 3 } }`).problems).toEqual([]);
  expect(findings(`{ "sampler": { ${window}, "range_max": 2 } }`)).toMatchInlineSnapshot(`
    "
    { "sampler": { "compat": "sentence-transformers", "sampling_strategy": "window", "range_max": 2 } }
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sampler.num_negatives is 3, but must fit between range_min and range_max, as sentence-transformers demands it.
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
