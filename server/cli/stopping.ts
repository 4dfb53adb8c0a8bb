import type { DatasetSession } from "#core/session/datasetSession";
import type { Cancellation } from "#core/util/cancellation";
import { err } from "#core/util/result";
import type { Result } from "#core/util/result";

const POLL_MS = 100;

/** Stops the session's work soon after Ctrl+C. The answer ends the watching. */
export function stopOnCancel(session: DatasetSession, cancellation: Cancellation): () => void {
  const timer = setInterval(() => {
    if (!cancellation.requested) return;
    clearInterval(timer);
    void session.stop();
  }, POLL_MS);
  return () => {
    clearInterval(timer);
  };
}

/** Makes the vectors, unless the person stops it. */
export async function inVectorsTime(session: DatasetSession, cancellation: Cancellation): Promise<Result<null>> {
  if (cancellation.requested) return err({ reason: "cancelled", message: "Stopped." });
  return session.prepare();
}
