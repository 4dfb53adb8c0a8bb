/** Gradients of cards, of hovers and of the whole file, answered by the built server over the bundled sample. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradientReport } from "#protocol/gradients";
import type { GradientReport } from "#protocol/gradients";
import { appendMark } from "#protocol/marks";
import { openReview, showQuery } from "#protocol/review";
import { samplerDidAdvance } from "#protocol/sampler";
import { statusDidChange } from "#protocol/status";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/sampler-vectors");
const training = readFileSync(path.join(sample, "train.jsonl"), "utf8");
let server: LspHarness;
let dataset: string;

beforeAll(async () => {
  server = await LspHarness.start({ files: sample, cacheFolder });
  dataset = server.uri("train.jsonl");
  const ready = server.ready();
  await server.value(openReview, { dataset });
  await ready;
});

afterAll(() => server.end());

async function reported(temperature?: number): Promise<GradientReport> {
  const whole = server.next(samplerDidAdvance, (told) => told.dataset === dataset && told.done === told.total);
  const answer = await server.value(gradientReport, { dataset, ...(temperature === undefined ? {} : { temperature }) });
  if (answer.kind === "report") return answer.report;
  expect(answer.done).toBeLessThan(answer.total);
  await whole;
  return await reported(temperature);
}

test("every kept card says what it does, and the query adds it up", async () => {
  const { candidates, dropped, gradients } = await server.value(showQuery, { dataset, index: 0 });
  const kinds = candidates.map(({ gradient }) => gradient?.kind);
  expect(gradients).toMatchObject({
    temperature: 0.05,
    easy: kinds.filter((kind) => kind === "easy").length,
    useful: kinds.filter((kind) => kind === "useful").length,
    dominant: kinds.filter((kind) => kind === "dominant").length,
  });
  expect(candidates.reduce((sum, { gradient }) => sum + (gradient?.share ?? 0), 0)).toBeCloseTo(1, 6);
  expect(dropped.filter(({ rule }) => rule === "own_positive").every(({ gradient }) => gradient === undefined)).toBe(true);
  expect(dropped.filter(({ rule }) => rule !== "own_positive").every(({ gradient }) => gradient !== undefined)).toBe(true);
});

test("the whole file at the configuration's temperature and at another; each point is on its card", async () => {
  const report = await reported();
  expect(report).toMatchObject({ temperature: 0.05, savedTemperature: 0.05, queries: 85, sampled: 85 });
  expect(report.plane.cells.reduce((sum, { kept, dropped }) => sum + kept + dropped, 0)).toBe(report.candidates);
  expect(report.rules.map(({ kind }) => kind)).toEqual(["easy", "useful", "dominant"]);
  for (const point of [report.points[0]!, report.points[100]!]) {
    const { candidates } = await server.value(showQuery, { dataset, index: point.query });
    const card = candidates.find(({ key }) => key === point.key);
    expect(card?.gradient).toMatchObject({ norm: point.norm, weight: point.weight, push: point.push, kind: point.kind });
  }
  const soft = await reported(0.5);
  expect(soft).toMatchObject({ temperature: 0.5, savedTemperature: 0.05, candidates: report.candidates });
  expect(soft.effectiveNegatives?.median).toBeGreaterThan(report.effectiveNegatives?.median ?? Number.POSITIVE_INFINITY);
});

test("marks tell a source's useful mass from its harm", async () => {
  const { candidates, key: query } = await server.value(showQuery, { dataset, index: 3 });
  const [first, second] = [candidates[0]!, candidates[1]!];
  for (const [candidate, verdict] of [
    [first, "true_negative"],
    [second, "false_negative"],
  ] as const) {
    await server.value(appendMark, { dataset, index: 3, query, document: candidate.key, verdict, blind: false, suggestionShown: false });
  }
  const { sources, points } = await reported();
  expect(sources[0]).toMatchObject({ trueNegatives: 1, falseNegatives: 1 });
  expect(points.slice(0, 2).map((point) => [point.query, point.verdict])).toEqual([
    [3, "true_negative"],
    [3, "false_negative"],
  ]);
});

test.each([0, -0.05])("tau %d is refused in words", async (temperature) => {
  const answer = await server.send(gradientReport, { dataset, temperature });
  expect(answer).toMatchObject({ ok: false, failure: { reason: "bad-arguments" } });
});

test("a hover says what a listed negative does to the gradient", async () => {
  const mined = await server.value(showQuery, { dataset, index: 0 });
  const { query, pos } = JSON.parse(training.split("\n")[(mined.place.line ?? 1) - 1] ?? "") as {
    readonly query: string;
    readonly pos: readonly string[];
  };
  const line = JSON.stringify({ query, pos, neg: [mined.candidates[0]?.text] });
  writeFileSync(path.join(server.workspace, "listed.jsonl"), `${line}\n${training}`);
  const listed = server.uri("listed.jsonl");
  await server.open("listed.jsonl", `${line}\n${training}`);
  const ready = server.next(statusDidChange, (status) => status.dataset === listed && status.phase === "ready");
  await server.value(openReview, { dataset: listed });
  await ready;
  await server.value(showQuery, { dataset: listed, index: 0 });
  const hover = await server.connection.sendRequest<{ readonly contents: { readonly value: string } }>("textDocument/hover", {
    textDocument: { uri: listed },
    position: { line: 0, character: line.length - 5 },
  });
  expect(hover.contents.value).toMatch(
    /^Gradient at tau 0\.05: (?:easy|useful|dominant); p [\d.e-]+, length [\d.]+, [\d.]+ % of the negatives' gradient, (?:raises|lowers) the positive's score by [\d.]+ a unit step$/mu,
  );
});
