import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { beginAudit, curationDidChange, curationState, nextCard } from "#protocol/curation";
import type { CurationState, Lane, LaneCard } from "#protocol/curation";
import { appendMark, redoMark, undoMark } from "#protocol/marks";
import type { MarkAnswer } from "#protocol/marks";
import { openReview, showQuery } from "#protocol/review";
import type { Verdict } from "#protocol/review";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/curation-vectors");
const servers: LspHarness[] = [];

afterEach(async () => {
  // The one that owns the workspace ends last.
  for (const server of servers.reverse()) await server.end();
  servers.length = 0;
});

/** A window on the sample, with its vectors. */
async function windowOn(workspace?: string): Promise<Window> {
  const server = await LspHarness.start({ cacheFolder, ...(workspace === undefined ? { files: sample } : { workspace }) });
  servers.push(server);
  const window = new Window(server);
  const ready = server.ready();
  await server.value(openReview, { dataset: window.dataset });
  await ready;
  return window;
}

class Window {
  readonly server: LspHarness;
  readonly dataset: string;

  constructor(server: LspHarness) {
    this.server = server;
    this.dataset = server.uri("train.jsonl");
  }

  async card(lane?: Lane): Promise<LaneCard> {
    for (;;) {
      const told = this.server.next(curationDidChange, ({ dataset }) => dataset === this.dataset);
      const answer = await this.server.value(nextCard, { dataset: this.dataset, ...(lane === undefined ? {} : { lane }) });
      if (answer.kind === "card") return answer.card;
      if (answer.kind === "done") throw new Error(answer.text);
      await told;
    }
  }

  async judge({ query, document, index, lane, salt, blind }: LaneCard, verdict: Verdict): Promise<MarkAnswer> {
    const place = { dataset: this.dataset, query, document, index, lane, ...(salt === undefined ? {} : { salt }) };
    return await this.server.value(appendMark, { ...place, verdict, blind, suggestionShown: !blind });
  }

  state(): Promise<CurationState> {
    return this.server.value(curationState, { dataset: this.dataset });
  }

  /** Where curation stands once it is as expected: what other windows write is read when the watcher tells of it. */
  async until(fits: (state: CurationState) => boolean): Promise<CurationState> {
    for (;;) {
      const told = this.server.next(curationDidChange, ({ dataset }) => dataset === this.dataset);
      const state = await this.state();
      if (fits(state)) return state;
      await told;
    }
  }

  /** The marks in the file of the person, as objects. */
  lines(): readonly Record<string, unknown>[] {
    const folder = path.join(this.server.workspace, ".nearmiss/marks");
    const text = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
    return text
      .join("")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  audits(): readonly string[] {
    return readdirSync(path.join(this.server.workspace, ".nearmiss/audits"));
  }

  /** Says that a file came or changed, as an editor's watcher does. */
  async seen(file: string): Promise<void> {
    const changes = [{ uri: this.server.uri(file), type: 1 }];
    await this.server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  }
}

test("marks of both lanes: each says where it came from and what was shown, and the counters move", async () => {
  const window = await windowOn();
  const harvest = await window.card();
  expect(harvest).toMatchObject({ lane: "harvest", place: 1, of: 40, blind: false });
  const marked = await window.judge(harvest, "true_negative");
  expect(marked.view.index).toBe(harvest.index);
  const audit = await window.card("audit");
  expect(audit).toMatchObject({ lane: "audit", place: 1, of: 20, blind: true });
  // With its text: it is judged also where the sampler does not find it any more.
  expect(audit.passage?.key).toBe(audit.document);
  expect(audit.passage?.text).not.toBe("");
  const before = await window.state();
  await window.judge(audit, "true_negative");
  const after = await window.state();
  expect([before.audit?.total.marked, after.audit?.total.marked]).toEqual([0, 1]);
  expect(after.left).toEqual({
    harvest: (before.left.harvest ?? 0) - 1,
    audit: (before.left.audit ?? 0) - 1,
    second: 0,
    conflicts: 0,
    disagreements: 0,
  });
  expect(after.audit?.total.text).toMatch(/^1 marked, 0 false, at most [\d.]+ %, about \d+ more clean marks to 5 %$/u);
  expect(after.model?.kind).toBe("prior");
  const [first, second] = window.lines();
  expect(first).toMatchObject({ lane: "harvest", blind: false, suggestion_shown: true });
  expect(first).not.toHaveProperty("salt");
  expect(first?.["fn_probability"]).toBeGreaterThan(0);
  expect(first?.["fn_probability"]).toBeLessThan(1);
  expect(second).toMatchObject({
    lane: "audit",
    salt: audit.salt,
    blind: true,
    suggestion_shown: false,
    config_hash: first?.["config_hash"],
  });
});

test("a quiet question answers from what is known, and starts no search of the whole file", async () => {
  const window = await windowOn();
  const quiet = async () => await window.server.value(curationState, { dataset: window.dataset, quiet: true });
  expect((await quiet()).left).toEqual({ second: 0, conflicts: 0, disagreements: 0 });
  await window.card("audit");
  const known = await quiet();
  expect(known.audit?.total.marked).toBe(0);
  expect(known.left.harvest).toBeGreaterThan(0);
});

test("an audit that one window begins goes on in another, with the marks of both, and a killed server loses nothing", async () => {
  const one = await windowOn();
  await one.judge(await one.card("audit"), "true_negative");
  const other = await windowOn(one.server.workspace);
  const next = await other.card("audit");
  await other.judge(next, "false_negative");
  await one.seen(".nearmiss/marks/tester.jsonl");
  const both = await one.until(({ audit }) => audit?.total.marked === 2);
  expect(both.audit?.total).toMatchObject({ marked: 2, falseNegatives: 1 });
  // A fresh audit of the other window takes the place of the first.
  const fresh = await other.server.value(beginAudit, { dataset: other.dataset });
  const [, newest] = one.audits();
  await one.seen(`.nearmiss/audits/${newest ?? ""}`);
  await one.until(({ audit }) => audit?.name === fresh.audit?.name);
  const card = await one.card("audit");
  await one.judge(card, "true_negative");
  const expected = await one.state();

  const died = new Promise((resolve) => one.server.process.once("exit", resolve));
  one.server.process.kill("SIGKILL");
  await died;
  const again = await windowOn(one.server.workspace);
  const found = await again.state();
  expect(found.audit).toEqual({ ...expected.audit, ...(found.audit?.changed === undefined ? {} : { changed: found.audit.changed }) });
  expect(again.lines()).toHaveLength(3);
  expect(again.audits()).toHaveLength(2);
});

test("a group is marked, undone and redone as a whole, and only its first counts for the lane", async () => {
  const window = await windowOn();
  const card = await window.card("audit");
  const { server, dataset } = window;
  const { query, document, index, salt = "" } = card;
  const view = await server.value(showQuery, { dataset, index });
  const others = [...view.candidates, ...view.dropped].map(({ key }) => key).filter((key) => key !== document);
  const alsoDocuments = others.slice(0, 2);
  const judged = { dataset, query, document, index, lane: "audit", salt, blind: true, suggestionShown: false } as const;
  await server.value(appendMark, { ...judged, alsoDocuments, verdict: "partly_relevant" });
  expect(
    window.lines().map(({ lane, group, document: of }) => ({ lane, isGroup: group === window.lines()[0]?.["mark"], of })),
  ).toMatchObject([
    { lane: "audit", isGroup: true, of: { key: document } },
    { lane: "adhoc", isGroup: true, of: { key: alsoDocuments[0] } },
    { lane: "adhoc", isGroup: true, of: { key: alsoDocuments[1] } },
  ]);
  expect(await window.card("audit")).toMatchObject({ place: 2 });
  const undone = await server.value(undoMark, { dataset, index: 0 });
  expect(undone.done).toEqual({ verdict: "partly_relevant", query, document, marks: 3 });
  expect(undone.view.counts.marks).toBe(0);
  expect((await window.card("audit")).document).toBe(document);
  const redone = await server.value(redoMark, { dataset, index: 0 });
  expect(redone.done?.marks).toBe(3);
  expect(redone.view.counts.marks).toBe(3);
  const missing = await server.send(appendMark, { ...judged, alsoDocuments: ["no such text"], verdict: "true_negative" });
  expect(missing).toMatchObject({ ok: false, failure: { reason: "superseded" } });
  expect(window.lines()).toHaveLength(9);
});

test("a damaged audit is explained, the harvest goes on, and a fresh audit can be begun", async () => {
  const window = await windowOn();
  await window.judge(await window.card("audit"), "true_negative");
  const [name = ""] = window.audits();
  const file = path.join(window.server.workspace, ".nearmiss/audits", name);
  writeFileSync(file, `<<<<<<< HEAD\n${readFileSync(file, "utf8")}`);
  await window.seen(`.nearmiss/audits/${name}`);
  const refused = await window.server.send(nextCard, { dataset: window.dataset, lane: "audit" });
  expect(refused).toMatchObject({ ok: false, failure: { nextStep: "Restore the file from Git, or begin a new audit." } });
  const { problems, audit } = await window.state();
  expect(audit).toBeUndefined();
  expect(problems?.[0]).toContain(`${name}: The audit cannot be read.`);
  expect((await window.card("harvest")).lane).toBe("harvest");
  const fresh = await window.server.value(beginAudit, { dataset: window.dataset });
  expect(fresh.audit?.name).toMatch(/^002-/u);
  expect(window.audits()).toHaveLength(2);
});
