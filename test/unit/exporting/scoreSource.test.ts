import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import { scoreFailure, scoreSource } from "#core/exporting/scoreSource";

function configOf(exporting: Partial<Config["export"]>, rescorer: Config["sampler"]["rescore"]["kind"] = "none"): Config {
  const rescore = { ...defaultConfig.sampler.rescore, kind: rescorer };
  return { ...defaultConfig, export: { ...defaultConfig.export, ...exporting }, sampler: { ...defaultConfig.sampler, rescore } };
}

const similar = { output_scores: true } as const;
const taught = { output_scores: true, scores: "teacher" } as const;

test("scores are written where the format has room for them and they are asked for; margins are nothing else", () => {
  expect([
    scoreSource(configOf({}), "flagembedding", "mined"),
    scoreSource(configOf(similar), "flagembedding", "mined"),
    scoreSource(configOf(similar, "maxsim"), "st-triplet", "mined"),
    scoreSource(configOf(taught, "maxsim"), "st-triplet", "mined"),
    scoreSource(configOf(taught), "tevatron", "mined"),
    scoreSource(configOf(taught), "flagembedding", "listed"),
    scoreSource(configOf({ scores: "teacher" }), "margin-mse", "mined"),
  ]).toEqual([undefined, "similarity", "second_scores", "teacher", undefined, undefined, "teacher"]);
});

test("what cannot be had is refused, and says what to do", () => {
  const refusal = (
    config: Config,
    format: "flagembedding" | "margin-mse",
    suggestedQueries: number,
    negatives: "mined" | "listed" = "mined",
  ) => {
    const failure = scoreFailure({ config, format, negatives, suggestedQueries });
    return failure && `${failure.message} ${failure.nextStep ?? ""}`;
  };
  expect([
    refusal(configOf(taught), "flagembedding", 0),
    refusal(configOf({}), "margin-mse", 0),
    refusal(configOf({ scores: "teacher" }), "margin-mse", 9, "listed"),
  ]).toMatchInlineSnapshot(`
    [
      "There are no teacher scores: no language model has been asked about these data. Ask one in the view "Second opinions" or by nearmiss label, or set export.scores to "similarity".",
      "A margin is the difference of two scores of a teacher, and export.scores is "similarity" without a rescorer: the encoder would learn from itself. Set export.scores to "teacher", or sampler.rescore.kind to a rescorer.",
      "The negatives that the data list have no scores, and so no margins. Export mined negatives.",
    ]
  `);
  expect([
    refusal(configOf(taught), "flagembedding", 1),
    refusal(configOf({ scores: "teacher" }), "flagembedding", 0),
    refusal(configOf({}, "cross_encoder"), "margin-mse", 0),
    refusal(configOf({ scores: "teacher" }), "margin-mse", 1),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});
