import {
  labellingState,
  pauseLabelling,
  planLabelling,
  resumeLabelling,
  startLabelling,
  stopLabelling,
  type LabellingParams,
  type LabellingPlanAnswer,
} from "#protocol/labelling";
import type { Outcome } from "#protocol/outcome";
import type { FakeServer } from "../fakeServer";
import type { FakeSession } from "../fakeSession";

/** Runs of second opinions. Where one begins, waits or ends, the panel is told before the answer. */
export function answerLabelling(session: FakeSession): void {
  const { channel, server } = session;
  const { labelling } = server;
  channel.answer(labellingState, () => labelling.state(server.revision, server.disagreements().length));
  channel.answer(planLabelling, (params) => plan(server, params));
  channel.answer(startLabelling, (params) => told(labelling.start(params)));
  channel.answer(pauseLabelling, () => told(labelling.pause()));
  channel.answer(resumeLabelling, () => told(labelling.resume()));
  channel.answer(stopLabelling, () => told(labelling.stop()));

  function told<Answer>(answer: Answer): Answer {
    session.tellLabelling();
    return answer;
  }
}

function plan({ labelling, mining }: FakeServer, params: LabellingParams): Outcome<LabellingPlanAnswer> {
  return mining === undefined ? labelling.plan(params) : { ok: true, value: { kind: "mining", ...mining } };
}
