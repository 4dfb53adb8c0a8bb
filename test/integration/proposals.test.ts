// From cards of the audit lane to a proposal of a threshold, through the language server.
import path from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { curationDidChange, nextCard } from "#protocol/curation";
import type { LaneCard } from "#protocol/curation";
import { appendMark } from "#protocol/marks";
import { openReview, type Verdict } from "#protocol/review";
import { proposedConfig, proposeSampler, samplerDidAdvance, samplerState } from "#protocol/sampler";
import type { ProposalAnswer } from "#protocol/sampler";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/proposal-vectors");
const servers: LspHarness[] = [];

afterEach(async () => {
  for (const server of servers) await server.end();
  servers.length = 0;
});

async function reviewed(config?: object): Promise<{ readonly server: LspHarness; readonly dataset: string }> {
  const server = await LspHarness.start({ cacheFolder, files: sample });
  servers.push(server);
  if (config !== undefined) {
    mkdirSync(path.join(server.workspace, ".nearmiss"));
    writeFileSync(path.join(server.workspace, ".nearmiss/config.json"), JSON.stringify(config));
  }
  const dataset = server.uri("train.jsonl");
  const ready = server.ready();
  await server.value(openReview, { dataset });
  await ready;
  return { server, dataset };
}

async function auditCard(server: LspHarness, dataset: string): Promise<LaneCard> {
  for (;;) {
    const told = server.next(curationDidChange, (notice) => notice.dataset === dataset);
    const answer = await server.value(nextCard, { dataset, lane: "audit" });
    if (answer.kind === "card") return answer.card;
    if (answer.kind === "done") throw new Error(answer.text);
    await told;
  }
}

/** Judges the next pairs of the audit. */
async function audit(server: LspHarness, dataset: string, verdicts: readonly Verdict[]): Promise<void> {
  for (const verdict of verdicts) {
    const { query, document, index, lane, salt, blind } = await auditCard(server, dataset);
    const place = { dataset, query, document, index, lane, ...(salt === undefined ? {} : { salt }) };
    await server.value(appendMark, { ...place, verdict, blind, suggestionShown: false });
  }
}

async function proposals(server: LspHarness, dataset: string): Promise<ProposalAnswer> {
  for (;;) {
    const told = server.next(samplerDidAdvance, ({ done, total }) => done === total);
    const answer = await server.value(proposeSampler, { dataset, fresh: true });
    if (answer.mining === undefined) return answer;
    await told;
  }
}

test("clean marks of the audit lane let a strict margin be loosened; the proposal is a diff of the config", async () => {
  const { server, dataset } = await reviewed({ sampler: { relative_margin: 0.3 }, curation: { max_false_negatives: 0.3 } });
  await audit(server, dataset, Array<Verdict>(4).fill("true_negative"));
  const early = await proposals(server, dataset);
  expect(early.proposals).toEqual([]);
  expect(early.why).toMatch(
    /^The present settings of top are not shown to stay below 30 %: of 4 audited pairs none is false, at most [\d.]+ %. It takes about \d+ more clean marks in the audit lane/u,
  );
  let answer = early;
  for (let turn = 0; turn < 20 && answer.proposals.length === 0; turn += 1) {
    await audit(server, dataset, Array<Verdict>(6).fill("true_negative"));
    answer = await proposals(server, dataset);
  }
  const [first] = answer.proposals;
  expect(first?.text).toMatch(
    /^relative_margin of top from 0\.3 to (?:[\d.]+|off), which loosens it\. Of \d+ audited pairs none is false.*: at most [\d.]+ % of what it emits, at 95 % confidence\./u,
  );
  expect(first?.test?.atMost).toBeLessThanOrEqual(0.3);
  expect(first?.falseNegatives).toBe(0);
  expect(first?.hardness?.after).toBeGreaterThan(first?.hardness?.before ?? 1);
  const edit = await server.value(proposedConfig, { dataset, edits: first?.edits ?? [] });
  const margins = [edit.before, edit.after].map((text) => (JSON.parse(text) as { sampler: { relative_margin?: number } }).sampler);
  expect(margins).toEqual([{ relative_margin: 0.3 }, { relative_margin: first?.edits[0]?.value }]);
  expect(await server.value(proposeSampler, { dataset })).toEqual(answer);
});

test("proposals are made anew as soon as the configuration is another one", async () => {
  const { server, dataset } = await reviewed();
  await audit(server, dataset, Array<Verdict>(20).fill("true_negative"));
  const before = await proposals(server, dataset);
  const file = path.join(server.workspace, ".nearmiss/config.json");
  writeFileSync(file, JSON.stringify({ sampler: { num_negatives: 3 }, curation: { max_false_negatives: 0.1 } }));
  await server.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: server.uri(".nearmiss/config.json"), type: 1 }],
  });
  await server.once(
    () => server.value(samplerState, { dataset }),
    ({ sources }) => sources[0]?.n === 3,
  );
  const after = await proposals(server, dataset);
  // The order of an audit is drawn when it begins: how many of its pairs three negatives a query would emit is a matter of chance.
  expect(before.why).toMatch(
    /^The present settings of top are not shown to stay below 5 %: of 20 audited pairs none is false, at most 19\.3 %/u,
  );
  expect(after.why).toMatch(/^The present settings of top are not shown to stay below 10 %: of \d+ audited pairs none is false/u);
});
