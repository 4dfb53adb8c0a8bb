import type { HarvestQuery } from "../curation/harvestQueries";
import type { DatasetSession } from "../session/datasetSession";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { questionOf } from "./questions";
import type { Question, QuestionSources } from "./questions";

/** As `questionOf`, and once more where the data changed meanwhile; waits for the vectors of what is new where they are needed. */
export async function settledQuestion(
  task: Question["task"],
  query: HarvestQuery,
  sources: QuestionSources & { readonly cancellation: Cancellation },
): Promise<Result<Question | undefined>> {
  const { session, cancellation } = sources;
  if (task === "judge") return await questionOf(task, query, sources);
  for (;;) {
    const ready = await untilReady(session, cancellation);
    if (!ready.ok) return ready;
    const { collection } = session;
    const question = await questionOf(task, query, sources);
    const isStale = session.collection !== collection || session.status.phase !== "ready";
    if (question.ok || !isStale || cancellation.requested) return question;
  }
}

async function untilReady(session: DatasetSession, cancellation: Cancellation): Promise<Result<null>> {
  for (;;) {
    const prepared = await session.prepare();
    // Another change of the data calls off what was being prepared, and prepares for itself.
    const isCalledOff = !prepared.ok && prepared.failure.reason === "cancelled" && session.status.phase !== "stopped";
    if (!isCalledOff || cancellation.requested) return prepared.ok ? ok(null) : prepared;
  }
}
