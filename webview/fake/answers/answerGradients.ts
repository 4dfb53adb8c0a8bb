import { gradientReport, type GradientAnswer } from "#protocol/gradients";
import type { Outcome } from "#protocol/outcome";
import { failed } from "../failures";
import { crowdedReport, gradientQueryOf, reportOf, type GradientQuery } from "../fakeGradients";
import { resolve } from "../fakeSampler";
import type { FakeServer } from "../fakeServer";
import type { FakeSession } from "../fakeSession";
import { poolGradientQueries } from "../poolGradients";

/** The gradients of the whole file at a temperature. */
export function answerGradients({ channel, server }: FakeSession): void {
  channel.answer(gradientReport, ({ temperature }) => report(server, temperature));
}

function report(server: FakeServer, temperature = server.temperature): Outcome<GradientAnswer> {
  if (server.mining !== undefined) return { ok: true, value: { kind: "mining", ...server.mining } };
  if (server.retrieval === "lexical")
    return failed("no-vectors", "There are no vectors yet, and gradients are computed from them.", "Wait until embedding is done.");
  if (!(temperature > 0)) return failed("bad-config", `The temperature is ${String(temperature)}: must be above 0.`, "Try 0.05.");
  const own = ownQueries(server);
  const queries = own.length === 0 ? [] : [...own, ...poolGradientQueries(resolve(server.config), server.queries)];
  const found = reportOf(queries, { temperature, savedTemperature: server.temperature }, server.revision);
  return { ok: true, value: { kind: "report", report: server.points === 0 ? found : crowdedReport(found, server.points) } };
}

/** The queries with passages, beside those of the invented pool. */
function ownQueries(server: FakeServer): readonly GradientQuery[] {
  return server.queries.flatMap((_, index) => {
    const { positives, candidates, dropped } = server.view(index);
    const query = gradientQueryOf(index, positives, [...candidates, ...dropped]);
    return query === undefined || query.candidates.length === 0 ? [] : [query];
  });
}
