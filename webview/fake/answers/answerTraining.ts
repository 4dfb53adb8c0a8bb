import { compareRounds, startTraining, stopTraining, trainingState } from "#protocol/training";
import { compareFake } from "../fakeRoundComparison";
import type { FakeSession } from "../fakeSession";

/** Training runs. Where one begins or ends, the panel is told before the answer. */
export function answerTraining(session: FakeSession): void {
  const { channel, server } = session;
  channel.answer(trainingState, () => {
    const candidates = server.queries.flatMap((_, query) => server.view(query).candidates);
    return server.training.state(server.revision, candidates.filter(({ isNew }) => isNew === true).length);
  });
  channel.answer(startTraining, ({ resume }) => told(server.training.start(resume)));
  channel.answer(stopTraining, () => told(server.training.stop()));
  channel.answer(compareRounds, (params) => compareFake(server.queries, params));

  function told<Answer>(answer: Answer): Answer {
    session.tellTraining();
    return answer;
  }
}
