import { beginAudit, curationState, nextCard, type CurationState, type NextCardAnswer, type NextCardParams } from "#protocol/curation";
import type { Outcome } from "#protocol/outcome";
import { passageOf } from "../fakeCards";
import type { FakeServer } from "../fakeServer";
import type { FakeSession } from "../fakeSession";

/** Lanes and audits. */
export function answerCuration({ channel, server }: FakeSession): void {
  channel.answer(nextCard, (params) => cardAfter(server, params));
  channel.answer(curationState, () => stateOf(server));
  channel.answer(beginAudit, () => {
    server.curation.begin();
    return stateOf(server);
  });
}

function cardAfter(server: FakeServer, params: NextCardParams): Outcome<NextCardAnswer> {
  if (server.mining !== undefined) return { ok: true, value: { kind: "mining", ...server.mining } };
  tellOpinions(server);
  const answer = server.curation.nextCard(params, server.marks.all);
  if (answer.kind !== "card" || server.forgotten.has(answer.card.document)) return { ok: true, value: answer };
  const { document, index, query } = answer.card;
  const text = server.queries[index]?.candidates[Number(document.split("/n")[1])] ?? "";
  return { ok: true, value: { kind: "card", card: { ...answer.card, passage: passageOf(server, query, document, text, 201) } } };
}

function stateOf(server: FakeServer): Outcome<CurationState> {
  tellOpinions(server);
  return { ok: true, value: server.curation.state(server.revision, server.marks.all) };
}

/** The lanes know of opinions what they are told. */
function tellOpinions(server: FakeServer): void {
  server.curation.disagreements = server.disagreements();
  server.curation.opinions = server.labelling.opinions;
}
