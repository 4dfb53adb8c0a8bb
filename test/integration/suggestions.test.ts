import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { suggestionLine } from "#core/suggestions/suggestionLine";
import { curationState, nextCard } from "#protocol/curation";
import { appendMark } from "#protocol/marks";
import type { MarkParams } from "#protocol/marks";
import { openReview, reviewDidChange } from "#protocol/review";
import type { QueryView } from "#protocol/review";
import { LspHarness } from "../support/lspHarness";
import { sha256 } from "../support/sha256";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { runCommand } from "./commandLine";
import { judgement } from "../unit/suggestions/suggestionLines";

/** Suggestions files in the real server: read with the data, hidden until the own verdict, followed on disk, and told of where they are damaged. */
const ITALY = "capital of Italy";
const TRAINING = [
  {
    query: ITALY,
    pos: ["Rome is the capital."],
    neg: ["Milan is large, and no capital.", "Turin was the capital once.", "Naples is no capital, by the sea."],
  },
  { query: "capital of France", pos: ["Paris is the capital."], neg: ["Lyon is on the Rhone.", "Nice has a beach."] },
]
  .map((row) => `${JSON.stringify(row)}\n`)
  .join("");
const FILE = ".nearmiss/suggestions/bob.jsonl";

let server: LspHarness;

const key = (text: string): string => textKey(text, sha256);
const first = suggestionLine(
  judgement(
    key(ITALY),
    { [key("Milan is large, and no capital.")]: "relevant", [key("Turin was the capital once.")]: "not_relevant" },
    { author: "bob" },
  ),
);

beforeAll(async () => {
  server = await LspHarness.start();
  mkdirSync(path.join(server.workspace, ".nearmiss/suggestions"), { recursive: true });
  writeFileSync(path.join(server.workspace, "train.jsonl"), TRAINING);
  writeFileSync(path.join(server.workspace, FILE), `${first}\n{"kind":\n`);
});

afterAll(() => server.end());

async function view(): Promise<QueryView> {
  return await server.value(openReview, { dataset: server.uri("train.jsonl"), line: 1 });
}

/** What is said of each passage. */
function said({ candidates, dropped }: QueryView): Readonly<Record<string, string>> {
  const cards = [...candidates, ...dropped].map(({ text, opinion, hasHiddenOpinion }) => [
    text,
    hasHiddenOpinion === true ? "hidden" : (opinion?.verdict ?? "none"),
  ]);
  return Object.fromEntries(cards) as Readonly<Record<string, string>>;
}

async function mark(text: string, more: Partial<MarkParams>): Promise<unknown> {
  const params = { query: key(ITALY), document: key(text), verdict: "true_negative", blind: false, suggestionShown: false } as const;
  await server.value(appendMark, { dataset: server.uri("train.jsonl"), ...params, ...more });
  const lines = readFileSync(path.join(server.workspace, ".nearmiss/marks/tester.jsonl"), "utf8").trim().split("\n");
  return (JSON.parse(lines.at(-1) ?? "") as Readonly<Record<string, unknown>>)["opinion_shown"];
}

test("opinions are hidden until the own verdict, and a damaged line is told of where it stands", async () => {
  const published = server.diagnostics(FILE, (found) => found.length > 0);
  expect(said(await view())).toMatchObject({
    "Milan is large, and no capital.": "hidden",
    "Turin was the capital once.": "hidden",
    "Naples is no capital, by the sea.": "none",
  });
  expect((await published).map(({ range, message }) => `${String(range.start.line + 1)} ${message}`)).toEqual([
    "2 The line is not valid JSON.",
  ]);
});

test("a mark records whether the opinion was on show, also that of a dry run, which is on no record", async () => {
  expect(await mark("Milan is large, and no capital.", { opinionShown: false })).toBe(false);
  expect(said(await view())).toMatchObject({ "Milan is large, and no capital.": "relevant", "Turin was the capital once.": "hidden" });
  expect(await mark("Naples is no capital, by the sea.", {})).toBeUndefined();
  expect(await mark("Naples is no capital, by the sea.", { opinionShown: false })).toBeUndefined();
  expect(await mark("Naples is no capital, by the sea.", { opinionShown: true })).toBe(true);
  expect(await mark("Turin was the capital once.", {})).toBe(false);
});

test("what person and model judge differently waits in its lane, and agreement is told", async () => {
  const dataset = server.uri("train.jsonl");
  const answer = await server.value(nextCard, { dataset, lane: "disagreements" });
  expect(answer).toMatchObject({ kind: "card", card: { document: key("Milan is large, and no capital."), left: 1, blind: false } });
  const state = await server.value(curationState, { dataset, quiet: true });
  expect([state.left.disagreements, state.opinions]).toMatchObject([
    1,
    { queries: 1, pairs: 2, flagged: 1, agreement: { pairs: 2, agreement: 0.5, kappa: 0 } },
  ]);
  await mark("Milan is large, and no capital.", { lane: "disagreements", opinionShown: true });
  expect(await server.value(nextCard, { dataset, lane: "disagreements" })).toMatchObject({ kind: "done" });
});

test("a file that changes on disk is followed", async () => {
  const naples = judgement(key(ITALY), { [key("Naples is no capital, by the sea.")]: "partly_relevant" }, { author: "bob" });
  const [revised, mended] = [server.next(reviewDidChange, () => true), server.diagnostics(FILE, (found) => found.length === 0)];
  writeFileSync(path.join(server.workspace, FILE), `${first}\n${suggestionLine(naples)}\n`);
  await server.changedOnDisk(FILE);
  await revised;
  expect(await mended).toEqual([]);
  expect(said(await view())).toMatchObject({ "Naples is no capital, by the sea.": "partly_relevant" });
});

test("the command line takes them into account as well, and says which of their lines it cannot read", async () => {
  const mined = async (suggestions: string): Promise<readonly [string, string]> => {
    const folder = scratchFolder({ "train.jsonl": TRAINING, [FILE]: suggestions });
    const settings = ["sampler.relative_margin=null", "sampler.max_fn_probability=0.05"].flatMap((setting) => ["--set", setting]);
    const { code, out, words } = await runCommand(folder, ["mine", "train.jsonl", ...settings]);
    expect(code).toBe(0);
    return [out, words];
  };
  const [without, silence] = await mined("");
  const [known, told] = await mined(`${first}\n{"kind":\n`);
  expect(silence).not.toContain(FILE);
  expect(told).toContain(`${FILE}:2: The line is not valid JSON.`);
  const negatives = (rows: string): unknown => (JSON.parse(rows.split("\n")[0] ?? "") as { readonly neg: unknown }).neg;
  expect(negatives(without)).toContain("Milan is large, and no capital.");
  expect(negatives(known)).not.toContain("Milan is large, and no capital.");
  expect(negatives(known)).toContain("Turin was the capital once.");
});
