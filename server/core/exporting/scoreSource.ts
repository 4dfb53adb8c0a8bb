import type { Config } from "../config/config";
import type { Failure } from "../util/failure";
import type { NegativesMode } from "./exportQuery";
import { carriesScores } from "./rowLayout";
import type { TargetFormat } from "./targets";

/** What the scores of an export are. */
export type ScoreSource = "similarity" | "second_scores" | "teacher";

/** What the scores that an export writes are; undefined where it writes none. */
export function scoreSource(
  { export: exporting, sampler }: Pick<Config, "export" | "sampler">,
  format: TargetFormat,
  negatives: NegativesMode,
): ScoreSource | undefined {
  const isWritten = format === "margin-mse" || (exporting.output_scores && carriesScores(format));
  if (!isWritten || negatives === "listed") return undefined;
  if (exporting.scores === "teacher") return "teacher";
  return sampler.rescore.kind === "none" || sampler.compat !== null ? "similarity" : "second_scores";
}

export interface ScoreRequest {
  readonly config: Pick<Config, "export" | "sampler">;
  readonly format: TargetFormat;
  readonly negatives: NegativesMode;
  /** Of how many queries language models said something. */
  readonly suggestedQueries: number;
}

/** Why an export cannot have the scores that it needs, found out before the work of mining. */
export function scoreFailure({ config, format, negatives, suggestedQueries }: ScoreRequest): Failure | undefined {
  const source = scoreSource(config, format, negatives);
  if (format === "margin-mse" && source === undefined) {
    return {
      reason: "unsupported",
      message: "The negatives that the data list have no scores, and so no margins.",
      nextStep: "Export mined negatives.",
    };
  }
  if (format === "margin-mse" && source === "similarity") {
    return {
      reason: "bad-config",
      message:
        'A margin is the difference of two scores of a teacher, and export.scores is "similarity" without a rescorer: the encoder would learn from itself.',
      nextStep: 'Set export.scores to "teacher", or sampler.rescore.kind to a rescorer.',
    };
  }
  if (source === "teacher" && suggestedQueries === 0) {
    return {
      reason: "not-ready",
      message: "There are no teacher scores: no language model has been asked about these data.",
      nextStep: 'Ask one in the view "Second opinions" or by nearmiss label, or set export.scores to "similarity".',
    };
  }
  return undefined;
}
