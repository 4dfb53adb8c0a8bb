import type { Outcome } from "#protocol/outcome";
import {
  previewSampler,
  proposeSampler,
  samplerState,
  type MarkedPoint,
  type PreviewAnswer,
  type ProposalAnswer,
  type SettingEdit,
} from "#protocol/sampler";
import { failed } from "../failures";
import { earlierMarks, previewOf } from "../fakePool";
import { fakeProposals } from "../fakeProposals";
import { problemOf, resolve, stateOf, withFakeEdits } from "../fakeSampler";
import type { FakeServer } from "../fakeServer";
import type { FakeSession } from "../fakeSession";

/** The sampler, what it comes to over the whole file, and proposed changes of it. */
export function answerSampler({ channel, server }: FakeSession): void {
  channel.answer(samplerState, () => ({ ok: true, value: stateOf(server.config, server.revision) }));
  channel.answer(previewSampler, ({ edits }) => preview(server, edits));
  channel.answer(proposeSampler, () => propose(server));
}

function preview(server: FakeServer, edits: readonly SettingEdit[]): Outcome<PreviewAnswer> {
  if (server.mining !== undefined) return { ok: true, value: { kind: "mining", ...server.mining } };
  const sampler = resolve(withFakeEdits(server.config, edits));
  const problem = problemOf(sampler);
  if (problem !== undefined) return failed("bad-config", problem, "Change one of the two.");
  return { ok: true, value: { kind: "preview", preview: previewOf(sampler, server.revision, [...earlierMarks, ...pointsOf(server)]) } };
}

function propose({ config, marks }: FakeServer): Outcome<ProposalAnswer> {
  const falseNegatives = marks.all.filter((mark) => mark.verdict === "false_negative").length;
  return { ok: true, value: fakeProposals(falseNegatives, config) };
}

/** The marks of this sitting as points of the histograms. */
function pointsOf(server: FakeServer): readonly MarkedPoint[] {
  return server.queries.flatMap((_, query) => {
    const { candidates, dropped } = server.view(query);
    return [...candidates, ...dropped].flatMap(({ verdict, margin, positiveSimilarity }) =>
      verdict === undefined
        ? []
        : [
            {
              verdict,
              query,
              ...(margin === undefined ? {} : { difference: -margin }),
              ...(positiveSimilarity === undefined ? {} : { positiveSimilarity }),
            },
          ],
    );
  });
}
