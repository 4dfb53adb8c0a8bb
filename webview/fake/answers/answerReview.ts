import { takeBackEdits } from "#protocol/edits";
import { appendMark, redoMark, undoMark } from "#protocol/marks";
import { openReview, showQuery, stepQuery } from "#protocol/review";
import { failed } from "../failures";
import { takenBackEdits } from "../fakeCuration";
import { fakeDataset, fakeFile } from "../fakeDataset";
import type { FakeSession } from "../fakeSession";

const unreadable = failed("bad-encoding", `${fakeFile} is not UTF-8: byte 0xFF at offset 0.`, "Save it as UTF-8, then retry.");

/** Queries and marks. As the server does, it says before it answers that marks have changed. */
export function answerReview(session: FakeSession, isUnreadable: boolean): void {
  const { channel, server } = session;
  channel.answer(openReview, ({ line }) => {
    if (!isUnreadable) return server.show({ dataset: fakeDataset, index: Math.max(0, (line ?? 12) - 12) });
    return { ok: false, failure: { ...unreadable.failure, place: { file: fakeFile, line: 1 } } };
  });
  channel.answer(showQuery, (params) => server.show(params));
  channel.answer(stepQuery, (params) => server.step(params));
  channel.answer(appendMark, (params) => told(server.mark(params)));
  channel.answer(undoMark, ({ index }) => told(server.undo(index)));
  channel.answer(redoMark, ({ index }) => told(server.redo(index)));
  channel.answer(takeBackEdits, ({ marks }) => takenBackEdits(marks));

  function told<Answer>(answer: Answer): Answer {
    session.tellMarks();
    return answer;
  }
}
