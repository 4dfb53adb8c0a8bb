/** The sampler view's requests, answered by the built server over the bundled sample. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendMark, undoMark } from "#protocol/marks";
import { openReview, reviewDidChange, showQuery } from "#protocol/review";
import { previewSampler, proposedConfig, samplerDidAdvance, samplerState } from "#protocol/sampler";
import type { SamplerPreview, SettingEdit } from "#protocol/sampler";
import { resumeWork, statusDidChange, stopWork } from "#protocol/status";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const training = readFileSync(path.join(sample, "train.jsonl"), "utf8");
const mixText = `{
  // One part near the positive, one by words.
  "sampler": {
    "relative_margin": 0.1,
    "mix": [{ "source": "simans", "n": 3, "simans": { "b": -1 } }, { "source": "bm25", "n": 2, "relative_margin": null }]
  }
}
`;
const cacheFolder = path.join(repoRoot, ".cache/test/sampler-vectors");
let server: LspHarness;
/** The sample as it is, without a config file. */
let plain: string;
/** The same data with a mix of sources. */
let mixed: string;

beforeAll(async () => {
  server = await LspHarness.start({ files: sample, cacheFolder });
  const folder = path.join(server.workspace, "mixed");
  cpSync(sample, folder, { recursive: true });
  mkdirSync(path.join(folder, ".nearmiss"));
  writeFileSync(path.join(folder, ".nearmiss/config.json"), mixText);
  plain = server.uri("train.jsonl");
  mixed = server.uri("mixed/train.jsonl");
});

afterAll(() => server.end());

/** The preview; a search over the whole file is waited for. */
async function previewed(dataset: string, edits: readonly SettingEdit[] = []): Promise<SamplerPreview> {
  const whole = server.next(samplerDidAdvance, (told) => told.dataset === dataset && told.done === told.total);
  const answer = await server.value(previewSampler, { dataset, edits });
  if (answer.kind === "preview") return answer.preview;
  expect(answer.done).toBeLessThan(answer.total);
  await whole;
  return await previewed(dataset, edits);
}

/** Why there is no preview, as the panel shows it. */
async function refusal(dataset: string, edits: readonly SettingEdit[] = [], asked = server): Promise<string> {
  const answer = await asked.send(previewSampler, { dataset, edits });
  return answer.ok
    ? `no refusal: ${answer.value.kind}`
    : `${answer.failure.reason}: ${answer.failure.message} ${answer.failure.nextStep ?? ""}`;
}

function accountedFor({ kept, dropped }: SamplerPreview): number {
  return dropped.reduce((sum, { count }) => sum + count, kept);
}

/** All files of the workspace with their contents. */
function workspaceFiles(): Readonly<Record<string, string>> {
  const names = readdirSync(server.workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(server.workspace, path.join(parentPath, name)));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(server.workspace, name), "utf8")]));
}

test("until there are vectors the panel is told why there are no counts, also where somebody stopped them, and when to ask again", async () => {
  const cold = await LspHarness.start();
  try {
    writeFileSync(path.join(cold.workspace, "few.jsonl"), `${training.split("\n").slice(0, 12).join("\n")}\n`);
    const dataset = cold.uri("few.jsonl");
    const ready = cold.ready();
    expect((await refusal(dataset, [], cold)).replace(/: \d+ of \d+ texts are done/u, "")).toMatchInlineSnapshot(
      `"not-ready: What the sampler does is counted with embeddings, which are being made. This view fills when all are there."`,
    );
    await cold.value(stopWork, { dataset });
    expect(await refusal(dataset, [], cold)).toMatchInlineSnapshot(
      `"not-ready: What the sampler does is counted with embeddings, and making them was stopped. Resume embedding; what is made already is kept."`,
    );
    const revised = cold.next(reviewDidChange, (told) => told.dataset === dataset);
    await cold.value(resumeWork, { dataset });
    await ready;
    await revised;
    expect(await cold.value(previewSampler, { dataset, edits: [] })).toMatchObject({ kind: "preview", preview: { queries: 12 } });
  } finally {
    await cold.end();
  }
});

test("a whole file is searched once, in the background, and told of; nothing is written", async () => {
  const files = workspaceFiles();
  const ready = server.ready();
  await server.value(openReview, { dataset: plain });
  await ready;
  const first = await server.value(previewSampler, { dataset: plain, edits: [] });
  expect(first).toMatchObject({ kind: "mining", total: 85 });
  const preview = await previewed(plain);
  expect(preview).toMatchObject({ queries: 85, sampled: 85, short: 0 });
  expect(preview.kept).toBe(85 * 5);
  expect(accountedFor(preview)).toBe(preview.candidates);
  expect(await server.value(previewSampler, { dataset: plain, edits: [] })).toMatchObject({ kind: "preview" });
  expect(workspaceFiles()).toEqual(files);
});

test("the plain sampler is one source, its controls carry the values and words of the configuration", async () => {
  const state = await server.value(samplerState, { dataset: plain });
  expect({ ...state, revision: 0, controls: state.controls.length }).toMatchInlineSnapshot(`
    {
      "controls": 23,
      "isMix": false,
      "revision": 0,
      "sourceControls": [],
      "sources": [
        {
          "n": 5,
          "position": 0,
          "source": "top",
        },
      ],
    }
  `);
  const shown = (name: string) => state.controls.find(({ path: keys }) => keys.join(".") === name);
  expect([shown("sampler.num_negatives"), shown("sampler.margin_anchor")]).toMatchInlineSnapshot(`
    [
      {
        "description": "Negatives wanted for each query where there is no mix. Too few survivors are reported, never filled up.",
        "nullable": false,
        "path": [
          "sampler",
          "num_negatives",
        ],
        "value": 5,
        "whole": true,
      },
      {
        "description": "Which of the query's positives both margins are taken against, by score: the lowest (the strictest), the highest, or their mean.",
        "nullable": false,
        "options": [
          "lowest",
          "highest",
          "mean",
        ],
        "path": [
          "sampler",
          "margin_anchor",
        ],
        "value": "lowest",
      },
    ]
  `);
});

test("a source of a mix shows its own values, and the sampler's where it has none", async () => {
  const state = await server.value(samplerState, { dataset: mixed });
  expect([state.isMix, state.sources]).toEqual([
    true,
    [
      { position: 0, source: "simans", n: 3 },
      { position: 1, source: "bm25", n: 2 },
    ],
  ]);
  const rows = state.sourceControls.map((controls) =>
    controls
      .filter(({ path: keys }) => ["n", "b", "a", "relative_margin"].includes(String(keys.at(-1))))
      .map(({ path: keys, value, inherited }) => `${keys.join(".")} = ${String(value)}${inherited ? ", inherited" : ""}`),
  );
  expect(rows).toMatchInlineSnapshot(`
    [
      [
        "sampler.mix.0.n = 3",
        "sampler.mix.0.simans.a = 1, inherited",
        "sampler.mix.0.simans.b = -1",
        "sampler.mix.0.relative_margin = 0.1, inherited",
      ],
      [
        "sampler.mix.1.n = 2",
        "sampler.mix.1.simans.a = 1, inherited",
        "sampler.mix.1.simans.b = 0, inherited",
        "sampler.mix.1.relative_margin = null",
      ],
    ]
  `);
});

test("a moved threshold keeps every candidate accounted for, and less of them pass a stricter one", async () => {
  const margin = (value: number | null): readonly SettingEdit[] => [{ path: ["sampler", "relative_margin"], value }];
  const many: SettingEdit = { path: ["sampler", "num_negatives"], value: 40 };
  const before = await previewed(plain, [many]);
  const dropped = (preview: SamplerPreview, rule: string): number => preview.dropped.find((one) => one.rule === rule)?.count ?? 0;
  const strict = await previewed(plain, [many, ...margin(0.5)]);
  const none = await previewed(plain, [many, ...margin(null)]);
  for (const preview of [before, strict, none]) {
    expect(accountedFor(preview)).toBe(preview.candidates);
    expect(preview.kept + preview.short).toBe(85 * 40);
    expect(preview.shortfalls.reduce((sum, { missing }) => sum + missing, 0)).toBe(preview.short);
  }
  expect([none.kept >= before.kept, before.kept >= strict.kept]).toEqual([true, true]);
  expect([
    dropped(none, "relative_margin"),
    strict.kept < none.kept,
    dropped(strict, "relative_margin") > dropped(before, "relative_margin"),
  ]).toEqual([0, true, true]);
  expect(strict.shortfalls[0]?.text).toMatch(
    /^\d+ queries miss \d+ negatives: much of what is found lies within relative_margin; lower it/u,
  );
  // Without edits it is again what the configuration says.
  expect({ ...(await previewed(plain)), seconds: 0 }).toEqual({ ...(await previewed(plain)), seconds: 0 });
});

test("in a mix each source is counted, and an edit of one entry acts on that one", async () => {
  await server.value(openReview, { dataset: mixed });
  await server.once(
    () => refusal(mixed),
    (reason) => !reason.startsWith("not-ready"),
  );
  const before = await previewed(mixed);
  expect(before.sources.map(({ source, wanted, kept, short }) => ({ source, wanted, complete: kept + short === wanted * 85 }))).toEqual([
    { source: "simans", wanted: 3, complete: true },
    { source: "bm25", wanted: 2, complete: true },
  ]);
  const edited = await previewed(mixed, [{ path: ["sampler", "mix", 1, "n"], value: 4 }]);
  expect(edited.sources.map(({ wanted }) => wanted)).toEqual([3, 4]);
  expect(edited.sources[0]?.kept).toBe(before.sources[0]?.kept);
  expect(accountedFor(edited)).toBe(edited.candidates);
});

test("a value that is not allowed is refused with its name; a path outside the sampler too; nothing changes", async () => {
  const files = workspaceFiles();
  const before = await server.value(samplerState, { dataset: plain });
  expect([
    await refusal(plain, [{ path: ["sampler", "relative_margin"], value: "much" }]),
    await refusal(plain, [{ path: ["sampler", "num_negatives"], value: 0 }]),
    await refusal(plain, [{ path: ["sampler", "no_such_thing"], value: 1 }]),
    await refusal(plain, [{ path: ["model", "id"], value: "somebody/model" }]),
    await refusal(mixed, [{ path: ["sampler", "mix", 7, "n"], value: 1 }]),
  ]).toMatchInlineSnapshot(`
    [
      "bad-config: sampler.relative_margin is "much", but must be a number. Choose another value; nothing has changed.",
      "bad-config: sampler.num_negatives is 0, but must be at least 1. Choose another value; nothing has changed.",
      "bad-config: "sampler.no_such_thing" is not a setting. sampler has compat, sampling_strategy, num_negatives, mix, draw, range_min, range_max, range_after_filters, max_score, min_score, margin_anchor, absolute_margin, relative_margin, max_positive_similarity, max_fn_probability, near_duplicate_similarity, near_duplicate_overlap, near_query_similarity, near_query_overlap, diversity_similarity, diversity_overlap, where, simans, bm25, hybrid, same_article, same_topic, rescore, seed. Choose another value; nothing has changed.",
      "unsupported: model.id is not a setting that the panel changes. ",
      "bad-config: sampler.mix[2] lacks "source". Choose another value; nothing has changed.",
    ]
  `);
  expect(await server.value(samplerState, { dataset: plain })).toEqual(before);
  expect(workspaceFiles()).toEqual(files);
});

test("edits become a diff of the config file that keeps its comments, and writes nothing", async () => {
  const files = workspaceFiles();
  const edits: readonly SettingEdit[] = [
    { path: ["sampler", "mix", 1, "n"], value: 4 },
    { path: ["sampler", "mix", 0, "simans", "a"], value: 2 },
  ];
  const { uri, before, after } = await server.value(proposedConfig, { dataset: mixed, edits });
  expect([uri, before]).toEqual([server.uri("mixed/.nearmiss/config.json"), mixText]);
  expect(after).toMatchInlineSnapshot(`
    "{
      // One part near the positive, one by words.
      "sampler": {
        "relative_margin": 0.1,
        "mix": [{ "source": "simans", "n": 3, "simans": { "b": -1, "a": 2 } }, { "source": "bm25", "n": 4, "relative_margin": null }]
      }
    }
    "
  `);
  const fresh = await server.value(proposedConfig, { dataset: plain, edits: [{ path: ["sampler", "max_score"], value: 0.75 }] });
  expect([fresh.uri, fresh.before, (JSON.parse(fresh.after) as { sampler: object }).sampler]).toMatchObject([
    server.uri(".nearmiss/config.json"),
    "",
    { max_score: 0.75 },
  ]);
  expect(workspaceFiles()).toEqual(files);
});

test("a mark is a dot among the candidates, with its place on both axes", async () => {
  const view = await server.value(showQuery, { dataset: plain, index: 8 });
  const [hardest] = view.candidates;
  if (hardest === undefined) throw new Error("no candidate");
  const before = await previewed(plain);
  await server.value(appendMark, {
    dataset: plain,
    query: view.key,
    document: hardest.key,
    verdict: "true_negative",
    blind: false,
    suggestionShown: false,
  });
  const { marks, ...after } = await previewed(plain);
  expect([before.marks, marks]).toEqual([
    [],
    [{ verdict: "true_negative", query: 8, difference: expect.any(Number) as number, positiveSimilarity: expect.any(Number) as number }],
  ]);
  expect(accountedFor({ ...after, marks })).toBe(after.candidates);
  await server.value(undoMark, { dataset: plain, index: 8 });
  expect((await previewed(plain)).marks).toEqual([]);
});

test("after an edit of the file the preview is of the new text", async () => {
  await server.open("train.jsonl", training);
  const before = await previewed(plain);
  const ready = server.next(statusDidChange, ({ phase, queries }) => phase === "ready" && queries === 86);
  const end = training.split("\n").length - 1;
  const line = `${JSON.stringify({ query: "which lamp is the brightest one", pos: ["The brightest lamp gives 1,600 lumens."], neg: [] })}\n`;
  await server.change("train.jsonl", [{ range: { start: { line: end, character: 0 }, end: { line: end, character: 0 } }, text: line }]);
  await ready;
  const after = await previewed(plain);
  expect([after.queries, after.sampled, after.kept + after.short]).toEqual([86, 86, 86 * 5]);
  expect(after.revision).toBeGreaterThan(before.revision);
  expect(accountedFor(after)).toBe(after.candidates);
});

test("in a workspace that is not trusted no other model is loaded, neither an encoder nor a cross-encoder, by file or by slider", async () => {
  const asking = (name: string, config: object): void => {
    mkdirSync(path.join(server.workspace, name, ".nearmiss"), { recursive: true });
    writeFileSync(path.join(server.workspace, name, "train.jsonl"), training);
    writeFileSync(path.join(server.workspace, name, ".nearmiss/config.json"), JSON.stringify(config));
  };
  const rescore = { kind: "cross_encoder", model: "./evil" };
  asking("encoder", { model: { id: "./evil" } });
  asking("crossEncoder", { sampler: { rescore } });
  asking("maxsim", { sampler: { rescore: { kind: "maxsim" } } });
  const untrusted = await LspHarness.start({ workspace: server.workspace, cacheFolder, trusted: false });
  try {
    const answers = await Promise.all(
      ["encoder", "crossEncoder", "maxsim"].map(async (name) => {
        const opened = await untrusted.send(openReview, { dataset: untrusted.uri(`${name}/train.jsonl`) });
        return opened.ok ? "opened" : `${opened.failure.reason}: ${opened.failure.message} ${opened.failure.nextStep ?? ""}`;
      }),
    );
    const moved = await untrusted.send(previewSampler, {
      dataset: untrusted.uri("maxsim/train.jsonl"),
      edits: Object.entries(rescore).map(([name, value]) => ({ path: ["sampler", "rescore", name], value })),
    });
    expect([...answers, moved.ok ? "moved" : moved.failure.reason]).toMatchInlineSnapshot(`
      [
        "unsupported: The config file asks for the model "./evil", which is not loaded in a workspace that is not trusted. Trust the workspace, or use the embedded model.",
        "unsupported: The config file asks for the cross-encoder "./evil", which is not loaded in a workspace that is not trusted. Trust the workspace, or set sampler.rescore.kind to "maxsim" or "none".",
        "opened",
        "unsupported",
      ]
    `);
  } finally {
    await untrusted.end();
  }
});
