import { expect, test } from "vitest";
import { applyOverrides } from "#core/config/applyOverrides";
import { defaultConfig } from "#core/config/config";
import { failureText } from "#core/util/failure";

test("values are numbers, words, texts or null, as the setting has them; later ones win", () => {
  const given = [
    "sampler.num_negatives=7",
    "sampler.max_score=0.8",
    "sampler.relative_margin=null",
    "sampler.sampling_strategy=window",
    "data.split=2024",
    "model.query_prompt=query: a=b",
    "sampler.num_negatives=8",
    "sampler.simans.a=2",
    "checks.HN106=off",
  ];
  const { sampler, data, model } = defaultConfig;
  expect(applyOverrides(defaultConfig, given)).toEqual({
    ok: true,
    value: {
      ...defaultConfig,
      sampler: {
        ...sampler,
        num_negatives: 8,
        max_score: 0.8,
        relative_margin: null,
        sampling_strategy: "window",
        simans: { ...sampler.simans, a: 2 },
      },
      data: { ...data, split: "2024" },
      model: { ...model, query_prompt: "query: a=b" },
      checks: { HN106: "off" },
    },
  });
});

test("what cannot be set is told with the next step", () => {
  const told = (override: string): string => {
    const result = applyOverrides(defaultConfig, [override]);
    return result.ok ? "fine" : failureText(result.failure);
  };
  const overrides = [
    "num_negatives=5",
    "sampler.rang_max=3",
    "sampler.seed",
    "sampler.seed=many",
    "sampler.sampling_strategy=best",
    "sampler.range_min=100",
    "model.allow_download=yes",
  ];
  expect(overrides.map(told)).toMatchInlineSnapshot(`
    [
      ""num_negatives" is not a setting. Did you mean sampler.num_negatives?",
      ""sampler.rang_max" is not a setting. Did you mean sampler.range_max?",
      ""sampler.seed" has no value. Write it as name=value, for example sampler.num_negatives=5.",
      "sampler.seed is "many", but must be a number. Allowed is a whole number, at least 0.",
      "sampler.sampling_strategy is "best", but must be "top", "window", "simans" or "random". Allowed is "top", "window", "simans", "random".",
      "sampler.range_min is 100, but must be below range_max, else no candidate is left. Allowed is a whole number, at least 0.",
      "model.allow_download is "yes", but must be true or false. Allowed is true, false.",
    ]
  `);
});
