import type { Failure, FailureReason } from "#core/util/failure";
import type { Failure as ToldFailure } from "#protocol/outcome";

/** The failures that a client tells of; any other one ends a run, as not being reached does. */
const TOLD: readonly string[] = [
  "bad-answer",
  "bad-arguments",
  "bad-config",
  "cancelled",
  "no-permission",
  "not-found",
  "rate-limited",
  "refused",
  "unreachable",
] satisfies readonly FailureReason[];

/** A failure as the client tells of it, with a reason of ours. */
export function toldFailure({ reason, message, nextStep }: ToldFailure): Failure {
  const known = TOLD.includes(reason) ? (reason as FailureReason) : "unreachable";
  return { reason: known, message, ...(nextStep === undefined ? {} : { nextStep }) };
}
