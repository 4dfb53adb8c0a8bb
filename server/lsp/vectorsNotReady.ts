import type { SessionStatus } from "#core/session/sessionStatus";
import type { Failure } from "#core/util/failure";

/**
 * Why what rests on embeddings cannot be shown yet. A panel that shows this is told of the next revision when they are there, and asks again.
 *
 * @param what what is shown, as the start of a sentence that goes on "with embeddings"
 */
export function vectorsNotReady({ phase, done, total, failure }: SessionStatus, what: string): Failure {
  if (failure !== undefined) return failure;
  if (phase === "stopped") {
    return {
      reason: "not-ready",
      message: `${what} with embeddings, and making them was stopped.`,
      nextStep: "Resume embedding; what is made already is kept.",
    };
  }
  const counts = total > 0 ? `: ${String(done)} of ${String(total)} texts are done` : "";
  return {
    reason: "not-ready",
    message: `${what} with embeddings, which are being made${counts}.`,
    nextStep: "This view fills when all are there.",
  };
}
