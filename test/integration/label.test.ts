/** `nearmiss label` as it is built, against a scripted model on this machine, with the bundled sample. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ScriptedReply, ChatScript, ChatServer, RecordedRequest } from "../support/chatServer";
import {
  answer,
  fault,
  inTurn,
  makeGate,
  nonsense,
  rateLimited,
  stall,
  startChatServer,
  unauthorized,
  unknownModel,
} from "../support/chatServer";
import { answeredFrom } from "../support/scriptedAnswerer";
import { scriptedAnswer } from "../support/scriptedJudge";
import type { JudgeTruths } from "../support/scriptedJudge";
import { repoRoot } from "../support/repoRoot";
import { scratchFolder } from "../runtime/store/scratchFolder";

const KEY = "sk-not-to-be-seen-anywhere";
/** The sample's vectors alone, made once. */
const vectors = path.join(repoRoot, ".cache/test/label-vectors");

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with the sample, and a cache with its vectors and no answers. */
interface Place {
  readonly folder: string;
  readonly cache: string;
}

function place(): Place {
  const folder = scratchFolder();
  cpSync(path.join(repoRoot, "extension/sample"), folder, { recursive: true });
  const cache = scratchFolder();
  if (existsSync(vectors)) cpSync(vectors, cache, { recursive: true });
  return { folder, cache };
}

interface RunOptions extends Place {
  readonly key?: string;
  /** Presses Ctrl+C when this resolves. */
  readonly interruptAt?: Promise<unknown>;
}

function nearmiss(argv: readonly string[], { folder, cache, key, interruptAt }: RunOptions): Promise<Finished> {
  return new Promise((resolve) => {
    const env = { ...process.env, NEARMISS_CACHE: cache, GIT_AUTHOR_NAME: "Ada", NEARMISS_API_KEY: key ?? "" };
    const child = spawn(process.execPath, [path.join(repoRoot, "dist/cli.cjs"), "label", "train.jsonl", ...argv], { cwd: folder, env });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece: Buffer) => (out += piece.toString("utf8")));
    child.stderr.on("data", (piece: Buffer) => (err += piece.toString("utf8")));
    child.once("close", (code) => resolve({ code, out, err }));
    void interruptAt?.then(() => child.kill("SIGINT"));
  });
}

async function chatServer(script: ChatScript): Promise<ChatServer> {
  const server = await startChatServer(script);
  onTestFinished(() => server.close());
  return server;
}

interface SampleRow {
  readonly id: string;
  readonly query: string;
  readonly text: string;
}

function rows(file: string): readonly SampleRow[] {
  const text = readFileSync(path.join(repoRoot, "extension/sample", file), "utf8").trimEnd();
  return text.split("\n").map((line) => JSON.parse(line) as SampleRow);
}

/** The sample's known false negatives. */
function sampleTruths(): JudgeTruths {
  const { unlabelledPositives } = JSON.parse(readFileSync(path.join(repoRoot, "test/fixtures/sample-truth.json"), "utf8")) as {
    readonly unlabelledPositives: readonly { readonly query_id: string; readonly doc_id: string }[];
  };
  const queries = new Map(rows("train.jsonl").map(({ id, query }) => [id, query]));
  const passages = new Map(rows("corpus.jsonl").map(({ id, text }) => [id, text]));
  const relevant = new Set(unlabelledPositives.map((pair) => `${queries.get(pair.query_id) ?? ""}\n${passages.get(pair.doc_id) ?? ""}`));
  return { verdictOf: (query, passage) => (relevant.has(`${query}\n${passage}`) ? "relevant" : "not_relevant") };
}

const truths = sampleTruths();

function textsOf({ instructions, messages }: RecordedRequest): readonly string[] {
  return [instructions, ...messages.map(({ text }) => text)];
}

function truth(asked: RecordedRequest): ScriptedReply {
  return answer(scriptedAnswer(textsOf(asked), truths));
}

interface KeptSuggestion {
  readonly kind: string;
  readonly stage?: string;
  readonly model: string;
  readonly author: string;
  readonly cost?: number;
  readonly verdicts?: readonly { readonly verdict: string }[];
  readonly passages?: readonly { readonly weight: number }[];
}

function suggestionText({ folder }: Place): string {
  const file = path.join(folder, ".nearmiss/suggestions/ada.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function suggestions(at: Place): readonly KeptSuggestion[] {
  const lines = suggestionText(at).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as KeptSuggestion);
}

/** The file without what is of its time. */
function timeless(at: Place): string {
  return suggestionText(at)
    .replace(/"suggestion":"[^"]*"/gu, '"suggestion":"-"')
    .replace(/"time":"[^"]*"/gu, '"time":"-"');
}

function flaggedIn(kept: readonly KeptSuggestion[]): number {
  return kept.flatMap(({ verdicts = [] }) => verdicts.filter(({ verdict }) => verdict !== "not_relevant")).length;
}

/** The message, without the address, which is another one each time, and without figures that a new wording of the prompt would move. */
function steady(text: string, server: ChatServer): string {
  return text
    .replaceAll(new URL(server.url).host, "HOST")
    .replace(/\d[\d,]* tokens in and \d[\d,]* out/gu, "N tokens in and N out")
    .replace(/at a cost of (about )?[\d.]*\d/gu, "at a cost of $1C");
}

beforeAll(async () => {
  mkdirSync(vectors, { recursive: true });
  const planned = await nearmiss(["--endpoint", "http://127.0.0.1:9/v1", "--model", "small-1"], {
    folder: path.join(repoRoot, "extension/sample"),
    cache: vectors,
  });
  expect([planned.code, planned.err]).toEqual([0, expect.any(String)]);
});

test("without --send nothing is sent: it says what would be, to whom, and at what price", async () => {
  const server = await chatServer(truth);
  const at = place();
  const prices = ["--input-price", "0.15", "--output-price", "0.6"];
  const planned = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--queries", "20", ...prices], at);
  expect(planned.code).toBe(0);
  expect(steady(planned.out, server)).toMatchInlineSnapshot(`
    "20 queries, 100 passages.
    20 questions, 0 of them answered before.
    About N tokens in and N out, at a cost of about C.
    20 questions with 20 queries and 120 passages go to HOST. Tokens are estimates: one for four bytes of a question, and 60 for the verdict on a candidate.
    Nothing was sent. To ask about three queries, add --dry-run; to ask about all, --send.
    "
  `);
  const inJson = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--queries", "20", ...prices, "--json"], at);
  const { plan } = JSON.parse(inJson.out) as { readonly plan: { input_tokens: number; output_tokens: number; cost: number } };
  expect(plan.input_tokens).toBeGreaterThan(20 * 300);
  expect(plan.cost).toBeCloseTo((0.15 * plan.input_tokens + 0.6 * plan.output_tokens) / 1e6, 12);
  expect(server.requests).toEqual([]);
  expect(existsSync(path.join(at.folder, ".nearmiss"))).toBe(false);
  expect(existsSync(path.join(at.cache, "answers"))).toBe(false);
});

describe("a run that judges", () => {
  const cascade = ["--model", "small-1", "--confirm-with", "large-1", "--queries", "12"];
  const prices = ["--input-price", "1", "--output-price", "2", "--confirm-input-price", "10", "--confirm-output-price", "20"];

  test("asks the first model about everything, the confirming one about what was flagged, and writes what they said", async () => {
    const server = await chatServer(truth);
    const at = { ...place(), key: KEY };
    const run = await nearmiss(["--endpoint", server.url, ...cascade, ...prices, "--send"], at);
    expect(run.code).toBe(0);
    expect(steady(run.out, server)).toMatchInlineSnapshot(`
      "All 12 queries were asked about. 60 pairs of 12 queries were judged: the first model flagged 4, and 4 of them stand after the second one's look. 15 questions; N tokens in and N out, at a cost of C.
      "
    `);
    const kept = suggestions(at);
    const first = kept.filter(({ stage }) => stage === "flag");
    const second = kept.filter(({ stage }) => stage === "confirm");
    expect(first).toHaveLength(12);
    expect(second.length).toBeGreaterThan(0);
    expect(new Set(first.map(({ model }) => model))).toEqual(new Set(["small-1"]));
    expect(new Set(second.map(({ model }) => model))).toEqual(new Set(["large-1"]));
    expect(second.every(({ verdicts = [] }) => verdicts.length > 0)).toBe(true);
    expect(flaggedIn(second)).toBe(flaggedIn(first));
    expect(kept.every(({ author, cost = 0 }) => author === "Ada" && cost > 0)).toBe(true);
    expect(server.requests).toHaveLength(12 + second.length);
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
    const everything = [run.out, run.err, suggestionText(at), readFileSync(path.join(at.cache, "answers/answers.jsonl"), "utf8")];
    expect(everything.join("\n")).not.toContain(KEY);
  });

  test("a dry run asks about three queries, shows the answers and writes no suggestion; the run itself does not ask again", async () => {
    const server = await chatServer(truth);
    const at = place();
    const dry = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--queries", "5", "--dry-run"], at);
    expect(dry.code).toBe(0);
    expect(dry.out.match(/^Query \d+: /gmu)).toHaveLength(3);
    expect(dry.out).toMatch(/^ {2}(?:not_)?relevant: /mu);
    expect(server.requests).toHaveLength(3);
    expect(suggestionText(at)).toBe("");
    const run = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--queries", "5", "--send", "--json"], at);
    expect(run.code).toBe(0);
    expect(server.requests).toHaveLength(5);
    expect(JSON.parse(run.out)).toMatchObject({
      plan: { queries: 5, calls: 5, cached_calls: 3, cost: null },
      run: { end: "finished", dry_run: false, failed: 0, left: 0, calls: 5, cached_calls: 3 },
    });
    expect(suggestions(at)).toHaveLength(5);
  });

  test("two runs in two clean folders write the same, whatever the order in which the answers come", async () => {
    const server = await chatServer(truth);
    const [one, other] = [place(), place()];
    const argv = ["--endpoint", server.url, ...cascade, ...prices, "--send"];
    expect((await nearmiss([...argv, "--concurrency", "1"], one)).code).toBe(0);
    expect((await nearmiss([...argv, "--concurrency", "8"], other)).code).toBe(0);
    expect(timeless(one)).not.toBe("");
    expect(timeless(other)).toBe(timeless(one));
  });

  test("Ctrl+C stops it at once, what was answered is kept, and going on asks nothing twice", async () => {
    const gate = makeGate();
    const server = await chatServer((asked) => (asked.number === 6 ? stall(gate, truth(asked)) : truth(asked)));
    const [at, undisturbed] = [place(), place()];
    const argv = ["--endpoint", server.url, "--model", "small-1", "--queries", "10", "--concurrency", "1", "--send"];
    const stopped = await nearmiss(argv, { ...at, interruptAt: server.arrived(6) });
    expect([stopped.code, suggestions(at).length]).toEqual([130, 5]);
    expect(stopped.err).toContain("Stopping; what was answered is kept.");
    expect(stopped.out).toMatch(/^Stopped on request after 5 of 10 queries; the next run goes on there\./u);
    gate.open();
    const rest = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--queries", "5", "--send"], at);
    expect([rest.code, suggestions(at).length]).toEqual([0, 10]);
    // The question that was never answered is the only one that came twice.
    expect(server.requests).toHaveLength(11);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(10);
    expect((await nearmiss(argv, undisturbed)).code).toBe(0);
    expect(timeless(at)).toBe(timeless(undisturbed));
  });
});

test("a run that answers writes what each passage contributed", async () => {
  const facts = { answer: "Hold the button for twenty seconds.", evidence: [["button"], ["hub"], ["Hub"], ["the"]] };
  const server = await chatServer((asked) => answer(answeredFrom(textsOf(asked), facts)));
  const at = place();
  const run = await nearmiss(["--endpoint", server.url, "--model", "small-1", "--task", "answer", "--queries", "3", "--send"], at);
  expect([run.code, run.err]).toEqual([0, expect.any(String)]);
  const kept = suggestions(at);
  expect(kept.map(({ kind }) => kind)).toEqual(["attribution", "attribution", "attribution"]);
  expect(kept.every(({ passages = [] }) => passages.length >= 3 && passages.every(({ weight }) => weight >= 0))).toBe(true);
});

describe("batches", () => {
  /** What a batch service makes of a file of questions. */
  async function served(server: ChatServer, file: string): Promise<string> {
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const answers = await Promise.all(
      lines.map(async (line) => {
        const { custom_id, url, body } = JSON.parse(line) as { readonly custom_id: string; readonly url: string; readonly body: unknown };
        const response = await fetch(new URL(url, server.url), { method: "POST", body: JSON.stringify(body) });
        return JSON.stringify({ id: "b", custom_id, response: { status_code: response.status, body: await response.json() }, error: null });
      }),
    );
    // Services answer in any order.
    return `${answers.reverse().join("\n")}\n`;
  }

  test("written, answered and read back, they give the bytes that sending gives, the confirming model's too", async () => {
    const server = await chatServer(truth);
    const [sent, batched] = [place(), place()];
    const models = ["--model", "small-1", "--confirm-with", "large-1", "--input-price", "1", "--output-price", "2"];
    const eight = [...models, "--queries", "8"];
    expect((await nearmiss([...eight, "--endpoint", server.url, "--send"], sent)).code).toBe(0);
    const flagged = suggestions(sent).filter(({ stage }) => stage === "confirm").length;
    const written = await nearmiss([...eight, "--write-batch", "first.jsonl"], batched);
    expect([written.code, written.err]).toEqual([0, expect.stringContaining("8 questions are in first.jsonl.")]);
    expect(written.err).toContain("Up to 8 questions depend on these answers: write another batch afterwards.");
    expect(suggestionText(batched)).toBe("");
    writeFileSync(path.join(batched.folder, "first-out.jsonl"), await served(server, path.join(batched.folder, "first.jsonl")));
    const first = await nearmiss([...eight, "--read-batch", "first-out.jsonl"], batched);
    expect([first.code, first.err]).toEqual([1, expect.stringContaining("8 answers taken in from first-out.jsonl.")]);
    expect(first.err).toContain(`--queries ${String(flagged)} --write-batch FILE`);
    // What was flagged waits for the second look; the others are done with.
    expect(suggestions(batched)).toHaveLength(8 - flagged);
    const rest = [...models, "--queries", String(flagged)];
    const again = await nearmiss([...rest, "--write-batch", "second.jsonl"], batched);
    expect([again.code, again.err]).toEqual([0, expect.stringContaining(`${String(flagged)} questions are in second.jsonl.`)]);
    writeFileSync(path.join(batched.folder, "second-out.jsonl"), await served(server, path.join(batched.folder, "second.jsonl")));
    const second = await nearmiss([...rest, "--read-batch", "second-out.jsonl"], batched);
    expect([second.code, second.out]).toEqual([0, expect.any(String)]);
    const lines = (at: Place): readonly string[] => timeless(at).trimEnd().split("\n").sort();
    expect(lines(batched)).toEqual(lines(sent));
  });

  test("without a confirming model, one batch gives the very file that sending gives", async () => {
    const server = await chatServer(truth);
    const [sent, batched] = [place(), place()];
    const asked = ["--model", "small-1", "--queries", "6"];
    expect((await nearmiss([...asked, "--endpoint", server.url, "--send"], sent)).code).toBe(0);
    const written = await nearmiss([...asked, "--write-batch", "batch.jsonl", "--json"], batched);
    expect([written.code, JSON.parse(written.out)]).toEqual([0, { batch: { questions: 6, later: 0 } }]);
    writeFileSync(path.join(batched.folder, "out.jsonl"), await served(server, path.join(batched.folder, "batch.jsonl")));
    expect((await nearmiss([...asked, "--read-batch", "out.jsonl"], batched)).code).toBe(0);
    expect(timeless(batched)).toBe(timeless(sent));
  });

  test("what passages contribute takes two batches at most, and comes out as by sending", async () => {
    const facts = { answer: "Hold the button for twenty seconds.", evidence: [["button"], ["hub"], ["Hub"], ["the"]] };
    const server = await chatServer((asked) => answer(answeredFrom(textsOf(asked), facts)));
    const [sent, batched] = [place(), place()];
    const asked = ["--model", "small-1", "--task", "answer", "--queries", "2"];
    expect((await nearmiss([...asked, "--endpoint", server.url, "--send"], sent)).code).toBe(0);
    const rounds: number[] = [];
    for (let code: number | null = 1; code === 1 && rounds.length < 5;) {
      const [questions, answers] = [`questions-${String(rounds.length)}.jsonl`, `answers-${String(rounds.length)}.jsonl`];
      const written = await nearmiss([...asked, "--write-batch", questions, "--json"], batched);
      expect([written.code, written.err]).toEqual([0, expect.any(String)]);
      rounds.push((JSON.parse(written.out) as { readonly batch: { readonly questions: number } }).batch.questions);
      writeFileSync(path.join(batched.folder, answers), await served(server, path.join(batched.folder, questions)));
      ({ code } = await nearmiss([...asked, "--read-batch", answers], batched));
    }
    // What does not depend on an answer is asked at once: with all passages, with none, and with each left out; then the subsets.
    expect(rounds.length).toBeLessThanOrEqual(2);
    expect(rounds[0]).toBeGreaterThan(2);
    expect(timeless(batched)).toBe(timeless(sent));
  });

  test("a file that is there is not overwritten, and lines that are no answers are told", async () => {
    const at = place();
    writeFileSync(path.join(at.folder, "mine.jsonl"), "important\n");
    const refused = await nearmiss(["--model", "small-1", "--queries", "2", "--write-batch", "mine.jsonl"], at);
    expect(refused.code).toBe(2);
    expect(readFileSync(path.join(at.folder, "mine.jsonl"), "utf8")).toBe("important\n");
    const strange = [
      "no JSON",
      JSON.stringify({ custom_id: "f".repeat(64), response: { status_code: 429, body: { error: { message: "slow down" } } }, error: null }),
      JSON.stringify({
        custom_id: "yours",
        response: { status_code: 200, body: { choices: [{ message: { content: "x" } }] } },
        error: null,
      }),
    ];
    writeFileSync(path.join(at.folder, "answers.jsonl"), strange.join("\n"));
    const read = await nearmiss(["--model", "small-1", "--queries", "2", "--read-batch", "answers.jsonl"], at);
    expect(read.code).toBe(1);
    expect(read.err.split("\n").filter((line) => line.startsWith("answers.jsonl:") || line.includes("taken in"))).toMatchInlineSnapshot(`
      [
        "answers.jsonl: Line 1: The line is no JSON object. Give the file that the service wrote, and ask again for what failed with another batch.",
        "answers.jsonl: Line 2: The service answered with status 429: slow down Give the file that the service wrote, and ask again for what failed with another batch.",
        "answers.jsonl: Line 3: "yours" is the name of no question that Nearmiss wrote.",
        "0 answers taken in from answers.jsonl.",
      ]
    `);
    expect(suggestionText(at)).toBe("");
  });
});

describe("faults", () => {
  const argv = (server: ChatServer): readonly string[] => [
    "--endpoint",
    server.url,
    "--model",
    "small-1",
    "--queries",
    "3",
    "--concurrency",
    "1",
    "--send",
  ];

  test("a busy server is asked again", async () => {
    const server = await chatServer((asked) => (asked.number === 1 ? rateLimited("0") : truth(asked)));
    const at = place();
    expect((await nearmiss(argv(server), at)).code).toBe(0);
    expect([server.requests.length, suggestions(at).length]).toEqual([4, 3]);
  });

  test("a server that stays broken ends the run after six tries; what was answered is kept", async () => {
    const broken = fault(500, "Out of memory", { "retry-after": "0" });
    const server = await chatServer((asked) => (asked.number === 1 ? truth(asked) : broken));
    const at = place();
    const run = await nearmiss(argv(server), at);
    expect([run.code, server.requests.length, suggestions(at).length]).toEqual([2, 7, 1]);
    expect(steady(run.out, server)).toMatchInlineSnapshot(`
      "The run ended after 1 of 3 queries, which are kept. The model "small-1" at http://HOST/v1 answered 500, tried 6 times: Out of memory. Look at the server's log, or go on later. 5 pairs of 1 query were judged, and 2 of them flagged: called relevant, relevant in part or a duplicate of a positive. 2 questions; N tokens in and N out.
      "
    `);
  });

  test.each<[string, ScriptedReply, RegExp]>([
    ["a wrong key", unauthorized(), /answered 401: Incorrect API key provided\. Check the key\./u],
    ["an unknown model", unknownModel(), /answered 404: The model does not exist/u],
  ])("%s ends the run with its first question", async (_, trouble, told) => {
    const server = await chatServer(() => trouble);
    const at = { ...place(), key: KEY };
    const run = await nearmiss(argv(server), at);
    expect([run.code, server.requests.length]).toEqual([2, 1]);
    expect(run.out).toMatch(told);
    expect(run.out + run.err).not.toContain(KEY);
    expect(suggestionText(at)).toBe("");
  });

  test("nonsense gives no verdict, and no more than that", async () => {
    const server = await chatServer(nonsense);
    const at = place();
    const run = await nearmiss(argv(server), at);
    expect([run.code, suggestionText(at)]).toEqual([1, ""]);
    expect(run.out).toContain("3 queries got no verdict.");
    const better = await chatServer(truth);
    expect((await nearmiss(argv(better), at)).code).toBe(0);
    expect(suggestions(at)).toHaveLength(3);
  });

  test("half of the answers are no use: the others are kept", async () => {
    const server = await chatServer((asked) => (asked.number <= 2 ? inTurn(answer("I would say yes."))(asked) : truth(asked)));
    const at = place();
    const run = await nearmiss(argv(server), at);
    expect([run.code, suggestions(at).length]).toEqual([1, 2]);
  });
});

test.each([
  [["--model", "m"], "label needs --endpoint."],
  [["--endpoint", "http://h/v1"], "label needs --model."],
  [["--endpoint", "ftp://h/v1", "--model", "m"], "The endpoint ftp://h is reached by neither http nor https."],
  [["--endpoint", "http://h/v1", "--model", "m", "--task", "guess"], "--task guess is neither judge nor answer."],
  [["--endpoint", "http://h/v1", "--model", "m", "--send", "--dry-run"], "--send and --dry-run do not go together."],
  [["--endpoint", "http://h/v1", "--model", "m", "--queries", "0"], "--queries 0 is not a whole number from 1 to 1000000."],
  [["--endpoint", "http://h/v1", "--model", "m", "--input-price", "1"], "--input-price and --output-price go together."],
  [["--endpoint", "http://h/v1", "--model", "m", "--input-price", "-1", "--output-price", "1"], "--input-price"],
  [
    ["--endpoint", "http://h/v1", "--model", "m", "--task", "answer", "--confirm-with", "n"],
    "--confirm-with goes with --task judge alone.",
  ],
  [["--endpoint", "http://h/v1", "--model", "m", "--key", KEY], "Unknown option '--key'."],
])("%j is bad use", async (argv, told) => {
  const refused = await nearmiss(argv, place());
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(told);
  expect(refused.err).not.toContain(KEY);
});
