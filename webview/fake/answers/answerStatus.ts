import { datasetStatus, resumeWork, stopWork } from "#protocol/status";
import type { FakeSession } from "../fakeSession";

/** Where the data set stands, and its embedding, which can be stopped and resumed. */
export function answerStatus(session: FakeSession): void {
  const { channel, server } = session;
  channel.answer(datasetStatus, () => ({ ok: true, value: server.status }));
  channel.answer(stopWork, () => {
    session.changeStatus({ phase: "stopped" });
    return { ok: true, value: null };
  });
  channel.answer(resumeWork, () => {
    session.changeStatus({ phase: "embedding", done: 1204, total: 12_431 });
    return { ok: true, value: null };
  });
}
